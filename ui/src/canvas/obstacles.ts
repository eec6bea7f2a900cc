// What wires keep clear of: the boxes of the level where they rest, as large as they are drawn. One in the hand is in the way
// of nothing but its own wires: the others take no notice of it until it is let go.

import { type InternalNode, type ReactFlowState, useStore } from "@xyflow/react";
import { useMemo } from "react";
import type { Obstacle } from "../graph/route";
import { drawnSize, type FlowNode } from "./flow";

const rectOf = (node: FlowNode): Obstacle => ({ ...node.position, ...drawnSize(node) });

const same = (a: readonly Obstacle[], b: readonly Obstacle[]): boolean =>
  a.length === b.length &&
  a.every((one, k) => {
    const other = b[k];
    return one.x === other?.x && one.y === other.y && one.width === other.width && one.height === other.height;
  });

let memo: { nodes: readonly FlowNode[]; boxes: readonly Obstacle[] } = { nodes: [], boxes: [] };

/** The same list as long as no box at rest has moved, grown, come or gone. */
export function restingOf(nodes: readonly FlowNode[]): readonly Obstacle[] {
  if (memo.nodes === nodes) return memo.boxes;
  const now = nodes.filter((one) => one.type === "box" && !one.dragging).map(rectOf);
  memo = { nodes, boxes: same(now, memo.boxes) ? memo.boxes : now };
  return memo.boxes;
}

const resting = ({ nodes }: ReactFlowState): readonly Obstacle[] => restingOf(nodes as FlowNode[]);

/** What all wires keep clear of. */
export const useResting = (): readonly Obstacle[] => useStore(resting);

/** What the wire between two boxes keeps clear of: these too while they are in the hand. */
export function useObstacles(source: string, target: string): readonly Obstacle[] {
  const boxes = useResting();
  const held = useStore(({ nodeLookup }) => {
    const ends = [nodeLookup.get(source), nodeLookup.get(target)] as (InternalNode<FlowNode> | undefined)[];
    const drawn = ends.flatMap((one) => (one ? [one.internals.userNode] : []));
    return drawn.filter((one) => one.type === "box" && one.dragging).map(rectOf);
  }, same);
  return useMemo(() => (held.length > 0 ? [...boxes, ...held] : boxes), [boxes, held]);
}
