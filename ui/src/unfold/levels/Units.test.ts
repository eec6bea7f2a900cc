import { expect, test } from "vitest";
import { cellAt } from "./Units";

const packed = (rows: number[][]) => ({
  dtype: "f8" as const,
  shape: [rows.length, rows[0]?.length ?? 0],
  data: btoa(String.fromCharCode(...new Uint8Array(new Float64Array(rows.flat()).buffer))),
});

test("the first unit's line is the uppermost, the first step's column the leftmost", () => {
  const field = {
    edges: [0, 1, 2, 3],
    values: packed([
      [11, 12, 13],
      [21, 22, 23],
    ]),
  };
  const columns = { start: 0, stop: 3 };
  expect(cellAt(field, { x: 0.1, y: 0.1 }, columns, 2)).toEqual({ units: [0, 0], steps: [0, 0], value: 11 });
  expect(cellAt(field, { x: 0.99, y: 0.6 }, columns, 2)).toEqual({ units: [1, 1], steps: [2, 2], value: 23 });
  expect(cellAt(field, { x: 0.5, y: 0.6 }, { start: 1, stop: 3 }, 2)).toMatchObject({ steps: [2, 2], value: 23 });
});

test("where units and steps share a place, all of them are told", () => {
  const field = {
    edges: [0, 2, 4, 5],
    values: packed([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  };
  const found = cellAt(field, { x: 0.5, y: 0.9 }, { start: 0, stop: 5 }, 5);
  expect(found).toEqual({ units: [2, 4], steps: [2, 3], value: 5 });
});
