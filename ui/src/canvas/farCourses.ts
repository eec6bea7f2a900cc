// The courses of wires on the far field's sheets: looked for once, and again where an end has moved.

import { type At, aside, course, type Obstacle } from "../graph/route";
import type { WireEdge } from "./flow";

let known = new Map<string, Path2D>();
let among: readonly Obstacle[] | null = null;

/** Gives the course of a wire among these boxes. */
export function coursesAmong(boxes: readonly Obstacle[]): (edge: WireEdge, from: At, to: At) => Path2D {
  if (among !== boxes || known.size > 20_000) known = new Map();
  among = boxes;
  const courses = known;
  return (edge, from, to) => {
    const key = `${edge.id} ${from.x} ${from.y} ${to.x} ${to.y}`;
    const found = courses.get(key);
    if (found) return found;
    const made = new Path2D(course(from, to, boxes, aside(`${edge.source}.${edge.sourceHandle}`)).path);
    courses.set(key, made);
    return made;
  };
}
