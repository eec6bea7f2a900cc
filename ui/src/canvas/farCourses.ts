// The courses of wires on the far field's sheets: looked for once, and again where an end has moved.

import { type At, aside, type Course, course, type Obstacle } from "../graph/route";
import type { WireEdge } from "./flow";

/** A course as it is drawn, and what it lies in. */
export interface Line extends Course {
  line: Path2D;
}

let known = new Map<string, Line>();
let among: readonly Obstacle[] | null = null;

/** Gives the course of a wire among these boxes. */
export function coursesAmong(boxes: readonly Obstacle[]): (edge: WireEdge, from: At, to: At) => Line {
  if (among !== boxes || known.size > 20_000) known = new Map();
  among = boxes;
  const courses = known;
  return (edge, from, to) => {
    const key = `${edge.id} ${from.x} ${from.y} ${to.x} ${to.y}`;
    const found = courses.get(key);
    if (found) return found;
    const way = course(from, to, boxes, aside(`${edge.source}.${edge.sourceHandle}`));
    const made = { ...way, line: new Path2D(way.path) };
    courses.set(key, made);
    return made;
  };
}
