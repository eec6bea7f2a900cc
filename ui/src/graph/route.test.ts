import fc from "fast-check";
import { expect, test } from "vitest";
import { type At, aside, BESIDE, course, type Obstacle } from "./route";

const BOX = { width: 200, height: 80 };
const box = (x: number, y: number): Obstacle => ({ x, y, ...BOX });
const out = ({ x, y }: Obstacle): At => ({ x: x + BOX.width, y: y + 40 });
const into = ({ x, y }: Obstacle): At => ({ x, y: y + 40 });

/** Points along a path of lines and quadratic corners, or one cubic curve. */
function points(path: string): At[] {
  const found: At[] = [];
  let now = { x: 0, y: 0 };
  for (const [, kind, rest = ""] of path.matchAll(/([MLQC])([^MLQC]*)/g)) {
    const stops = rest
      .trim()
      .split(" ")
      .map((one) => one.split(",").map(Number))
      .map(([x = 0, y = 0]) => ({ x, y }));
    const all = kind === "M" ? stops : [now, ...stops];
    for (let k = 0; k <= 50; k += 1) found.push(along(all, k / 50));
    now = stops.at(-1) ?? now;
  }
  return found;
}

/** De Casteljau: a point of a Bézier curve. */
function along(stops: readonly At[], t: number): At {
  const [only] = stops;
  if (stops.length === 1 && only) return only;
  const next = stops.slice(1).map((b, k) => {
    const a = stops[k] ?? b;
    return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
  });
  return along(next, t);
}

const within = ({ x, y }: At, one: Obstacle): boolean =>
  x > one.x + 1 && x < one.x + one.width - 1 && y > one.y + 1 && y < one.y + one.height - 1;

test("with nothing in its way a wire is a plain curve", () => {
  const [a, b] = [box(0, 0), box(400, 120)];
  const found = course(out(a), into(b), [a, b]);
  expect(found.path).toMatch(/^M200,40 C/);
  expect([found.x, found.y]).toEqual([300, 100]);
});

test("it runs around a box between its ends, and around both where it runs backward", () => {
  const [a, between, b] = [box(0, 0), box(300, 0), box(600, 0)];
  const passing = points(course(out(a), into(b), [a, between, b]).path);
  expect(passing.some((point) => within(point, between))).toBe(false);
  const back = points(course(out(b), into(a), [a, between, b]).path);
  for (const one of [a, between, b]) expect(back.some((point) => within(point, one))).toBe(false);
});

test("from any output to any input on a loose grid it runs behind nothing", () => {
  const grid = fc.uniqueArray(fc.integer({ min: 0, max: 24 }), { minLength: 2, maxLength: 25 });
  fc.assert(
    fc.property(grid, fc.integer({ min: 0, max: 3 }), (cells, lane) => {
      const boxes = cells.map((cell) => box((cell % 5) * 310, Math.floor(cell / 5) * 180));
      const [a, b] = boxes;
      if (!a || !b) return;
      const way = course(out(a), into(b), boxes, lane * 5);
      const found = points(way.path);
      expect(found[0]).toEqual(out(a));
      expect(found.at(-1)).toEqual(into(b));
      for (const one of boxes) expect(found.filter((point) => within(point, one))).toEqual([]);
      const ends = [out(a).x, into(b).x];
      expect(way.left).toBeGreaterThanOrEqual(Math.min(...ends) - BESIDE);
      expect(way.right).toBeLessThanOrEqual(Math.max(...ends) + BESIDE);
      const [left, top, right, bottom] = [way.left - 1e-9, way.top - 1e-9, way.right + 1e-9, way.bottom + 1e-9];
      expect(found.filter(({ x, y }) => x < left || x > right || y < top || y > bottom)).toEqual([]);
    }),
  );
});

test("wires of the same output keep to one lane", () => {
  expect(aside("split.train")).toBe(aside("split.train"));
  const copies = ["table", "model"].map((port) => [2, 3, 4, 5].map((k) => aside(`sort_${k}.out:${port}`)));
  for (const offsets of copies) expect(new Set(offsets).size).toBeGreaterThan(2);
  expect(new Set(["a.table", "b.table", "c.table", "d.table", "e.table"].map(aside)).size).toBeGreaterThan(1);
});
