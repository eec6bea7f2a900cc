// What wires keep clear of: the boxes of the level as they rest; while one is dragged, its wires alone take another course.

import type { Document } from "../graph/document";
import type { Types } from "../graph/faces";
import type { Obstacle } from "../graph/route";
import { useCatalog } from "../store/catalog";
import { levelOf, useDocument } from "../store/document";
import { boxOf } from "./places";

let memo: { layout: Document["layout"]; count: number; types: Types; boxes: readonly Obstacle[] } | null = null;

/** The same list as long as nothing has moved, come or gone. */
function obstaclesOf(level: Document, types: Types): readonly Obstacle[] {
  const ids = Object.keys(level.nodes);
  if (memo?.layout === level.layout && memo.count === ids.length && memo.types === types) return memo.boxes;
  memo = { layout: level.layout, count: ids.length, types, boxes: ids.map((id) => boxOf(level, types, id)) };
  return memo.boxes;
}

export function useObstacles(): readonly Obstacle[] {
  const types = useCatalog((state) => state.nodes);
  return useDocument((state) => obstaclesOf(levelOf(state), types));
}
