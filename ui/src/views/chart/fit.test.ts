import { describe, expect, it } from "vitest";
import { cut, fitted, widthOf } from "./fit";
import { heightOf, type Option, seen } from "./option";
import { fileName } from "./picture";

const names = (count: number, text: string) => Array.from({ length: count }, (_, at) => `${text} ${at}`);
const bars = (labels: string[], more: Option = {}): Option => ({
  xAxis: { type: "category", data: labels, axisLabel: { ...more } },
  yAxis: { type: "value" },
  grid: { top: 42 },
});
const labelOf = (option: Option, room: { width: number; height: number }, axis: "xAxis" | "yAxis" = "xAxis") =>
  (fitted(option, room)[axis] as Option).axisLabel as Option & { formatter: (name: string) => string };

describe("a name cut to a width", () => {
  it("keeps its beginning and its end, and is no wider", () => {
    const name = "United Parcel Service of the Greater Northwest 41";
    const shown = cut(name, 120);
    expect(shown.startsWith("United")).toBe(true);
    expect(shown.endsWith("41")).toBe(true);
    expect(widthOf(shown)).toBeLessThanOrEqual(120);
    expect(cut("short", 120)).toBe("short");
  });
  it("counts wide signs as wide, and never halves one", () => {
    expect(widthOf("航空公司")).toBeGreaterThan(widthOf("abcd"));
    expect([...cut("🚀🚀🚀🚀🚀🚀🚀🚀", 60)].every((sign) => sign === "🚀" || sign === "…")).toBe(true);
  });
});

describe("labels side by side", () => {
  it("stand upright and whole where there is room", () => {
    const label = labelOf(bars(names(5, "Aachen")), { width: 900, height: 200 });
    expect(label).toMatchObject({ rotate: 0, interval: 0 });
    expect(label.formatter("Aachen 3")).toBe("Aachen 3");
  });
  it("are cut before they are set slanting, and no two touch", () => {
    const room = { width: 900, height: 200 };
    const many = names(8, "United Parcel Service");
    const label = labelOf(bars(many), room);
    expect(label).toMatchObject({ rotate: 0, interval: 0 });
    for (const name of many) expect(widthOf(label.formatter(name))).toBeLessThan((900 - 84) / 8);
  });
  it("are set slanting where they are many, and some left out where they are more", () => {
    expect(labelOf(bars(names(30, "Transcontinental")), { width: 1400, height: 300 })).toMatchObject({
      rotate: 40,
      interval: 0,
    });
    const label = labelOf(bars(names(200, "Transcontinental")), { width: 1400, height: 300 });
    expect(label.interval).toBeGreaterThan(2);
  });
  it("of ranges never slant: every so-maniest stands", () => {
    const label = labelOf(bars(names(60, "10 to 20"), { rotate: 0 }), { width: 600, height: 300 });
    expect(label.rotate).toBe(0);
    const shown = Math.ceil(60 / ((label.interval as number) + 1));
    expect(shown * widthOf("10 to 20 59")).toBeLessThan(600);
  });
});

it("names one below the other are left out only where lines would touch", () => {
  const option = { xAxis: { type: "value" }, yAxis: { type: "category", data: names(30, "x") }, grid: { top: 42 } };
  expect(labelOf(option, { width: 800, height: 560 }, "yAxis").interval).toBe(0);
  expect(labelOf(option, { width: 800, height: 200 }, "yAxis").interval).toBeGreaterThan(1);
});

describe("a legend", () => {
  const option = (count: number): Option => ({
    legend: { show: true, type: "scroll", top: 0, left: 0, data: names(count, "model of some length") },
    grid: { top: 42 },
  });
  it("takes as many lines as it needs, and the drawing begins below", () => {
    const { legend, grid } = fitted(option(8), { width: 700, height: 300 }) as { legend: Option; grid: Option };
    expect(legend).toMatchObject({ type: "plain", top: 0, left: 0 });
    expect(grid.top).toBe(42 + 2 * 22); // three lines of three, three and two
  });
  it("is paged only where it would take the drawing's room", () => {
    const { legend, grid } = fitted(option(40), { width: 700, height: 200 }) as { legend: Option; grid: Option };
    expect(legend.type).toBe("scroll");
    expect(grid.top).toBe(42);
  });
});

it("a low panel has few numbers beside the drawing", () => {
  const low = fitted(bars(names(3, "a")), { width: 900, height: 150 }).yAxis as Option;
  const high = fitted(bars(names(3, "a")), { width: 900, height: 700 }).yAxis as Option;
  expect(low.splitNumber).toBe(2);
  expect(high.splitNumber).toBe(5);
});

it("a figure of many bars one below the other is as high as they need", () => {
  const beside = { xAxis: { type: "value" }, yAxis: { type: "category", data: names(40, "x") }, series: [{}] };
  expect(heightOf(beside as never)).toBeGreaterThanOrEqual(40 * 13);
  expect(heightOf({ xAxis: { type: "value" }, yAxis: { type: "value" } } as never)).toBeLessThan(200);
  expect(heightOf({ peephole: { height: 434 } } as never)).toBe(400);
});

it("on dark ground it is the dark end of a scale that fades; a scale that a person chose stays", () => {
  const scale = (color: string[]) => ({ visualMap: { min: 0, inRange: { color } } });
  const blue = seen(true, scale(["#EFF4F9", "#74ADD1", "#062F5C"])) as ReturnType<typeof scale>;
  const light = (colour: string | undefined) => Number.parseInt(colour?.slice(1, 3) ?? "", 16);
  expect(light(blue.visualMap.inRange.color[0])).toBeLessThan(light(blue.visualMap.inRange.color.at(-1)));
  expect(blue.visualMap.min).toBe(0);
  expect(seen(true, scale(["#FFFFFF", "#FF0000"]))).toEqual(scale(["#FFFFFF", "#FF0000"]));
});

it.each([
  ["Mean of dep_delay by carrier and origin", "Mean of dep_delay by carrier and origin.png"],
  ["ROC: yes/no (AUC 0.93)", "ROC - yes - no (AUC 0.93).png"],
  ["..\\\\etc\n<b>Größe</b> 航空", "- etc bGröße - b 航空.png"],
  ["🚀?", "chart.png"],
])("a picture is named after its title: %s", (title, name) => {
  expect(fileName(title, "png")).toBe(name);
});
