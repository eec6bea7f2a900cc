import type { Route } from "../source/shapes";
import { wireKey } from "./equation";
import type { Circuit } from "./graph";
import type { Layout, Point } from "./layout";
import { corners, type Shape } from "./paths";

/** How a route of the error runs through the drawing: from where the error stands to the variable that it reaches. */
export interface ArrowPath {
  route: Route;
  points: Point[];
  curved: boolean;
  /** The node of the next step that it comes from. */
  next: string | null;
}

/** The arrows of a variable's routes. Those that the drawing has no place for are left out. */
export function arrowsOf(circuit: Circuit, layout: Layout, shapes: Map<string, Shape>, routes: Route[]): ArrowPath[] {
  const nexts = routes.filter((r) => r.source?.offset === 1).length;
  let rank = 0;
  return routes.flatMap((route): ArrowPath[] => {
    const place = layout.at[route.variable] ?? layout.at[`${route.variable}-1`];
    if (!place) return [];
    if (route.external === "loss" || route.external === "above") {
      const up = [layout.at[layout.up.from] ?? place, ...layout.up.via].reverse();
      return [{ route, points: trimmed(up, shapes.get(route.variable)), curved: false, next: null }];
    }
    if (route.external === "final state") {
      const end = layout.ends[route.variable]?.at;
      const from =
        end && end.x > place.x ? { x: layout.width - 8, y: end.y } : { x: layout.width - 8, y: layout.height - 30 };
      return [{ route, points: trimmed([from, place], shapes.get(route.variable)), curved: true, next: null }];
    }
    if (!route.source) return [];
    if (route.source.offset === 1) {
      const from = layout.next[route.source.variable];
      if (!from) return [];
      rank += 1;
      const straight = Math.abs(from.y - place.y) < 2;
      const points = straight ? [from, place] : [from, spread(place, rank, nexts)];
      return [
        { route, points: trimmed(points, shapes.get(route.variable)), curved: !straight, next: route.source.variable },
      ];
    }
    const points = chain(circuit, layout, shapes, route);
    return points.length > 1 ? [{ route, points: points.reverse(), curved: false, next: null }] : [];
  });
}

/** Arrows from the next step end a little apart from each other. */
function spread(place: Point, rank: number, count: number): Point {
  return { x: place.x, y: place.y + (rank - (count + 1) / 2) * 5 };
}

/** The edges by which a variable acts on the route's source within the step, joined end to end. */
function chain(circuit: Circuit, layout: Layout, shapes: Map<string, Shape>, route: Route): Point[] {
  if (!route.source) return [];
  const wire = wireKey({ variable: route.variable, offset: 0 }, route.source.variable, route.parameter);
  const edges = circuit.edges.filter((edge) => edge.wires.includes(wire));
  const points: Point[] = [];
  let at = route.variable;
  while (at !== route.source.variable) {
    const edge = edges.find((e) => e.from === at);
    if (!edge) break;
    const found = corners(edge, layout, shapes);
    const branch = layout.starts[edge.id];
    const place = layout.at[edge.from];
    const shape = shapes.get(edge.from);
    if (branch && place && shape)
      points.push({ x: place.x + Math.sign(branch.x - place.x) * (shape.width / 2 + 3), y: branch.y });
    points.push(...found);
    at = edge.to;
  }
  return points;
}

/** The last point moved to the outline of the node, so that the arrowhead ends there. */
function trimmed(points: Point[], shape: Shape | undefined): Point[] {
  const last = points.at(-1);
  const before = points.at(-2);
  if (!last || !before || !shape) return points;
  const reach = (shape.kind === "circle" ? shape.width : Math.min(shape.width, shape.height)) / 2 + 3;
  const length = Math.hypot(before.x - last.x, before.y - last.y) || 1;
  const end = {
    x: last.x + ((before.x - last.x) / length) * reach,
    y: last.y + ((before.y - last.y) / length) * reach,
  };
  return [...points.slice(0, -1), end];
}

/** A soft curve from the next step to the variable; it arrives from the right. */
export function curve(points: Point[], head: number): string {
  const [from, to] = [points[0], points.at(-1)];
  if (!from || !to) return "";
  const reach = Math.max(60, Math.abs(from.x - to.x) * 0.42);
  const end = { x: to.x + head, y: to.y };
  return `M${from.x} ${from.y}C${from.x - reach} ${from.y} ${end.x + reach} ${end.y} ${end.x} ${end.y}`;
}

/** The points without the last stretch that the arrowhead covers. */
export function shortened(points: Point[], head: number): Point[] {
  const [before, last] = [points.at(-2), points.at(-1)];
  if (!before || !last) return points;
  const length = Math.hypot(before.x - last.x, before.y - last.y) || 1;
  const share = Math.min(1, head / length);
  return [...points.slice(0, -1), { x: last.x + (before.x - last.x) * share, y: last.y + (before.y - last.y) * share }];
}

/** The triangle at an arrow's end. */
export function arrowHead(points: Point[], curved: boolean, length: number, width: number): string {
  const [before, last] = [points.at(-2), points.at(-1)];
  if (!before || !last) return "";
  const back = curved ? { x: last.x + 1, y: last.y } : before;
  const size = Math.hypot(back.x - last.x, back.y - last.y) || 1;
  const [ux, uy] = [(back.x - last.x) / size, (back.y - last.y) / size];
  const [bx, by] = [last.x + ux * length, last.y + uy * length];
  const [px, py] = [(-uy * width) / 2, (ux * width) / 2];
  return `M${last.x} ${last.y}L${bx + px} ${by + py}L${bx - px} ${by - py}Z`;
}

/** Arrows that come along the same line into a node lie beside each other, like the lanes of a road; the farthest on top. */
export function inLanes<A extends ArrowPath & { thick: number }>(arrows: A[], place: Point | undefined): A[] {
  if (!place) return arrows;
  const along = (arrow: A) => {
    const [before, last] = [arrow.points.at(-2), arrow.points.at(-1)];
    return (
      !arrow.curved &&
      before &&
      last &&
      Math.abs(before.y - last.y) < 1 &&
      Math.abs(last.y - place.y) < 1 &&
      before.x > last.x
    );
  };
  const sharing = arrows.filter(along);
  if (sharing.length < 2) return arrows;
  sharing.sort((a, b) => (b.points.at(-2)?.x ?? 0) - (a.points.at(-2)?.x ?? 0));
  const total = sharing.reduce((sum, arrow) => sum + arrow.thick + 1, -1);
  const moved = new Map<A, A>();
  let top = place.y - total / 2;
  for (const arrow of sharing) {
    const y = top + arrow.thick / 2;
    top += arrow.thick + 1;
    const points = arrow.points.map((p) => (Math.abs(p.y - place.y) < 1 ? { x: p.x, y } : p));
    moved.set(arrow, { ...arrow, points });
  }
  return arrows.map((arrow) => moved.get(arrow) ?? arrow);
}
