import type { CircuitEdge, CircuitNode } from "./graph";
import { eachOf, type Layout, type Point } from "./layout";

const ROUND = 12;

export interface Shape {
  kind: "circle" | "box";
  width: number;
  height: number;
}

/** The outline of a node. */
export function shapeOf(node: CircuitNode, isCell: boolean): Shape {
  if (isCell) return { kind: "circle", width: 76, height: 76 };
  switch (node.glyph) {
    case "sum":
    case "product":
      return { kind: "circle", width: 32, height: 32 };
    case "bias":
      return { kind: "circle", width: 6, height: 6 };
    case "port":
      return { kind: "box", width: 62, height: 28 };
    default:
      return { kind: "box", width: 50, height: 30 };
  }
}

/** The corners of an edge, from the outline of its source to that of its target. */
export function corners(edge: CircuitEdge, layout: Layout, shapes: Map<string, Shape>): Point[] {
  const to = layout.at[edge.to];
  if (!to) return [];
  const each = eachOf(layout, edge.from);
  const bias = edge.sort === "bias";
  const stub = bias ? biasStub(to, layout.bias?.[edge.to]) : each && !layout.via[edge.id] ? each(to, edge.to) : null;
  const branch = layout.starts[edge.id];
  const from = stub?.from ?? branch ?? layout.at[edge.from];
  if (!from) return [];
  const via = stub?.via ?? layout.via[edge.id] ?? [];
  const points = [{ x: from.x, y: from.y }, ...via, { x: to.x, y: to.y }];
  const last = via.at(-1) ?? (branch ? from : undefined);
  if (last && !stub && last.x !== to.x && last.y !== to.y) points[points.length - 1] = nearAxis(last, to);
  if (stub && !bias) points[points.length - 1] = nearAxis(from, to);
  const source = shapes.get(edge.from);
  const target = shapes.get(edge.to);
  if (!stub && !branch && source) points[0] = onOutline(points[1] ?? to, from, source);
  if (target) points[points.length - 1] = onOutline(points.at(-2) ?? from, points.at(-1) ?? to, target, to);
  return points;
}

/** A bias comes in from the upper left, as a short tick. */
function biasStub(reader: Point, by: Point = { x: -24, y: -23 }): { from: Point; via: Point[] } {
  return { from: { x: reader.x + by.x, y: reader.y + by.y }, via: [] };
}

/** Where a line from `before` should aim: straight along an axis where that still meets the node. */
function nearAxis(before: Point, to: Point): Point {
  if (Math.abs(before.x - to.x) <= 24 && Math.abs(before.y - to.y) > 24) return { x: before.x, y: to.y };
  if (Math.abs(before.y - to.y) <= 20 && Math.abs(before.x - to.x) > 20) return { x: to.x, y: before.y };
  return to;
}

/** Where the line from `outside` to `aim` meets the outline of the node at `centre`. */
function onOutline(outside: Point, aim: Point, shape: Shape, centre: Point = aim): Point {
  const [dx, dy] = [outside.x - aim.x, outside.y - aim.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  if (shape.kind === "circle") {
    const radius = shape.width / 2;
    const [ox, oy] = [aim.x - centre.x, aim.y - centre.y];
    const along = ox * ux + oy * uy;
    const root = Math.sqrt(Math.max(0, radius * radius - (ox * ox + oy * oy - along * along)));
    return { x: aim.x + ux * (root - along), y: aim.y + uy * (root - along) };
  }
  const reach = Math.min(
    Math.abs(ux) > 1e-6
      ? (shape.width / 2 - Math.sign(ux) * (aim.x - centre.x)) / Math.abs(ux)
      : Number.POSITIVE_INFINITY,
    Math.abs(uy) > 1e-6
      ? (shape.height / 2 - Math.sign(uy) * (aim.y - centre.y)) / Math.abs(uy)
      : Number.POSITIVE_INFINITY,
  );
  return { x: aim.x + ux * reach, y: aim.y + uy * reach };
}

/** A path through the points, its corners rounded. */
export function rounded(points: Point[], round = ROUND): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${first.x} ${first.y}`;
  rest.forEach((point, k) => {
    const before = points[k] as Point;
    const after = rest[k + 1];
    if (!after) {
      path += `L${point.x} ${point.y}`;
      return;
    }
    const [a, b] = [distance(before, point), distance(point, after)];
    const r = Math.min(round, a / 2, b / 2);
    if (!(r > 0)) return;
    const start = towards(point, before, r / a);
    const stop = towards(point, after, r / b);
    path += `L${start.x} ${start.y}Q${point.x} ${point.y} ${stop.x} ${stop.y}`;
  });
  return path;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(a: Point, b: Point, share: number): Point {
  return { x: round2(a.x + (b.x - a.x) * share), y: round2(a.y + (b.y - a.y) * share) };
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
