// The level that is looked into, and doing something to it as one step of undo.

import type { Document } from "../graph/document";
import type { Types } from "../graph/faces";
import type { Op, Plain } from "../graph/ops";
import { useCatalog } from "../store/catalog";
import { levelOf, useDocument } from "../store/document";
import { useSelection } from "../store/selection";

export const here = (): { level: Document; types: Types; within: string } => {
  const state = useDocument.getState();
  return { level: levelOf(state), types: useCatalog.getState().nodes, within: state.within };
};

/** One step of undo, however many edits it takes; none at all where there is nothing to do. */
export function act(edits: readonly Plain[], group = ""): boolean {
  const [first] = edits;
  if (!first) return false;
  const op: Op = edits.length === 1 ? first : { op: "batch", ops: [...edits] };
  return useDocument.getState().apply(op, group);
}

export const select = (ids: readonly string[], wires: readonly string[] = []): void =>
  useSelection.getState().select(ids, wires);
