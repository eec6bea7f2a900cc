import { describe, expect, it } from "vitest";
import type { Head, ShownRow } from "../source/shapes";
import { lookOf, rowsOf } from "./rows";

const values = { dtype: "f4" as const, shape: [0], data: "" };
const series = (count: number): ShownRow => ({
  kind: "series",
  title: "input",
  names: Array.from({ length: count }, (_, k) => `column ${k}`),
  values,
});

describe("rows of the second level", () => {
  it.each([
    [1, "curves"],
    [3, "curves"],
    [4, "lines"],
    [12, "lines"],
    [13, "image"],
    [64, "image"],
  ])("%d numbers a step are drawn as %s", (count, look) => expect(lookOf(series(count))).toBe(look));

  it("lie one under the other, and the cells take the room that is left", () => {
    const head = {
      above: [],
      wanted: [],
      below: [series(9)],
      layers: [{}],
      directions: ["forward"],
      spec: { kind: "lstm" },
    };
    const { rows, height } = rowsOf(head as unknown as Head, 600);
    expect(height).toBe(600);
    for (const [k, row] of rows.slice(1).entries()) {
      const above = rows[k];
      expect(row.y).toBe((above?.y ?? 0) + (above?.height ?? 0) + 10);
    }
  });
});
