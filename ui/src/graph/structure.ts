// Edits that change what is there, as in peephole/workflow/structure.py.

import type { AddOp, ConnectOp, DisconnectOp, InsertOp, RemoveOp } from "../api/generated";
import {
  type Block,
  blockOf,
  type Document,
  frameOf,
  has,
  MAX_NESTING,
  nesting,
  noteOf,
  taken,
  wireOf,
} from "./document";
import { EditError, listing } from "./errors";
import type { Plain } from "./ops";

export type Applied = readonly [Document, Plain[]];

const names = (part: object | undefined): string[] => Object.keys(part ?? {});

export function add(document: Document, op: AddOp): Applied {
  const { within, id, node, at, index } = op;
  const layout = at ? { [id]: at } : {};
  const spot = index === null || index === undefined ? null : [index];
  return insert(document, { op: "insert", within, nodes: { [id]: node }, layout, node_at: spot });
}

export function insert(document: Document, op: InsertOp): Applied {
  const ids = [...names(op.nodes), ...names(op.notes), ...names(op.frames)];
  for (const id of ids) {
    if (taken(document, id) || ids.indexOf(id) !== ids.lastIndexOf(id))
      throw new EditError(`The id "${id}" is in use.`);
  }
  const nodes = Object.fromEntries(Object.entries(op.nodes ?? {}).map(([id, block]) => [id, blockOf(block)]));
  checkDepth(Object.values(nodes), op.within ?? "");
  const strange = names(op.layout)
    .filter((id) => !ids.includes(id))
    .sort();
  if (strange.length > 0) throw new EditError(`Places are given for ${listing(strange)}, not inserted here.`);
  const dangling = touching(document, names(op.nodes));
  const notes = Object.fromEntries(Object.entries(op.notes ?? {}).map(([id, note]) => [id, noteOf(note)]));
  const frames = Object.fromEntries(Object.entries(op.frames ?? {}).map(([id, frame]) => [id, frameOf(frame)]));
  const changed: Document = {
    ...document,
    nodes: merged(document.nodes, nodes, op.node_at),
    wires: spliced(document.wires, op.wires ?? [], op.wire_at),
    notes: merged(document.notes, notes, op.note_at),
    frames: merged(document.frames, frames, op.frame_at),
    layout: { ...document.layout, ...op.layout },
  };
  return [changed, takeOut(document, op, ids, dangling)];
}

/** The edits that undo an insertion; wires that led nowhere before lead nowhere again. */
function takeOut(document: Document, op: InsertOp, ids: string[], dangling: Map<number, string>): Plain[] {
  const { within, wires = [], nodes = {} } = op;
  const end = document.wires.length;
  const loose = wires
    .map((wire, i) => ({ wire, index: op.wire_at?.[i] ?? end + i }))
    .filter(({ wire }) => !Object.hasOwn(nodes, wireOf(wire).source) && !Object.hasOwn(nodes, wireOf(wire).target))
    .sort((a, b) => b.index - a.index);
  const undo: Plain[] = loose.map(({ wire, index }) => ({ op: "disconnect", within, wire, index }));
  if (ids.length > 0) undo.push({ op: "remove", within, ids });
  if (dangling.size > 0)
    undo.push({ op: "insert", within, wires: [...dangling.values()], wire_at: [...dangling.keys()] });
  return undo;
}

export function remove(document: Document, op: RemoveOp): Applied {
  for (const id of op.ids) if (!has(document, id)) throw new EditError(`There is no "${id}" to remove.`);
  const gone = new Set(op.ids);
  const nodes = split(document.nodes, gone);
  const notes = split(document.notes, gone);
  const frames = split(document.frames, gone);
  const layout = split(document.layout, gone);
  const wires = touching(document, Object.keys(nodes.out));
  const undo: InsertOp = {
    op: "insert",
    within: op.within,
    nodes: nodes.out,
    notes: notes.out,
    frames: frames.out,
    layout: layout.out,
    wires: [...wires.values()],
    node_at: nodes.spots,
    note_at: notes.spots,
    frame_at: frames.spots,
    wire_at: [...wires.keys()],
  };
  const changed: Document = {
    ...document,
    nodes: nodes.rest,
    notes: notes.rest,
    frames: frames.rest,
    layout: layout.rest,
    wires: document.wires.filter((_, spot) => !wires.has(spot)),
  };
  return [changed, [undo]];
}

export function connect(document: Document, op: ConnectOp): Applied {
  const wire = wireOf(op.wire);
  for (const node of new Set([wire.source, wire.target])) if (node !== "") nodeOf(document, node);
  if ((wire.source === "" || wire.target === "") && !op.within)
    throw new EditError(`The wire "${op.wire}" has an open end.`);
  if (wire.source === wire.target)
    throw new EditError(
      wire.source ? `"${wire.source}" cannot be connected to itself.` : "A wire cannot go from edge to edge.",
    );
  for (const text of document.wires) {
    const other = wireOf(text);
    if (other.target !== wire.target || other.input !== wire.input) continue;
    if (text === op.wire) throw new EditError(`The wire "${op.wire}" is there already.`);
    if (!op.many)
      throw new EditError(`The port ${wire.target}.${wire.input} already takes ${other.source}.${other.output}.`);
  }
  const spot = Math.min(op.index ?? document.wires.length, document.wires.length);
  const wires = [...document.wires];
  wires.splice(spot, 0, op.wire);
  return [{ ...document, wires }, [{ op: "disconnect", within: op.within, wire: op.wire, index: spot }]];
}

export function disconnect(document: Document, op: DisconnectOp): Applied {
  const { wires } = document;
  let spot = op.index ?? -1;
  if (wires[spot] !== op.wire) {
    spot = wires.indexOf(op.wire);
    if (spot < 0) throw new EditError(`There is no wire "${op.wire}".`);
  }
  const undo: InsertOp = { op: "insert", within: op.within, wires: [op.wire], wire_at: [spot] };
  return [{ ...document, wires: wires.filter((_, i) => i !== spot) }, [undo]];
}

export function nodeOf(document: Document, id: string): Block {
  const block = Object.hasOwn(document.nodes, id) ? document.nodes[id] : undefined;
  if (!block) throw new EditError(`There is no node "${id}".`);
  return block;
}

export const withNode = (document: Document, id: string, block: Block): Document => ({
  ...document,
  nodes: { ...document.nodes, [id]: block },
});

export function checkDepth(blocks: Block[], within: string): void {
  const deepest = Math.max(0, ...blocks.map(({ inside }) => (inside ? 1 + nesting(inside) : 0)));
  if (deepest && deepest + (within ? within.split("/").length : 0) > MAX_NESTING)
    throw new EditError(`Components may lie ${MAX_NESTING} deep in each other.`);
}

/** Both, the new entries standing at the given places afterwards. */
export function merged<T>(
  old: Record<string, T>,
  more: Record<string, T>,
  at: number[] | null | undefined,
): Record<string, T> {
  if (Object.keys(more).length === 0) return old;
  if (!at) return { ...old, ...more };
  return Object.fromEntries(spliced(Object.entries(old), Object.entries(more), at));
}

function spliced<T>(old: T[], more: T[], at: number[] | null | undefined): T[] {
  if (more.length === 0) return old;
  if (!at) return [...old, ...more];
  const result = [...old];
  const pairs = more.map((item, i) => ({ item, spot: at[i] ?? result.length }));
  for (const { item, spot } of pairs.sort((a, b) => a.spot - b.spot)) result.splice(spot, 0, item);
  return result;
}

/** The wires that start or end at one of these, by their place. */
export function touching(document: Document, ids: string[]): Map<number, string> {
  const found = new Map<number, string>();
  if (ids.length === 0) return found;
  const wanted = new Set(ids);
  document.wires.forEach((text, spot) => {
    const wire = wireOf(text);
    if (wanted.has(wire.source) || wanted.has(wire.target)) found.set(spot, text);
  });
  return found;
}

interface Parted<T> {
  rest: Record<string, T>;
  out: Record<string, T>;
  spots: number[];
}

function split<T>(part: Record<string, T>, gone: ReadonlySet<string>): Parted<T> {
  const entries = Object.entries(part);
  const spots = entries.flatMap(([id], i) => (gone.has(id) ? [i] : []));
  if (spots.length === 0) return { rest: part, out: {}, spots };
  const out = Object.fromEntries(entries.filter(([id]) => gone.has(id)));
  return { rest: Object.fromEntries(entries.filter(([id]) => !gone.has(id))), out, spots };
}
