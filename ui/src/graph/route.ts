// The course of a wire: a plain curve where nothing is in its way, else around the boxes, along lanes between them.

export interface At {
  x: number;
  y: number;
}

export interface Obstacle extends At {
  width: number;
  height: number;
}

/** path: as SVG writes it.  x, y: the middle, for what is written on the wire.  left to bottom: what it lies in. */
export interface Course extends At {
  path: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A wire runs so far at most to the left and right of the rectangle between its ends; up and down it may run anywhere. */
export const BESIDE = 60;

const STUB = 20; // straight on before it turns
const GAP = 14; // between a box and a lane beside it
const CLEAR = 3; // nearer than this to a box is behind it
const ROUND = 10;
const REACH = 500; // how far above and below both ends lanes are looked for
const STEPS = 24; // points of a curve that are looked at
const HIT = 1e6; // what it costs to run behind a box

/** Wires of different outputs keep to lanes of their own: pixels by which a wire is moved aside. */
export function aside(source: string): number {
  let hash = 0;
  for (const letter of source) hash = (hash * 131 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return (hash % 4) * 5;
}

/** Whether a box can have a say in the course between two ends. */
export function matters(from: At, to: At, box: Obstacle): boolean {
  const aside = 2 * STUB + GAP;
  return (
    box.x < Math.max(from.x, to.x) + aside &&
    box.x + box.width > Math.min(from.x, to.x) - aside &&
    box.y < Math.max(from.y, to.y) + REACH &&
    box.y + box.height > Math.min(from.y, to.y) - REACH
  );
}

/** The course from an output to an input. `boxes`: all that it should not run behind, those at its ends too. */
export function course(from: At, to: At, boxes: readonly Obstacle[], offset = 0): Course {
  const near = boxes.filter((one) => matters(from, to, one));
  const forward = to.x - from.x > STUB;
  if (forward && !near.some((one) => curveMeets(from, to, one))) return curve(from, to);
  const { points, cost } = lanes(from, to, near, offset);
  return forward && cost >= HIT ? curve(from, to) : rounded(points);
}

const bend = (from: At, to: At): number => Math.max(40, Math.abs(to.x - from.x) / 2);

function curve(from: At, to: At): Course {
  const by = bend(from, to);
  const path = `M${from.x},${from.y} C${from.x + by},${from.y} ${to.x - by},${to.y} ${to.x},${to.y}`;
  const [first, last] = [Math.min(from.x, to.x - by), Math.max(from.x + by, to.x)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  return { path, x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, left: first, right: last, top, bottom };
}

function curveMeets(from: At, to: At, box: Obstacle): boolean {
  if (Math.max(from.y, to.y) < box.y || Math.min(from.y, to.y) > box.y + box.height) return false;
  const by = bend(from, to);
  for (let step = 1; step < STEPS; step += 1) {
    const t = step / STEPS;
    const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3];
    const x = a * from.x + b * (from.x + by) + c * (to.x - by) + d * to.x;
    const y = (a + b) * from.y + (c + d) * to.y;
    if (x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height) return true;
  }
  return false;
}

/** Out, up or down to the lane that is nearest and free, along it, and to the end; `cost` from HIT on: behind a box. */
function lanes(from: At, to: At, boxes: readonly Obstacle[], offset: number): { points: At[]; cost: number } {
  const [out, into] = [from.x + STUB + offset, to.x - STUB - offset];
  const heights = [from.y, to.y];
  for (const one of boxes) heights.push(one.y - GAP - offset, one.y + one.height + GAP + offset);
  let best: At[] = [];
  let least = Infinity;
  for (const y of heights) {
    const length = Math.abs(y - from.y) + Math.abs(y - to.y);
    if (length >= least) continue;
    const points = [from, { x: out, y: from.y }, { x: out, y }, { x: into, y }, { x: into, y: to.y }, to];
    let cost = length;
    for (let k = 2; k < 5 && cost < least; k += 1)
      for (const one of boxes) if (meets(points[k - 1] ?? from, points[k] ?? to, one)) cost += HIT;
    if (cost < least) [best, least] = [points, cost];
  }
  return { points: best, cost: least };
}

/** Whether an upright or level line runs behind a box. */
const meets = (a: At, b: At, box: Obstacle): boolean =>
  Math.max(a.x, b.x) > box.x - CLEAR &&
  Math.min(a.x, b.x) < box.x + box.width + CLEAR &&
  Math.max(a.y, b.y) > box.y - CLEAR &&
  Math.min(a.y, b.y) < box.y + box.height + CLEAR;

/** A line of upright and level parts with round corners. */
function rounded(points: readonly At[]): Course {
  const [first = { x: 0, y: 0 }] = points;
  let path = `M${first.x},${first.y}`;
  points.slice(1).forEach((point, k) => {
    const [before, after] = [points[k] ?? point, points[k + 2]];
    const round = after ? Math.min(ROUND, apart(before, point) / 2, apart(point, after) / 2) : 0;
    if (!after || round === 0) {
      path += ` L${point.x},${point.y}`;
      return;
    }
    const [a, b] = [towards(point, before, round), towards(point, after, round)];
    path += ` L${a.x},${a.y} Q${point.x},${point.y} ${b.x},${b.y}`;
  });
  const [, , third = first, fourth = first] = points;
  const [xs, ys] = [points.map((one) => one.x), points.map((one) => one.y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { path, x: (third.x + fourth.x) / 2, y: (third.y + fourth.y) / 2, left, right, top, bottom };
}

const apart = (a: At, b: At): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

const towards = (from: At, to: At, by: number): At => ({
  x: from.x + Math.sign(to.x - from.x) * by,
  y: from.y + Math.sign(to.y - from.y) * by,
});
