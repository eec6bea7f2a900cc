// Edits as plain data, as in peephole/workflow/edit.py: exactly what travels to the server.

import type { Block, Frame, Json, Loose, Note, Place } from "./document.ts";

type In<T> = { readonly within?: string } & T;
type Index = number | null;
type Spots = readonly number[] | null;
type Layout = Readonly<Record<string, Place>>;

export type Add = In<{ op: "add"; id: string; node: Loose<Block>; at?: Place | null; index?: Index }>;
export type Insert = In<{
  op: "insert";
  nodes?: Readonly<Record<string, Loose<Block>>>;
  wires?: readonly string[];
  notes?: Readonly<Record<string, Loose<Note>>>;
  frames?: Readonly<Record<string, Loose<Frame>>>;
  layout?: Layout;
  node_at?: Spots;
  wire_at?: Spots;
  note_at?: Spots;
  frame_at?: Spots;
}>;
export type Remove = In<{ op: "remove"; ids: readonly string[] }>;
export type Replace = In<{ op: "replace"; id: string; node: Loose<Block> }>;
export type Connect = In<{ op: "connect"; wire: string; many?: boolean; index?: Index }>;
export type Disconnect = In<{ op: "disconnect"; wire: string; index?: Index }>;
export type SetOp = In<{ op: "set"; node: string; setting: string; value: Json; index?: Index }>;
export type Unset = In<{ op: "unset"; node: string; setting: string }>;
export type Move = In<{ op: "move"; layout: Readonly<Record<string, Place | null>> }>;
export type Rename = In<{ op: "rename"; node: string; title: string }>;
export type ChangeId = In<{ op: "change-id"; node: string; to: string }>;
export type Annotate = In<{ op: "annotate"; node: string; note: string }>;
export type Pin = In<{ op: "pin"; node: string; pinned: boolean }>;
export type AddNote = In<{ op: "add-note"; id: string; note: Loose<Note>; at?: Place | null }>;
export type EditNote = In<{ op: "edit-note"; id: string; note: Loose<Note> }>;
export type AddFrame = In<{ op: "add-frame"; id: string; frame: Loose<Frame>; at?: Place | null }>;
export type EditFrame = In<{ op: "edit-frame"; id: string; frame: Loose<Frame> }>;
export type Entitle = In<{ op: "entitle"; title?: string | null; description?: string | null }>;
export type Collapse = In<{ op: "collapse"; ids: readonly string[]; id: string; title?: string }>;
export type Expand = In<{ op: "expand"; id: string }>;

export type Plain =
  | Add
  | Insert
  | Remove
  | Replace
  | Connect
  | Disconnect
  | SetOp
  | Unset
  | Move
  | Rename
  | ChangeId
  | Annotate
  | Pin
  | AddNote
  | EditNote
  | AddFrame
  | EditFrame
  | Entitle
  | Collapse
  | Expand;

/** Several edits as one: all of them or none. */
export type Batch = { readonly op: "batch"; readonly within?: string; readonly ops: readonly Plain[] };
export type Op = Plain | Batch;

/** The edit with the level it happens in written in, where it does not say one itself. */
export function placed(op: Op, within: string): Op {
  if (op.op === "batch") return { ...op, ops: op.ops.map((one) => ({ ...one, within: one.within ?? within })) };
  return { ...op, within: op.within ?? within };
}
