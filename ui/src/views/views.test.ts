import {
  Bool,
  DateDay,
  Decimal,
  Field,
  Float32,
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
import { areasOn, piecesOf } from "./chart/axes";
import { typedArea } from "./chart/ByNumbers";
import { linked } from "./chart/linked";
import { miniature, optionOf, seen } from "./chart/option";
import { boxArea, canonical, choosingOf, cornersOf, countChosen, itemArea, placesOf, toggled } from "./chart/select";
import { cellOf, number, plain, widthOf } from "./grid/cells";
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
  it("shows a text of several lines in one, and that a text is empty", () => {
    const of = (text: string) => cellOf(text, new Utf8());
    expect(of("first\r\nsecond\tand\nthird").text).toBe("first ⏎ second and ⏎ third");
    expect(of("")).toEqual({ text: "empty text", kind: "empty" });
    expect(of(" ").kind).toBe("text");
  });
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

  it("keep money whole, and round only what goes on and on", () => {
    const money = [160976.98, -123456.789, 15500.87, 99999999999.99, 0.0001, 1234.5];
    expect(shown(money, new Float64())).toEqual([
      "160976.98",
      "−123456.789",
      "15500.87",
      "99999999999.99",
      "0.0001",
      "1234.5",
    ]);
    expect(shown([1 / 3, 2e6 / 3, -160976.98333333, 12.3456789], new Float64())).toEqual([
      "0.3333333",
      "666666.6667",
      "−160976.9833",
      "12.34568",
    ]);
    expect(shown([0.1, 16777216, 1234.5], new Float32())).toEqual(["0.1", "16777220", "1234.5"]);
  });

  it("begin wide enough for any exponent", () => {
    const [small] = shown([-1.25e-300], new Float64());
    const wide = widthOf("x", new Float64(), []);
    expect(small).toBe("−1.2500e−300");
    expect(widthOf("x", new Float64(), [small ?? ""])).toBe(wide);
    expect(widthOf("x", new Int64(), [])).toBeLessThan(wide);
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
    const option = { series: [{ encode: { x: "x", y: "y" } }] } as never;
    const places = placesOf(option, data, { kind: "brush", panels: [brush] });
    expect(countChosen(data, places, [area])).toBe(2);
    expect(countChosen(data, places, [area, area])).toBe(2);
    expect(area.ranges?.age).toEqual({ at_least: 1.5, at_most: 3.5 });
  });

  it("takes a box in one of several panels for what its two columns are", () => {
    const select = { kind: "brush", panels: [null, { x: "fare", y: "age" }] };
    const series = [
      { xAxisIndex: 0, encode: { x: "n" } },
      { xAxisIndex: 1, encode: { x: "y", y: "x" } },
    ];
    const option = { peephole: { select }, series } as never;
    const choosing = choosingOf(option);
    const places = choosing && placesOf(option, data, choosing);
    expect(places).toEqual(
      new Map([
        ["fare", 1],
        ["age", 0],
      ]),
    );
    const area = boxArea({ x: "fare", y: "age" }, [15, 0], [35, 9], false);
    expect(countChosen(data, places ?? new Map(), [area])).toBe(2);
  });

  it("reads an area that is typed, and refuses half of one", () => {
    const typed = { "age from": "2", "age to": "3" };
    expect(typedArea(["age", "fare"], null, typed)).toEqual({ ranges: { age: { at_least: 2, at_most: 3 } } });
    expect(typedArea(["age", "fare"], null, { ...typed, "fare from": "1" })).toBeNull();
    expect(typedArea(["age", "fare"], null, {})).toBeNull();
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

describe("a small picture", () => {
  it("keeps the shape and leaves the words out", () => {
    const small = miniature({
      legend: { show: true },
      grid: { top: 76, left: 16 },
      xAxis: { type: "value", name: "age", axisLabel: { hideOverlap: true } },
      yAxis: [{ type: "value", name: "fare" }],
      series: [{ type: "scatter", symbolSize: 6, label: { show: true }, encode: { x: "a" } }],
    });
    expect(small.legend).toEqual({ show: false });
    expect(small.grid).toEqual({ left: 4, right: 4, top: 6, bottom: 4 });
    expect(small.xAxis).toMatchObject([{ type: "value", name: "", axisLabel: { show: false } }]);
    expect(small.series).toMatchObject([
      { type: "scatter", symbolSize: 3, label: { show: false }, encode: { x: "a" } },
    ]);
  });
});

describe("choosing along parallel axes", () => {
  const label = (value: string) => ({ values: { sex: [value] } });
  const axes = {
    kind: "axes" as const,
    columns: ["age", "sex", "fare"],
    areas: { sex: [label("f"), label("m"), label("x")] },
  };

  it("means the rows that cross every axis in one of its pieces, and is read back", () => {
    const pieces = [
      [
        [1, 2],
        [5, 6],
      ],
      [[0, 1]],
      [],
    ] as [number, number][][];
    const areas = areasOn(axes, pieces);
    const both = { sex: ["f", "m"] };
    expect(areas).toEqual([
      { ranges: { age: { at_least: 1, at_most: 2 } }, values: both },
      { ranges: { age: { at_least: 5, at_most: 6 } }, values: both },
    ]);
    expect(piecesOf(axes, areas)).toEqual(pieces);
    expect(areasOn(axes, [[], [], []])).toEqual([]);
  });

  it("counts the lines that are meant, texts by their labels", () => {
    const data = new Table({
      age: vectorFromArray([1, 2, 5, 7], new Float64()),
      sex: vectorFromArray(["F", "M", "F", "F"], new Utf8()),
    });
    const places = placesOf({ parallelAxis: [{ dim: 0 }, { dim: 1 }, { dim: 0 }] } as never, data, axes);
    const areas = areasOn(axes, [[[1, 6]], [[0, 0]], []]);
    expect(countChosen(data, places, areas, axes.areas, { sex: ["F", "M", "X"] })).toBe(2);
  });
});

describe("a figure's option", () => {
  it("draws points as the pictures whose addresses a column holds, and the others as dots", () => {
    const rows = tableFromArrays({ x: [1, 2], y: [3, 4], picture: ["data:image/png;base64,AA", null] });
    const given = { series: [{ type: "scatter", symbolSize: 6 }], dataset: [{}], peephole: { pictures: "picture" } };
    const option = optionOf(given, rows, true, false);
    const [series] = option.series as { symbol: (row: unknown) => string; symbolSize: (row: unknown) => number }[];
    const source = (option.dataset as { source: unknown[] }[])[0]?.source ?? [];
    expect(source.map((row) => series?.symbol(row))).toEqual(["image://data:image/png;base64,AA", "circle"]);
    expect(source.map((row) => series?.symbolSize(row))).toEqual([20, 6]);
  });

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
