import { describe, expect, it } from "vitest";
import type { Head, ShownRow } from "../source/shapes";
import { labelsOf, lookOf, rowsOf } from "./rows";

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

  it("say once what all dates have in common", () => {
    const days = ["2022-05-02", "2022-05-03", "2022-05-04", "2022-05-07"];
    expect(labelsOf(days)).toEqual({ before: "2022-05", labels: ["02", "03", "04", "07"] });
    expect(labelsOf(["2022-05-30", "2022-05-31", "2022-06-01", "2022-06-02"])).toEqual({
      before: "2022",
      labels: ["05-30", "05-31", "06-01", "06-02"],
    });
    expect(labelsOf(["a", "b", "c", "d"])).toEqual({ before: "", labels: ["a", "b", "c", "d"] });
  });

  it("give a long name the room of two lines", () => {
    const named = (title: string): ShownRow => ({ kind: "words", title, labels: ["", "", "", "1.5"] });
    const head = { above: [named("predicted sales lead 1")], wanted: [named("actual a")], below: [], layers: [{}] };
    const { rows } = rowsOf({ ...head, directions: ["forward"], spec: { kind: "lstm" } } as unknown as Head, 600);
    expect(rows.slice(0, 2).map(({ height }) => height)).toEqual([24, 32]);
  });
});
