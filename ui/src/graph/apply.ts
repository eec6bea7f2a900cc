// Applying an edit, as in peephole/workflow/applying.py: a new document that shares all that was not touched, and the
// edit that undoes it. A property test holds the two against each other.

import type * as ops from "../api/generated";
import { collapse, expand } from "./component";
import {
  type Block,
  blockOf,
  type Document,
  frameOf,
  has,
  noteOf,
  type Place,
  repeatOf,
  taken,
  wireOf,
  wireText,
} from "./document";
import { EditError, listing } from "./errors";
import type { Op, Plain } from "./ops";
import {
  type Applied,
  add,
  checkDepth,
  connect,
  disconnect,
  insert,
  merged,
  nodeOf,
  remove,
  touching,
  withNode,
} from "./structure";

/** The document after an edit, and the edit that leads back exactly; throws EditError where it does not fit. */
export function apply(document: Document, op: Op): [Document, Op] {
  if (op.op !== "batch") {
    const [changed, back] = applyOne(document, op);
    const [only] = back;
    return [changed, only && back.length === 1 ? only : { op: "batch", ops: back }];
  }
  let changed = document;
  const undo: Plain[] = [];
  for (const one of op.ops) {
    const [next, back] = applyOne(changed, one);
    changed = next;
    undo.unshift(...back);
  }
  return [changed, { op: "batch", ops: undo }];
}

/** The workflow inside the component of that path. */
export function level(document: Document, within: string): Document {
  let inner = document;
  for (const step of within ? within.split("/") : []) {
    const block = Object.hasOwn(inner.nodes, step) ? inner.nodes[step] : undefined;
    if (!block?.inside) throw new EditError(`There is no component "${within}".`);
    inner = block.inside;
  }
  return inner;
}

function applyOne(document: Document, op: Plain): Applied {
  const within = op.within ?? "";
  if (!within) return applyHere(document, op);
  const path = within.split("/");
  const levels = path.map((_, depth) => level(document, path.slice(0, depth).join("/")));
  let [changed, undo] = applyHere(level(document, within), op);
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const outer = levels[depth] as Document;
    const step = path[depth] as string;
    changed = withNode(outer, step, { ...nodeOf(outer, step), inside: changed });
  }
  return [changed, undo];
}

function applyHere(document: Document, op: Plain): Applied {
  switch (op.op) {
    case "add":
      return add(document, op);
    case "insert":
      return insert(document, op);
    case "remove":
      return remove(document, op);
    case "connect":
      return connect(document, op);
    case "disconnect":
      return disconnect(document, op);
    case "collapse":
      return inSteps(document, collapse(document, op));
    case "expand":
      return inSteps(document, expand(document, op));
    case "set":
      return set(document, op);
    case "unset":
      return unset(document, op);
    case "replace":
      return replace(document, op);
    case "move":
      return move(document, op);
    case "rename":
    case "annotate":
    case "pin":
      return mark(document, op);
    case "repeat":
      return setRepeat(document, op);
    case "change-id":
      return changeId(document, op);
    case "add-note":
      return insert(document, insertion(op, { notes: { [op.id]: op.note } }));
    case "add-frame":
      return insert(document, insertion(op, { frames: { [op.id]: op.frame } }));
    case "edit-note":
      return editNote(document, op);
    case "edit-frame":
      return editFrame(document, op);
    case "entitle":
      return entitle(document, op);
  }
}

/** An edit spelled out as others, which happen on this level. */
function inSteps(document: Document, steps: Plain[]): Applied {
  let changed = document;
  let undo: Plain[] = [];
  for (const step of steps) {
    const [next, back] = applyHere(changed, step);
    changed = next;
    undo = [...back, ...undo];
  }
  return [changed, undo];
}

const insertion = (op: ops.AddNoteOp | ops.AddFrameOp, what: Partial<ops.InsertOp>): ops.InsertOp => ({
  op: "insert",
  within: op.within,
  layout: op.at ? { [op.id]: op.at } : {},
  ...what,
});

function set(document: Document, op: ops.SetOp): Applied {
  const { within, node, setting, value } = op;
  const block = changeable(document, node);
  const known = Object.hasOwn(block.settings, setting);
  const undo: Plain = known
    ? { op: "set", within, node, setting, value: block.settings[setting] as typeof value }
    : { op: "unset", within, node, setting };
  const at = known || op.index === null || op.index === undefined ? null : [op.index];
  const settings = known ? { ...block.settings, [setting]: value } : merged(block.settings, { [setting]: value }, at);
  return [withNode(document, node, { ...block, settings }), [undo]];
}

function unset(document: Document, op: ops.UnsetOp): Applied {
  const { within, node, setting } = op;
  const block = changeable(document, node);
  const value = Object.hasOwn(block.settings, setting) ? block.settings[setting] : undefined;
  if (value === undefined) return [document, []];
  const index = Object.keys(block.settings).indexOf(setting);
  const { [setting]: _, ...settings } = block.settings;
  return [withNode(document, node, { ...block, settings }), [{ op: "set", within, node, setting, value, index }]];
}

function replace(document: Document, op: ops.ReplaceOp): Applied {
  const { within, id } = op;
  const block = blockOf(op.node);
  checkDepth([block], within ?? "");
  return [withNode(document, id, block), [{ op: "replace", within, id, node: nodeOf(document, id) }]];
}

function move(document: Document, op: ops.MoveOp): Applied {
  const old: Record<string, Place | null> = {};
  const layout: Record<string, Place> = { ...document.layout };
  for (const [id, place] of Object.entries(op.layout)) {
    if (!has(document, id)) throw new EditError(`There is no "${id}" to move.`);
    old[id] = layout[id] ?? null;
    delete layout[id];
    if (place) layout[id] = place;
  }
  return [{ ...document, layout }, [{ op: "move", within: op.within, layout: old }]];
}

function mark(document: Document, op: ops.RenameOp | ops.AnnotateOp | ops.PinOp): Applied {
  const { within, node } = op;
  const block = changeable(document, node);
  switch (op.op) {
    case "rename":
      return [
        withNode(document, node, { ...block, title: op.title }),
        [{ op: "rename", within, node, title: block.title }],
      ];
    case "annotate":
      return [
        withNode(document, node, { ...block, note: op.note }),
        [{ op: "annotate", within, node, note: block.note }],
      ];
    case "pin":
      return [
        withNode(document, node, { ...block, pinned: op.pinned }),
        [{ op: "pin", within, node, pinned: block.pinned }],
      ];
  }
}

function setRepeat(document: Document, op: ops.SetRepeatOp): Applied {
  const { within, node } = op;
  const block = changeable(document, node);
  if (!block.inside) throw new EditError(`"${node}" is no component.`);
  const repeat = op.repeat ? repeatOf(op.repeat) : null;
  return [withNode(document, node, { ...block, repeat }), [{ op: "repeat", within, node, repeat: block.repeat }]];
}

function changeId(document: Document, op: ops.ChangeIdOp): Applied {
  const { within, node, to } = op;
  nodeOf(document, node);
  if (node === to) return [document, []];
  if (taken(document, to) || touching(document, [to]).size > 0) throw new EditError(`The id "${to}" is in use.`);
  const called = (id: string): string => (id === node ? to : id);
  const renamed = <T>(part: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(part).map(([id, one]) => [called(id), one]));
  const wires = document.wires.map((text) => {
    const { source, output, target, input } = wireOf(text);
    return source === node || target === node ? wireText(called(source), output, called(target), input) : text;
  });
  const changed = { ...document, nodes: renamed(document.nodes), wires, layout: renamed(document.layout) };
  return [changed, [{ op: "change-id", within, node: to, to: node }]];
}

function editNote(document: Document, op: ops.EditNoteOp): Applied {
  const { within, id } = op;
  const note = Object.hasOwn(document.notes, id) ? document.notes[id] : undefined;
  if (!note) throw new EditError(`There is no note "${id}".`);
  const notes = { ...document.notes, [id]: noteOf(op.note) };
  return [{ ...document, notes }, [{ op: "edit-note", within, id, note }]];
}

function editFrame(document: Document, op: ops.EditFrameOp): Applied {
  const { within, id } = op;
  const frame = Object.hasOwn(document.frames, id) ? document.frames[id] : undefined;
  if (!frame) throw new EditError(`There is no frame "${id}".`);
  const frames = { ...document.frames, [id]: frameOf(op.frame) };
  return [{ ...document, frames }, [{ op: "edit-frame", within, id, frame }]];
}

function entitle(document: Document, op: ops.EntitleOp): Applied {
  const said: { title?: string; description?: string } = {};
  const before: { title?: string; description?: string } = {};
  for (const name of ["title", "description"] as const) {
    const value = op[name];
    if (value === null || value === undefined) continue;
    said[name] = value;
    before[name] = document[name];
  }
  const unreadable = Object.keys(said).filter((name) => Object.hasOwn(document.$kept, name));
  if (unreadable.length > 0) throw new EditError(`A newer Peephole wrote the ${listing(unreadable.sort())}.`);
  return [{ ...document, ...said }, [{ op: "entitle", within: op.within, ...before }]];
}

function changeable(document: Document, id: string): Block {
  const block = nodeOf(document, id);
  if (block.$kept !== null)
    throw new EditError(`A newer Peephole wrote the node "${id}", and this one cannot read it.`);
  return block;
}
