import { describe, expect, it } from "vitest";
import { curvesOption, measures } from "./curves";

const CURVES = {
  loss: [4, 2, 1],
  accuracy: [0.5, 0.6, 0.7],
  "validation loss": [5, 3, null],
  "validation accuracy": [0.4, 0.5, 0.6],
  "gradient norm": [100, 10, 1],
};

describe("learning curves", () => {
  it("stand together where they measure the same", () =>
    expect(measures(CURVES).map(({ name, curves }) => [name, ...curves.map((one) => one.name)])).toEqual([
      ["loss", "loss", "validation loss"],
      ["accuracy", "accuracy", "validation accuracy"],
      ["gradient norm", "gradient norm"],
    ]));

  it("have a scale for each measure, in powers of ten where they fall far", () => {
    const { xAxis, yAxis, series, title } = curvesOption({ curves: CURVES, points: 6, per: "tree" }) as {
      xAxis: { name: string }[];
      yAxis: { type: string }[];
      series: { name: string; yAxisIndex: number; data: [number, number | null][] }[];
      title: { text: string }[];
    };
    expect(title.map(({ text }) => text)).toEqual(["loss", "accuracy", "gradient norm"]);
    expect(new Set(xAxis.map(({ name }) => name))).toEqual(new Set(["tree"]));
    expect(yAxis.map(({ type }) => type)).toEqual(["value", "value", "log"]);
    expect(series.map((one) => one.yAxisIndex)).toEqual([0, 0, 1, 1, 2]);
    expect(series.at(-1)?.name).toBe("gradient norm");
    expect(series[1]?.data).toEqual([
      [2, 5],
      [4, 3],
      [6, null],
    ]);
  });

  it("are marked at the epoch whose weights were kept, once in each picture", () => {
    const marks = (kept: number | null) =>
      (
        curvesOption({ curves: CURVES, points: 3, per: "epoch" }, kept) as {
          series: { markLine?: { data: unknown } }[];
        }
      ).series.map(({ markLine }) => markLine?.data);
    const mark = [{ xAxis: 2 }];
    expect(marks(2)).toEqual([mark, undefined, mark, undefined, mark]);
    expect(marks(null)).toEqual(Array(5).fill(undefined));
  });
});
