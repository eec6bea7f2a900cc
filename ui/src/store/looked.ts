// The port that is looked at, while its node is there.

import { type Block, type Document, splitPath } from "../graph/document";
import { useDocument } from "./document";
import { type Port, useSelection } from "./selection";

/** The block of the node at a path, if it is there. */
export function blockIn(document: Document, path: string): Block | undefined {
  const { within, id } = splitPath(path);
  let level = document;
  for (const part of within ? within.split("/") : []) {
    const inside = level.nodes[part]?.inside;
    if (!inside) return undefined;
    level = inside;
  }
  return level.nodes[id];
}

/** What the panel below shows; null where there is nothing to look at. */
export function useLooked(): Port | null {
  const looked = useSelection((state) => state.looked);
  const there = useDocument((state) => looked !== null && blockIn(state.document, looked.node) !== undefined);
  return there ? looked : null;
}
