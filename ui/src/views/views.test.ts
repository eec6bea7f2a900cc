import {
  Bool,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int64,
  List,
  Table,
  TimestampMillisecond,
  tableFromArrays,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { describe, expect, it } from "vitest";
import { documentOf } from "../graph/document";
import { linked } from "./chart/linked";
import { optionOf, seen } from "./chart/option";
import { boxArea, canonical, cornersOf, countInside, itemArea, toggled } from "./chart/select";
import { cellOf, number, plain } from "./grid/cells";
import { scaleOf, scrolledTop, seenRows, trueTop } from "./grid/scale";
import { placedTree } from "./model/layout";
import { layersOf } from "./network/layers";

describe("scrolling ten million rows", () => {
  const rows = 10_000_000;
  const view = 400;
  const scale = scaleOf(rows, 28);

  it("lays out no more than a browser can, and reaches the first and the last row", () => {
    expect(scale.laid).toBeLessThan(16_000_000);
    expect(seenRows(trueTop(scale, 0, view), view, 28, rows)[0]).toBe(0);
    expect(seenRows(trueTop(scale, scale.laid - view, view), view, 28, rows)[1]).toBe(rows);
  });

  it("goes to a row and back to the same row", () => {
    for (const row of [0, 1, 123_456, 9_999_900]) {
      const there = trueTop(scale, scrolledTop(scale, row * 28, view), view);
      expect(Math.abs(there - row * 28)).toBeLessThan(1);
    }
  });

  it("keeps the true height where it fits", () => {
    const small = scaleOf(100, 28);
    expect(trueTop(small, 77, view)).toBe(77);
  });
});

describe("cells", () => {
  const shown = (values: unknown[], type: ConstructorParameters<typeof Field>[1]) => {
    const vector = vectorFromArray(values as never[], type as never);
    return [...Array(values.length).keys()].map((at) => cellOf(vector.get(at), vector.type).text);
  };
  it("read as people write", () => {
    expect(shown([1n, -5n, null], new Int64())).toEqual(["1", "−5", "missing"]);
    expect(shown([0.1 + 0.2, 1234567.25, 1e-9, Number.NaN], new Float64())).toEqual([
      "0.3",
      "1234567.25",
      "1.0000e−9",
      "NaN",
    ]);
    expect(shown([new Date("2013-01-01T05:00:00Z")], new TimestampMillisecond())).toEqual(["2013-01-01 05:00"]);
    expect(shown([new Date("2013-02-28")], new DateDay())).toEqual(["2013-02-28"]);
    expect(shown([true, false], new Bool())).toEqual(["true", "false"]);
    expect(shown([["a", "b"], []], new List(new Field("item", new Utf8())))).toEqual(["[a, b]", "[]"]);
    expect(shown(["x".repeat(400)], new Utf8())[0]).toHaveLength(301);
  });

  it("write decimals of any length, below zero too", () => {
    const type = new Decimal(2, 38, 128);
    expect(plain(new Uint32Array([12345, 0, 0, 0]), type)).toBe("123.45");
    expect(plain(new Uint32Array([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]), type)).toBe("−0.01");
  });

  it("tell a picture by how its bytes begin", () => {
    const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2]);
    const table = new Table({ p: vectorFromArray([bytes]) });
    expect(table.numRows).toBe(1);
    expect(number(-0.00001234)).toBe("−0.00001234");
  });
});

describe("choosing in a chart", () => {
  const data = tableFromArrays({ x: Float64Array.from([1, 2, 3, 4]), y: Float64Array.from([10, 20, 30, 40]) });
  const brush = { x: "age", y: "fare" };

  it("counts the points in the boxes once, whatever the order of the corners", () => {
    const area = boxArea(brush, [3.5, 35], [1.5, 5], false);
    const corners = cornersOf(area, brush);
    expect(corners && countInside(data, [corners])).toBe(2);
    expect(corners && countInside(data, [corners, corners])).toBe(2);
    expect(area.ranges?.age).toEqual({ at_least: 1.5, at_most: 3.5 });
  });

  it("writes moments as text without a zone", () => {
    const at = new Date(2013, 0, 31, 12).getTime();
    const area = boxArea({ x: "when", y: "fare" }, [at, 0], [at, 1], true);
    expect(area.ranges?.when).toEqual({ at_least: "2013-01-31T12:00:00.000", at_most: "2013-01-31T12:00:00.000" });
    expect(cornersOf(area, { x: "when", y: "fare" })?.[0][0]).toBe(at);
  });

  it("joins an item's area with its series' and takes it back when it is clicked again", () => {
    const choosing = { areas: [{ values: { sex: ["male"] } }, null], series: { first: { values: { class: [1] } } } };
    const area = itemArea(choosing, 0, "first");
    expect(area).toEqual({ values: { sex: ["male"], class: [1] } });
    expect(itemArea(choosing, 1, "other")).toBeNull();
    if (!area) return;
    const once = toggled([], area);
    expect(toggled(once, { values: { class: [1], sex: ["male"] } })).toEqual([]);
    expect(canonical({ ranges: { a: { at_most: 2, at_least: 1 } } })).toBe(
      canonical({ ranges: { a: { at_least: 1, at_most: 2 } } }),
    );
  });
});

describe("a figure's option", () => {
  const data = tableFromArrays({ x: Float64Array.from([1, Number.NaN]), name: ["a", "b"] });
  it("holds the data as rows, and leaves out what ECharts does not know", () => {
    const option = optionOf(
      { series: [{ type: "line", itemStyle: { color: "#0072B2" } }], dataset: [{}], peephole: {} },
      data,
      true,
      false,
    );
    expect(option.peephole).toBeUndefined();
    expect(option.animation).toBe(false);
    expect((option.dataset as { source: unknown }[])[0]?.source).toEqual([
      [1, "a"],
      [null, "b"],
    ]);
  });
  it("has lighter series on dark ground and the same scales", () => {
    const option = { series: [{ itemStyle: { color: "#0072B2" } }], visualMap: { inRange: { color: ["#0072B2"] } } };
    expect(seen(true, option)).toEqual({
      series: [{ itemStyle: { color: "#5ba8e0" } }],
      visualMap: { inRange: { color: ["#0072B2"] } },
    });
    expect(seen(false, option)).toBe(option);
  });
});

describe("drawings", () => {
  const leaf = (rows: number) => ({
    feature: null,
    question: "",
    threshold: null,
    rows,
    impurity: 0,
    value: "a",
    shares: null,
    left: null,
    right: null,
  });
  it("put a question between its answers, and no two boxes onto each other", () => {
    const root = {
      ...leaf(9),
      feature: "age",
      threshold: 3,
      left: leaf(4),
      right: { ...leaf(5), feature: "sex", threshold: 1, left: leaf(2), right: leaf(3) },
    };
    const { nodes } = placedTree(root);
    const at = new Set(nodes.map(({ x, y }) => `${x}/${y}`));
    expect(at.size).toBe(5);
    const top = nodes.find(({ key }) => key === "r");
    const [yes, no] = ["r0", "r1"].map((key) => nodes.find((one) => one.key === key));
    expect(top?.y).toBe(((yes?.y ?? 0) + (no?.y ?? 0)) / 2);
  });
  it("list layers, those within layers too", () => {
    const found = layersOf({
      layers: [
        { name: "lstm", kind: "LSTM", shape: [null, 8], parameters: 96 },
        { name: "head", layers: [{ name: "dense", parameters: 9 }] },
      ],
    });
    expect(found.map(({ name, shape, parameters }) => [name, shape, parameters])).toEqual([
      ["lstm", "? × 8", 96],
      ["head", "", null],
      ["head / dense", "", 9],
    ]);
  });
});

describe("what follows from a choice in a chart", () => {
  const document = documentOf({
    nodes: {
      plot: { type: "scatter_plot" },
      kept: { type: "sort" },
      bars: { type: "bar_chart" },
      tree: { type: "learner" },
      other: { type: "sort" },
      last: { type: "sort" },
    },
    wires: [
      "plot.selected -> kept.table",
      "kept.table -> bars.table",
      "kept.table -> tree.table",
      "tree.model -> last.table",
      "plot.figure -> other.table",
    ],
  } as never);
  it("is run with it, as far as it costs little", () => {
    expect(linked(document, "plot", (type) => type !== "learner").sort()).toEqual(["bars", "kept", "plot"]);
  });
});
