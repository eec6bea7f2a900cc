// What can be chosen in a figure (as peephole/nodes/views/_selection.py writes it), counted over the Arrow columns.

import { type Table, Type } from "apache-arrow";
import type { Json } from "../../api/generated";

interface Range {
  at_least?: number | string;
  at_most?: number | string;
  below?: number | string;
}
export interface Area {
  ranges?: Record<string, Range>;
  values?: Record<string, Json[]>;
}

export interface Panel {
  x: string;
  y: string;
}
/** Parallel axes. areas: of columns of texts, what each label stands for. */
export interface Axes {
  kind: "axes";
  columns: string[];
  areas?: Record<string, Area[]>;
}
export type Choosing =
  | { kind: "brush"; panels: (Panel | null)[] }
  | Axes
  | { kind: "items"; areas: (Area | null)[]; series: Record<string, Area> };

/** How one may choose in a figure, if one may: drawing boxes in its panels, pieces of its axes, clicking its parts. */
export function choosingOf(option: Record<string, Json>): Choosing | null {
  const own = option.peephole as { select?: Choosing | ({ kind: "brush" } & Panel) } | undefined;
  const found = own?.select;
  if (found?.kind !== "brush" || "panels" in found) return found ?? null;
  return { kind: "brush", panels: [{ x: found.x, y: found.y }] };
}

export const areasOf = (value: Json | undefined): Area[] => (Array.isArray(value) ? (value as unknown as Area[]) : []);

const pad = (value: number, length = 2) => String(value).padStart(length, "0");

/** A moment that ECharts gives in local time, as text without a zone. */
function momentText(milliseconds: number): string {
  const at = new Date(milliseconds);
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}

const moment = (text: string | number): number => (typeof text === "number" ? text : new Date(text).getTime());

/** From the lower to the higher of two numbers, or moments. */
export function rangeOf(a: number, b: number, time: boolean): Range {
  const [low, high] = a < b ? [a, b] : [b, a];
  return time
    ? { at_least: momentText(low), at_most: momentText(high) }
    : { at_least: rounded(low, high - low), at_most: rounded(high, high - low) };
}

/** The area between two corners of a drawn box. */
export const boxArea = (
  panel: Panel,
  from: readonly [number, number],
  to: readonly [number, number],
  times: boolean,
): Area => ({ ranges: { [panel.x]: rangeOf(from[0], to[0], times), [panel.y]: rangeOf(from[1], to[1], false) } });

/** No more digits than a drawn box can mean. */
export function rounded(value: number, span: number): number {
  if (!Number.isFinite(value) || span <= 0) return value;
  const digits = Math.min(15, Math.max(1, Math.ceil(Math.log10(Math.max(Math.abs(value), span) / span)) + 5));
  return Number(value.toPrecision(digits));
}

/** The corners of an area drawn as a box, as numbers on the axes; null where it is none. */
export function cornersOf(area: Area, choosing: Panel): [[number, number], [number, number]] | null {
  const [x, y] = [area.ranges?.[choosing.x], area.ranges?.[choosing.y]];
  if (x?.at_least === undefined || x.at_most === undefined || y?.at_least === undefined || y.at_most === undefined)
    return null;
  return [
    [moment(x.at_least), moment(y.at_least)],
    [moment(x.at_most), moment(y.at_most)],
  ];
}

type Series = { xAxisIndex?: number; encode?: { x?: string; y?: string } };

/** In which column of a figure's data each column stands that can be chosen by. */
export function placesOf(option: Record<string, Json>, data: Table, choosing: Choosing): Map<string, number> {
  const names = data.schema.fields.map((one) => one.name);
  if (choosing.kind === "axes") {
    const axes = option.parallelAxis as unknown as { dim: number }[];
    return new Map(choosing.columns.map((column, axis) => [column, axes[axis]?.dim ?? -1]));
  }
  const places = new Map<string, number>();
  if (choosing.kind === "items") return places;
  const series = option.series as unknown as Series[];
  choosing.panels.forEach((panel, i) => {
    const encode = series.find((one) => (one.xAxisIndex ?? 0) === i)?.encode;
    if (!panel || !encode) return;
    places.set(panel.x, names.indexOf(encode.x ?? ""));
    places.set(panel.y, names.indexOf(encode.y ?? ""));
  });
  return places;
}

/** How many rows of the data lie in any of the areas. labels: of columns of texts, the text that stands for each area. */
export function countChosen(
  data: Table,
  places: ReadonlyMap<string, number>,
  areas: readonly Area[],
  labels: Readonly<Record<string, Area[]>> = {},
  texts: Readonly<Record<string, string[]>> = {},
): number {
  const tests = areas.map((area) => {
    const ranges = Object.entries(area.ranges ?? {}).map(([column, range]) => {
      const values = numbersOf(data, places.get(column) ?? -1);
      const low = range.at_least === undefined ? Number.NEGATIVE_INFINITY : moment(range.at_least);
      const high = range.at_most === undefined ? Number.POSITIVE_INFINITY : moment(range.at_most);
      return (row: number) => (values[row] as number) >= low && (values[row] as number) <= high;
    });
    const values = Object.entries(area.values ?? {}).map(([column, chosen]) => {
      const wanted = new Set(chosen.map((value) => canonical({ values: { [column]: [value] } })));
      const found = new Set(texts[column]?.filter((_, i) => wanted.has(canonical(labels[column]?.[i] ?? {}))));
      const vector = data.getChildAt(places.get(column) ?? -1);
      return (row: number) => found.has(vector?.get(row));
    });
    return [...ranges, ...values];
  });
  let found = 0;
  for (let row = 0; row < data.numRows; row += 1) if (tests.some((all) => all.every((one) => one(row)))) found += 1;
  return found;
}

const kept = new WeakMap<Table, Map<number, ArrayLike<number>>>();

/** A column as plain numbers, made once; moments in local time, as ECharts draws them. */
function numbersOf(data: Table, index: number): ArrayLike<number> {
  const known = kept.get(data) ?? new Map<number, ArrayLike<number>>();
  kept.set(data, known);
  const there = known.get(index);
  if (there) return there;
  const vector = data.getChildAt(index);
  const type = data.schema.fields[index]?.type.typeId;
  const time = type === Type.Timestamp || type === Type.Date;
  const made = new Float64Array(data.numRows);
  for (let row = 0; row < data.numRows; row += 1) {
    const value = vector?.get(row);
    if (value === null || value === undefined) made[row] = Number.NaN;
    else made[row] = time ? Number(value) + new Date(Number(value)).getTimezoneOffset() * 60_000 : Number(value);
  }
  known.set(index, made);
  return made;
}

/** The area that a clicked item stands for, with its series' part; null where it stands for none. */
export function itemArea(
  choosing: { areas: (Area | null)[]; series: Record<string, Area> },
  item: number,
  series: string,
): Area | null {
  const area = choosing.areas[item];
  const more = choosing.series[series];
  if (!area && !more) return null;
  const ranges = { ...area?.ranges, ...more?.ranges };
  const values = { ...area?.values, ...more?.values };
  return {
    ...(Object.keys(ranges).length > 0 ? { ranges } : {}),
    ...(Object.keys(values).length > 0 ? { values } : {}),
  };
}

/** The areas with one more, or without it where it was among them. */
export function toggled(areas: readonly Area[], area: Area): Area[] {
  const text = canonical(area);
  const rest = areas.filter((one) => canonical(one) !== text);
  return rest.length < areas.length ? rest : [...areas, area];
}

/** An area as text that is the same for the same area. */
export const canonical = (area: Area): string => JSON.stringify(sorted(area));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!value || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}
