// The courses of wires on the far field's sheets: looked for once, and again where an end has moved, or a box that matters.

import { type At, aside, type Course, course, matters, type Obstacle } from "../graph/route";
import type { WireEdge } from "./flow";

/** A course as it is drawn, and what it lies in. */
export interface Line extends Course {
  line: Path2D;
  from: At;
  to: At;
}

const known = new Map<string, Line>();
let among: readonly Obstacle[] = [];

const keyOf = ({ x, y, width, height }: Obstacle): string => `${x} ${y} ${width} ${height}`;

/** The boxes that are in one of two lists only. */
export function different(a: readonly Obstacle[], b: readonly Obstacle[]): Obstacle[] {
  const [before, after] = [new Set(a.map(keyOf)), new Set(b.map(keyOf))];
  return [...a.filter((one) => !after.has(keyOf(one))), ...b.filter((one) => !before.has(keyOf(one)))];
}

/** Courses that the change from one list of boxes to another has no say in are kept: a box taken in the hand leaves most. */
function forget(boxes: readonly Obstacle[]): void {
  const changed = different(among, boxes);
  among = boxes;
  if (changed.length > 50 || known.size > 20_000) known.clear();
  for (const [key, { from, to }] of known) if (changed.some((one) => matters(from, to, one))) known.delete(key);
}

/** Gives the course of a wire among these boxes. */
export function coursesAmong(boxes: readonly Obstacle[]): (edge: WireEdge, from: At, to: At) => Line {
  return (edge, from, to) => {
    if (among !== boxes) forget(boxes);
    const key = `${edge.id} ${from.x} ${from.y} ${to.x} ${to.y}`;
    const found = known.get(key);
    if (found) return found;
    const way = course(from, to, boxes, aside(`${edge.source}.${edge.sourceHandle}`));
    const made = { ...way, line: new Path2D(way.path), from, to };
    known.set(key, made);
    return made;
  };
}
