import { numbers } from "../source/arrays";
import type { Direction, Head, ShownRow } from "../source/shapes";

/** One row of the second level, from the top down. */
export type TimeRow =
  | { kind: "shown"; of: "above" | "wanted" | "below"; row: ShownRow; y: number; height: number; name: string }
  | { kind: "loss"; y: number; height: number; name: string }
  | { kind: "cells"; layer: number; direction: Direction; y: number; height: number; name: string }
  | { kind: "norms"; errors: boolean; y: number; height: number; name: string };

const GAP = 10;

/** The rows and their places in a given height; layers share what the others leave. */
export function rowsOf(head: Head, height: number): { rows: TimeRow[]; height: number } {
  const above = head.above.map((row) => shown("above", row, row.title || "output"));
  const wanted = head.wanted.map((row) => shown("wanted", row, row.title || "wanted"));
  const below = head.below.map((row) => shown("below", row, row.title || "input"));
  const loss = head.step_losses ? [{ kind: "loss" as const, y: 0, height: 30, name: "J(t)" }] : [];
  const cells = head.layers
    .flatMap((_, layer) => head.directions.map((direction) => ({ layer, direction })))
    .reverse()
    .map(({ layer, direction }) => ({
      kind: "cells" as const,
      layer,
      direction,
      y: 0,
      height: 0,
      name: cellsName(head, layer, direction),
    }));
  const norms = [
    { kind: "norms" as const, errors: false, y: 0, height: 44, name: "norms" },
    { kind: "norms" as const, errors: true, y: 0, height: 44, name: "errors" },
  ];
  const rows: TimeRow[] = [...wanted, ...above, ...loss, ...cells, ...below, ...norms];
  const fixed = rows.reduce((sum, row) => sum + row.height, 0) + GAP * (rows.length + 1);
  const each = Math.max(64, Math.min(480, (height - fixed) / cells.length));
  for (const row of cells) row.height = each;
  let y = GAP;
  for (const row of rows) {
    row.y = y;
    y += row.height + GAP;
  }
  return { rows, height: y };
}

function shown(of: "above" | "wanted" | "below", row: ShownRow, name: string): TimeRow {
  return { kind: "shown", of, row, y: 0, height: heightOf(row), name };
}

/** Up to so many numbers a step are drawn as curves; more as lines of colour. */
const CURVES = 3;
/** Up to so many lines of colour have their names beside them; more are an image. */
const NAMED = 12;

export type Look = "words" | "curves" | "lines" | "image";

export function lookOf(row: ShownRow): Look {
  if (row.kind === "words") return "words";
  return row.names.length <= CURVES ? "curves" : row.names.length <= NAMED ? "lines" : "image";
}

/** Characters beyond which a row's name takes two lines. */
const LONG = 14;

/** Labels without what all of them begin and end with, and what they begin with: of a day's hours the date is said once. */
export function labelsOf(labels: string[]): { before: string; labels: string[] } {
  const [first = "", ...rest] = labels;
  if (rest.length < 3 || !/\d/.test(first)) return { before: "", labels };
  let start = 0;
  while (start < first.length && rest.every((label) => label[start] === first[start])) start++;
  while (start > 0 && /\w/.test(first[start - 1] ?? "")) start--;
  let end = 0;
  while (end < first.length - start - 1 && rest.every((label) => label.at(-1 - end) === first.at(-1 - end))) end++;
  while (end > 0 && /\w/.test(first.at(-end) ?? "")) end--;
  return {
    before: first.slice(0, start).replace(/\W+$/, ""),
    labels: labels.map((label) => label.slice(start, label.length - end)),
  };
}

function heightOf(row: ShownRow): number {
  const count = row.kind === "words" ? 1 : row.names.length;
  const words = row.kind === "words" && (row.title.length > LONG || labelsOf(row.labels).before) ? 32 : 24;
  const each = { words, curves: 44, lines: 12 * count, image: Math.max(54, Math.min(150, 4 * count)) };
  return each[lookOf(row)];
}

function cellsName(head: Head, layer: number, direction: Direction): string {
  const kind = head.spec.kind.toUpperCase();
  const number = head.layers.length > 1 ? ` ${layer + 1}` : "";
  return `${kind}${number}${head.directions.length > 1 ? (direction === "forward" ? " →" : " ←") : ""}`;
}

/** The columns of a row of numbers, one array a name. */
export function seriesOf(row: Extract<ShownRow, { kind: "series" }>): { name: string; values: number[] }[] {
  const all = numbers(row.values);
  const width = row.names.length;
  const count = width ? all.length / width : 0;
  return row.names.map((name, k) => ({
    name,
    values: Array.from({ length: count }, (_, t) => all[t * width + k] ?? 0),
  }));
}
