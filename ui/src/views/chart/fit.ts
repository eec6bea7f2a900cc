// What of a chart depends on its room: how labels are set and which are left out, how many lines a legend takes.
// Names that are cut stand whole in the tooltip.

import type { Option } from "./option";

export interface Room {
  width: number;
  height: number;
}

const NARROW = 6.7; // pixels of a letter at the size of labels
const WIDE = 12.5; // of a Chinese sign or an emoji
const TALL = 13; // of a line of labels
const LEAST = 72; // room beneath which names are set slanting
const ANGLE = 40; // degrees
const SLOPE = Math.sin((ANGLE * Math.PI) / 180);
const LEGEND_LINE = 22;
const LEGEND_MARK = 45; // a legend's mark, and the gaps
const LEGEND_NAME = 190;
const BESIDE = 60; // numbers beside the drawing

/** About how wide a text is, in pixels. */
export function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) width += (sign.codePointAt(0) ?? 0) > 0x2e7f ? WIDE : NARROW;
  return width;
}

/** A name cut in its middle to a width: long names often differ at their end. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const letters = [...text];
  const most = Math.max(3, Math.floor((width / widthOf(text)) * letters.length) - 1);
  const end = Math.floor(most / 3);
  return `${letters
    .slice(0, most - end)
    .join("")
    .trimEnd()}…${letters
    .slice(letters.length - end)
    .join("")
    .trimStart()}`;
}

const object = (value: unknown): Option => (value && typeof value === "object" ? (value as Option) : {});
const each = (value: unknown, made: (one: Option) => Option): unknown =>
  Array.isArray(value) ? value.map((one) => made(object(one))) : value ? made(object(value)) : undefined;
const namesOf = (axis: unknown): string[] | null =>
  object(axis).type === "category" && Array.isArray(object(axis).data) ? (object(axis).data as string[]) : null;
const longest = (names: readonly string[]): number => Math.max(0, ...names.map(widthOf));

/** What to change of an option for the room there is; to be merged into it, anew whenever the room changes. */
export function fitted(option: Option, room: Room): Option {
  const legend = fitLegend(option, room);
  const many = Array.isArray(option.xAxis) || Array.isArray(option.grid);
  const beside = many ? null : namesOf(option.yAxis);
  const most = Math.min(200, room.width * 0.3);
  const width = room.width - (beside ? Math.min(most, longest(beside)) + 30 : BESIDE) - (option.visualMap ? 96 : 24);
  const x = many ? {} : across(object(option.xAxis), width, room.height, splits(room.width, 110, 10));
  const below = object(x.axisLabel).rotate ? slanting(room.height) : 0;
  const height = room.height - legend.lines * LEGEND_LINE - below - 30;
  const split = splits(height, 45, 5);
  return {
    ...legend.change,
    ...(option.xAxis && !many ? { xAxis: x } : {}),
    ...(option.yAxis && !many ? { yAxis: each(option.yAxis, (axis) => upright(axis, height, most, split)) } : {}),
    ...(option.parallelAxis ? { parallelAxis: each(option.parallelAxis, () => ({ splitNumber: split })) } : {}),
  };
}

const splits = (length: number, room: number, most: number): number =>
  Math.max(2, Math.min(most, Math.floor(length / room)));

function across(axis: Option, width: number, height: number, split: number): Option {
  const name = { nameTruncate: { maxWidth: Math.max(80, width * 0.9), ellipsis: "…" } };
  const names = namesOf(axis);
  if (!names) return { ...name, splitNumber: split };
  const label = object(axis.axisLabel);
  if (label.show === false || names.length === 0) return name;
  return { ...name, axisLabel: labels(names, width / names.length, height, label.rotate === 0) };
}

/** How names stand side by side.  ordered: ranges, of which some tell where the others lie. */
function labels(names: readonly string[], room: number, height: number, ordered: boolean): Option {
  const wide = longest(names);
  const set = (rotate: number, most: number, skipped: number) => ({
    rotate,
    interval: Math.max(0, skipped),
    hideOverlap: false,
    overflow: "none",
    formatter: (name: string) => cut(name, most),
  });
  if (wide + 10 <= room) return set(0, wide, 0);
  if (ordered) return set(0, wide, Math.ceil((wide + 14) / room) - 1);
  if (room >= LEAST) return set(0, room - 10, 0);
  return set(ANGLE, slanting(height) / SLOPE, Math.ceil(TALL / SLOPE / room) - 1);
}

/** How high slanting names may stand. */
const slanting = (height: number): number => Math.max(32, Math.min(90, height * 0.3));

function upright(axis: Option, height: number, most: number, split: number): Option {
  const name = { nameTruncate: { maxWidth: Math.max(40, height * 0.95), ellipsis: "…" } };
  const names = namesOf(axis);
  if (!names) return { ...name, splitNumber: split };
  if (object(axis.axisLabel).show === false) return name;
  const interval = Math.max(0, Math.ceil(TALL / Math.max(1, height / Math.max(1, names.length))) - 1);
  const formatter = (text: string) => cut(text, most);
  return { ...name, axisLabel: { interval, hideOverlap: false, overflow: "none", formatter } };
}

/** A legend in a few lines where they fit, else one that is paged; the drawing begins below it. */
function fitLegend(option: Option, { width, height }: Room): { lines: number; change: Option } {
  const legend = object(option.legend);
  const names = Array.isArray(legend.data) ? (legend.data as string[]) : [];
  if (!legend.show || names.length === 0) return { lines: 0, change: {} };
  let lines = 1;
  let used = 0;
  for (const name of names) {
    const own = Math.min(LEGEND_NAME, widthOf(name)) + LEGEND_MARK;
    if (used > 0 && used + own > width) {
      lines += 1;
      used = 0;
    }
    used += own;
  }
  const formatter = (name: string) => cut(name, LEGEND_NAME);
  const look = { ...legend, formatter, tooltip: { show: true }, textStyle: { fontSize: 12 } };
  const most = Array.isArray(option.grid) ? 1 : Math.max(1, Math.min(4, Math.floor((height * 0.28) / LEGEND_LINE)));
  if (lines > most) return { lines: 1, change: { legend: { ...look, type: "scroll" }, ...below(option, 0) } };
  return { lines, change: { legend: { ...look, type: "plain", width }, ...below(option, (lines - 1) * LEGEND_LINE) } };
}

function below(option: Option, more: number): Option {
  const frame = option.parallel ? "parallel" : "grid";
  const top = object(option[frame]).top;
  return typeof top === "number" ? { [frame]: { top: top + more } } : {};
}
