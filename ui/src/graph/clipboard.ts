// Copy and paste, as in peephole/workflow/clipboard.py: a piece of a workflow is itself a workflow, as JSON text.

import type { InsertOp } from "../api/generated";
import { level } from "./apply";
import { shifted } from "./component";
import { type Document, type DocumentInput, documentOf, freshId, taken, wireOf, wireText } from "./document";

export function copied(document: Document, ids: Iterable<string>): Document {
  const chosen = new Set(ids);
  const only = <T>(part: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(part).filter(([id]) => chosen.has(id)));
  const nodes = only(document.nodes);
  const wires = document.wires.filter((text) => {
    const { source, target } = wireOf(text);
    return Object.hasOwn(nodes, source) && Object.hasOwn(nodes, target);
  });
  return documentOf({
    nodes,
    wires,
    notes: only(document.notes),
    frames: only(document.frames),
    layout: only(document.layout),
  });
}

/** What equals its default is left out, as in a file. */
function lean(document: Document): unknown {
  const drop = (_: string, value: unknown): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const empty = (key: string, one: unknown): boolean =>
      (["title", "note", "description", "colour", "text"].includes(key) && one === "") ||
      (key === "pinned" && one === false) ||
      (["inside", "$kept"].includes(key) && one === null);
    return Object.fromEntries(Object.entries(value).filter(([key, one]) => !empty(key, one)));
  };
  const plain = JSON.parse(JSON.stringify(document, drop)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(plain).filter(([, one]) => typeof one !== "object" || one === null || Object.keys(one).length > 0),
  );
}

export const asText = (piece: Document): string => JSON.stringify(lean(piece), null, 2);

/** A piece from the clipboard's text; null where that is something else. */
export function fromText(text: string): Document | null {
  if (!text.includes("peephole-workflow")) return null;
  try {
    const raw: unknown = JSON.parse(text);
    const fits =
      typeof raw === "object" && raw !== null && (raw as { format?: unknown }).format === "peephole-workflow";
    return fits ? documentOf(raw as DocumentInput) : null;
  } catch {
    return null;
  }
}

/** The edit that pastes a piece under free ids. `at`: where its upper left corner comes; where it was if not given. */
export function pasted(document: Document, piece: Document, within = "", at?: [number, number]): InsertOp {
  const inner = level(document, within);
  const names = new Map<string, string>();
  const used = new Set<string>();
  for (const id of [...Object.keys(piece.nodes), ...Object.keys(piece.notes), ...Object.keys(piece.frames)]) {
    const free = freshId(id, (name) => taken(inner, name) || used.has(name));
    names.set(id, free);
    used.add(free);
  }
  const renamed = <T>(part: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(part).flatMap(([id, one]) => (names.has(id) ? [[names.get(id), one]] : [])));
  const places = Object.values(piece.layout);
  const corner = (axis: 0 | 1): number => (places.length > 0 ? Math.min(...places.map((p) => p[axis])) : 0);
  const [x, y] = at ? [Math.round(at[0]) - corner(0), Math.round(at[1]) - corner(1)] : [0, 0];
  const wires = piece.wires.flatMap((text) => {
    const wire = wireOf(text);
    const [source, target] = [names.get(wire.source), names.get(wire.target)];
    return source && target ? [wireText(source, wire.output, target, wire.input)] : [];
  });
  return {
    op: "insert",
    within,
    nodes: renamed(piece.nodes),
    wires,
    notes: renamed(piece.notes),
    frames: renamed(piece.frames),
    layout: Object.fromEntries(Object.entries(renamed(piece.layout)).map(([id, p]) => [id, shifted(p, x, y)])),
  };
}
