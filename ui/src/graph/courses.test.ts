// A wire takes the same course here and in the pictures that Python draws. The cases come from tests/report/test_routes.py,
// which runs this file.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { aside, course } from "./route";

interface Case {
  start: [number, number];
  end: [number, number];
  boxes: [number, number, number, number][];
  source: string;
  path: string;
}

const file = process.env.PEEPHOLE_COURSES;
const cases: Case[] = file ? (JSON.parse(readFileSync(file, "utf8")) as Case[]) : [];

/** The corners that a path turns at, and its ends: the same however it is written. */
const turns = (path: string): number[][] => {
  const all = [...path.matchAll(/([MLQC])([^MLQC]*)/g)];
  const points = all.flatMap(([, kind, rest = ""]) => {
    const numbers = (rest.match(/-?[\d.]+/g) ?? []).map((one) => Math.round(Number(one) * 10) / 10);
    return kind === "Q" || kind === "C" ? [numbers] : [numbers.slice(0, 2)];
  });
  return points.filter((point, k) => point.join() !== points[k - 1]?.join());
};

test.skipIf(!file)("the course is the one that Python found", () => {
  for (const { start, end, boxes, source, path } of cases) {
    const obstacles = boxes.map(([x, y, width, height]) => ({ x, y, width, height }));
    const [from, to] = [start, end].map(([x, y]) => ({ x, y })) as [{ x: number; y: number }, { x: number; y: number }];
    expect(turns(course(from, to, obstacles, aside(source)).path)).toEqual(turns(path));
  }
});
