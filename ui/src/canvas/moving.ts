// Going from node to node by keyboard: along wires to the sides, by nearness up and down.

import { type Document, wireOf } from "../graph/document";
import type { Types } from "../graph/faces";
import { type Box, boxOf } from "./places";

export type Direction = "left" | "right" | "up" | "down";

const middle = (b: Box): { x: number; y: number } => ({ x: b.x + b.width / 2, y: b.y + b.height / 2 });

/** The node that lies in a direction from another; null where there is none. */
export function neighbour(level: Document, types: Types, from: string, where: Direction): string | null {
  const wired = level.wires.map(wireOf).flatMap((wire) => {
    if (where === "right" && wire.source === from) return [wire.target];
    if (where === "left" && wire.target === from) return [wire.source];
    return [];
  });
  const along = wired.filter((id) => level.nodes[id]);
  const start = middle(boxOf(level, types, from));
  const others = along.length > 0 ? [...new Set(along)] : Object.keys(level.nodes).filter((id) => id !== from);
  let best: { id: string; far: number } | null = null;
  for (const id of others) {
    const { x, y } = middle(boxOf(level, types, id));
    const [ahead, aside] = {
      right: [x - start.x, y - start.y],
      left: [start.x - x, y - start.y],
      down: [y - start.y, x - start.x],
      up: [start.y - y, x - start.x],
    }[where];
    if (along.length === 0 && (ahead ?? 0) <= 8) continue;
    const far = Math.abs(ahead ?? 0) + 2.5 * Math.abs(aside ?? 0);
    if (!best || far < best.far) best = { id, far };
  }
  return best?.id ?? null;
}

/** The node to begin with: the leftmost, of these the uppermost. */
export function firstNode(level: Document, types: Types): string | null {
  const boxes = Object.keys(level.nodes).map((id) => boxOf(level, types, id));
  boxes.sort((a, b) => a.x - b.x || a.y - b.y);
  return boxes[0]?.id ?? null;
}
