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

export type Choosing =
  | { kind: "brush"; x: string; y: string }
  | { kind: "items"; areas: (Area | null)[]; series: Record<string, Area> };

/** How one may choose in a figure, if one may. */
export function choosingOf(option: Record<string, Json>): Choosing | null {
  const own = option.peephole as { select?: Choosing } | undefined;
  const found = own?.select;
  // Boxes in one of several panels, and ranges along parallel axes, are set in the form.
  const drawable = found?.kind === "items" || (found?.kind === "brush" && typeof found.x === "string");
  return found && drawable ? found : null;
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

/** The area between two corners of a drawn box. */
export function boxArea(
  choosing: { x: string; y: string },
  from: readonly [number, number],
  to: readonly [number, number],
  times: boolean,
): Area {
  const range = (a: number, b: number, time: boolean): Range => {
    const [low, high] = a < b ? [a, b] : [b, a];
    return time
      ? { at_least: momentText(low), at_most: momentText(high) }
      : { at_least: rounded(low, high - low), at_most: rounded(high, high - low) };
  };
  return { ranges: { [choosing.x]: range(from[0], to[0], times), [choosing.y]: range(from[1], to[1], false) } };
}

/** No more digits than a drawn box can mean. */
function rounded(value: number, span: number): number {
  if (!Number.isFinite(value) || span <= 0) return value;
  const digits = Math.min(15, Math.max(1, Math.ceil(Math.log10(Math.max(Math.abs(value), span) / span)) + 5));
  return Number(value.toPrecision(digits));
}

/** The corners of an area drawn as a box, as numbers on the axes; null where it is none. */
export function cornersOf(area: Area, choosing: { x: string; y: string }): [[number, number], [number, number]] | null {
  const [x, y] = [area.ranges?.[choosing.x], area.ranges?.[choosing.y]];
  if (x?.at_least === undefined || x.at_most === undefined || y?.at_least === undefined || y.at_most === undefined)
    return null;
  return [
    [moment(x.at_least), moment(y.at_least)],
    [moment(x.at_most), moment(y.at_most)],
  ];
}

/** How many rows of the data lie in any of the boxes: the first column of the figure is x, the second y. */
export function countInside(
  data: Table,
  boxes: readonly (readonly [readonly [number, number], readonly [number, number]])[],
): number {
  const [xs, ys] = [numbersOf(data, 0), numbersOf(data, 1)];
  let found = 0;
  for (let row = 0; row < data.numRows; row += 1) {
    const x = xs[row] as number;
    const y = ys[row] as number;
    if (boxes.some(([low, high]) => x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1])) found += 1;
  }
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
