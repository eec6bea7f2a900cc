// A figure's option and its Arrow data put together for ECharts.

import { type Table, Type } from "apache-arrow";
import type { Json } from "../../api/generated";
import { figure as shortNumber } from "../../components/formats";
import { plain } from "../grid/cells";

export type Option = Record<string, unknown>;
type Format = "integer" | "number" | "percent";

/** The rows of the data as ECharts takes them: numbers as numbers, days and times as text in which no zone is meant. */
function rowsOf(data: Table): unknown[][] {
  const columns = data.schema.fields.map((field, index) => {
    const vector = data.getChildAt(index);
    const numeric = [Type.Int, Type.Float].includes(field.type.typeId);
    return Array.from({ length: data.numRows }, (_, row) => {
      const value = vector?.get(row);
      if (value === null || value === undefined) return null;
      if (numeric) return Number.isFinite(Number(value)) ? Number(value) : null;
      if (typeof value === "string" || typeof value === "boolean") return value;
      if (field.type.typeId === Type.Decimal) return Number(plain(value, field.type).replace("−", "-"));
      return plain(value, field.type);
    });
  });
  return Array.from({ length: data.numRows }, (_, row) => columns.map((column) => column[row]));
}

const object = (value: unknown): Option => (value && typeof value === "object" ? (value as Option) : {});
const list = (value: unknown): Option[] => (Array.isArray(value) ? value : value ? [value as Option] : []);

const TITLE = 34; // pixels that a figure leaves for its title

const LEAST = 150; // pixels: a lower drawing says nothing
const BAND = 13; // that a category needs, one below the other
const AROUND = 60;
const CROWDED = 150; // letters of names side by side, beyond which they are set slanting or cut

/** How many pixels high a figure wants to be at least; where it has less, it is scrolled. */
export function heightOf(given: Record<string, Json>): number {
  const height = object(given.peephole).height;
  if (typeof height === "number") return height - TITLE;
  const [below, beside] = [namesOf(given.xAxis), namesOf(given.yAxis)];
  const crowded = below.length * Math.max(0, ...below.map((name) => name.length + 2)) > CROWDED;
  const side = given.visualMap || list(given.series).some((one) => one.stack) ? 1 : list(given.series).length;
  const room = beside.length > 0 ? beside.length * Math.max(BAND, 7 * side) + AROUND : LEAST;
  return Math.max(LEAST, room + (crowded && object(object(given.xAxis).axisLabel).rotate !== 0 ? AROUND : 0));
}

const namesOf = (given: unknown): string[] => {
  const axis = object(given);
  return axis.type === "category" && object(axis.axisLabel).show !== false ? ((axis.data ?? []) as string[]) : [];
};

/** The whole option. `still`: without animation. */
export function optionOf(given: Record<string, Json>, data: Table, still: boolean, dark: boolean): Option {
  const { peephole, dataset, series, tooltip, title: _, legend, grid, ...rest } = given as Option;
  const top = Number(object(grid).top ?? 52);
  const formats = object(object(peephole).formats) as Record<string, Format>;
  const { kind } = object(object(peephole).select);
  const choosing = kind === "items";
  const source = { dimensions: data.schema.fields.map((one) => one.name), source: rowsOf(data), sourceHeader: false };
  return seen(dark, {
    animationDuration: 250,
    ...rest,
    // Pieces of axes are told once they are drawn, and each axis is told by its place.
    ...(kind === "axes"
      ? {
          parallel: { ...object(rest.parallel), top: Number(object(rest.parallel).top) - TITLE },
          parallelAxis: list(rest.parallelAxis).map((axis, i) => ({ ...axis, id: String(i), realtime: false })),
        }
      : {}),
    legend: { ...object(legend), top: 0 },
    // The title stands above the chart; several panels keep their shares of the room.
    grid: Array.isArray(grid) ? grid : { ...object(grid), top: Math.max(16, top - TITLE) },
    animation: rest.animation !== false && !still,
    dataset: [source, ...list(dataset).slice(1)],
    tooltip: { ...object(tooltip), confine: true, transitionDuration: 0 },
    series: list(series).map((one) => pictured(styled(one, formats, choosing), source.dimensions, peephole)),
  });
}

const BARE = {
  axisLabel: { show: false },
  axisTick: { show: false },
  splitLine: { show: false },
  name: "",
};
const bare = (axes: unknown): unknown => list(axes).map((axis) => ({ ...axis, ...BARE }));

/** The same for a picture of a few centimetres: its shape, without the words. */
export function miniature(option: Option): Option {
  const { legend: _, tooltip: __, visualMap, grid, xAxis, yAxis, parallel, parallelAxis, series, ...rest } = option;
  const edge = { left: 4, right: 4, top: 6, bottom: 4 };
  return {
    ...rest,
    animation: false,
    legend: { show: false },
    ...(visualMap ? { visualMap: list(visualMap).map((one) => ({ ...one, show: false })) } : {}),
    grid: Array.isArray(grid) ? grid : edge,
    ...(xAxis ? { xAxis: bare(xAxis), yAxis: bare(yAxis) } : {}),
    ...(parallel ? { parallel: { left: 10, right: 10, top: 8, bottom: 6 }, parallelAxis: bare(parallelAxis) } : {}),
    series: list(series).map((one) => ({
      ...one,
      progressive: 0,
      silent: true,
      label: { ...object(one.label), show: false },
      labelLine: { show: false },
      ...(typeof one.symbolSize === "number" ? { symbolSize: Math.max(1.5, one.symbolSize / 2) } : {}),
    })),
  };
}

// The usual scales for dark ground: there it is the dark end that fades.
const DARK_SCALES: Record<string, string[]> = {
  "#EFF4F9 #062F5C": ["#1B2A3D", "#1F3C5C", "#22507E", "#2A69A6", "#4189BE", "#74ADD1", "#A9CBE3", "#DCEBF6"],
  "#00578A #B04A00": ["#7CC0EE", "#4C93C3", "#2C5877", "#2B3038", "#7A4A2C", "#D97B3C", "#FFB27A"],
};

/** A scale of colours fit for dark ground; one that a person chose stays. */
function darkScale(visualMap: unknown): unknown {
  const { inRange, ...rest } = object(visualMap);
  const colours = object(inRange).color as string[];
  return { ...rest, inRange: { ...object(inRange), color: DARK_SCALES[`${colours[0]} ${colours.at(-1)}`] ?? colours } };
}

// The usual colours of series are made for white paper; on dark ground their lighter kin are seen as well.
const LIGHTER: Record<string, string> = {
  "#0072b2": "#5ba8e0",
  "#009e73": "#35c79a",
  "#d55e00": "#f08a4b",
  "#56b4e9": "#a8dbf8",
  "#7f7f7f": "#a6a6a6",
  "#8a5a33": "#b98a5a",
  "#882255": "#b5457f",
  "#8a8a8a": "#9a9a9a",
};

/** The same with the colours of series and scales fit for the ground. */
export function seen(dark: boolean, option: Option): Option {
  const change = (value: unknown): unknown => {
    if (typeof value === "string") return LIGHTER[value.toLowerCase()] ?? value;
    if (Array.isArray(value)) return value.map((one) => change(one));
    if (!value || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, KEPT.has(name) ? one : change(one)]));
  };
  if (!dark) return option;
  const changed = change(option) as Option;
  return option.visualMap ? { ...changed, visualMap: darkScale(option.visualMap) } : changed;
}
const KEPT = new Set(["dataset", "visualMap", "data"]);

function styled(series: Option, formats: Record<string, Format>, choosing: boolean): Option {
  const encode = object(series.encode);
  const both = series.type === "scatter" && encode.x && encode.y && !encode.tooltip;
  const format = [encode.y, encode.x, encode.value].map((name) => formats[String(name)]).find(Boolean);
  return {
    ...series,
    ...(both ? { encode: { ...encode, tooltip: [encode.x, encode.y] } } : {}),
    tooltip: { valueFormatter: (value: unknown) => formatted(value, format), ...object(series.tooltip) },
    ...(choosing
      ? {
          selectedMode: "multiple",
          select: { itemStyle: { borderColor: "#d55e00", borderWidth: 2.5 } },
          cursor: "pointer",
        }
      : {}),
  };
}

const PICTURE = 20; // pixels

/** Points as small pictures, where a column holds their addresses. */
function pictured(series: Option, dimensions: string[], peephole: unknown): Option {
  const at = dimensions.indexOf(String(object(peephole).pictures));
  if (at < 0 || series.type !== "scatter") return series;
  const address = (row: unknown) => (Array.isArray(row) && typeof row[at] === "string" ? row[at] : null);
  return {
    ...series,
    symbol: (row: unknown) => (address(row) ? `image://${address(row)}` : "circle"),
    symbolSize: (row: unknown) => (address(row) ? PICTURE : series.symbolSize),
    symbolKeepAspect: true,
  };
}

/** A number in a tooltip. */
export function formatted(value: unknown, format: Format | undefined): string {
  if (Array.isArray(value)) return value.map((one) => formatted(one, format)).join(", ");
  if (typeof value !== "number") return value === null || value === undefined ? "–" : String(value);
  if (format === "percent") return `${shortNumber(value * 100)} %`;
  if (format === "integer") return shortNumber(Math.round(value));
  return shortNumber(value);
}
