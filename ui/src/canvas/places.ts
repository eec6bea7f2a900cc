// Where everything stands: as the document says, and for what has no place yet, as it is arranged.

import { placesForAll } from "../graph/arrange";
import type { Document, Place } from "../graph/document";
import type { Types } from "../graph/faces";
import type { Plain } from "../graph/ops";
import { useCatalog } from "../store/catalog";
import { levelOf, useDocument } from "../store/document";
import { boxSize, FRAME, NOTE } from "./sizes";

let memo: {
  nodes: Document["nodes"];
  layout: Document["layout"];
  types: Types;
  missing: Record<string, Place>;
} | null = null;

/** Places for nodes that have none in the document. */
function missingPlaces(level: Document, types: Types): Record<string, Place> {
  if (memo?.nodes === level.nodes && memo.layout === level.layout && memo.types === types) return memo.missing;
  const missing = placesForAll(level, (id) => {
    const block = level.nodes[id];
    return block ? boxSize(block, types) : NOTE;
  });
  memo = { nodes: level.nodes, layout: level.layout, types, missing };
  return missing;
}

export const placeOf = (level: Document, types: Types, id: string): Place =>
  level.layout[id] ?? missingPlaces(level, types)[id] ?? [0, 0];

/** The edit that writes arranged places down; put before an edit that depends on where things stand. */
export function settled(): Plain[] {
  const level = levelOf(useDocument.getState());
  const missing = missingPlaces(level, useCatalog.getState().nodes);
  return Object.keys(missing).length > 0 ? [{ op: "move", layout: missing }] : [];
}

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The rectangle of a node, note or frame. */
export function boxOf(level: Document, types: Types, id: string): Box {
  const place = placeOf(level, types, id);
  const block = level.nodes[id];
  const own = block ? boxSize(block, types) : Object.hasOwn(level.notes, id) ? NOTE : FRAME;
  const [x, y, width = own.width, height = own.height] = place;
  return { id, x, y, width, height };
}

/** A place near the wished one that covers no other box. */
export function freePlace(
  level: Document,
  types: Types,
  wished: { x: number; y: number },
  height: number,
): [number, number] {
  const boxes = Object.keys(level.nodes).map((id) => boxOf(level, types, id));
  const x = Math.round(wished.x);
  let y = Math.round(wished.y);
  const clash = (): Box | undefined =>
    boxes.find(
      (b) => x < b.x + b.width + 12 && x + b.width + 12 > b.x && y < b.y + b.height + 12 && y + height + 12 > b.y,
    );
  for (let tries = 0, hit = clash(); hit && tries < 200; tries += 1, hit = clash())
    y = Math.round(hit.y + hit.height + 24);
  return [x, y];
}
