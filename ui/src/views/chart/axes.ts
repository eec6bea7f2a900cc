// What is chosen on parallel axes: pieces of each axis. A row is chosen where it crosses every axis that has pieces in one of them.

import type { Json } from "../../api/generated";
import { type Area, type Axes, canonical, rounded } from "./select";

/** From where to where; on an axis of texts the first and the last place among its labels. */
export type Piece = [number, number];

const merged = (one: Area, other: Area): Area => ({
  ...(one.ranges || other.ranges ? { ranges: { ...one.ranges, ...other.ranges } } : {}),
  ...(one.values || other.values ? { values: { ...one.values, ...other.values } } : {}),
});

/** The areas that pieces on the axes mean, as the node's setting has them. */
export function areasOn(choosing: Axes, pieces: readonly (readonly Piece[])[]): Area[] {
  let areas: Area[] = [];
  choosing.columns.forEach((column, axis) => {
    const own = alternatives(choosing, column, pieces[axis] ?? []);
    if (own.length === 0) return;
    areas = areas.length === 0 ? own : areas.flatMap((one) => own.map((other) => merged(one, other)));
  });
  return areas;
}

function alternatives(choosing: Axes, column: string, pieces: readonly Piece[]): Area[] {
  const labels = choosing.areas?.[column];
  if (!labels)
    return pieces.map(([low, high]) => ({
      ranges: { [column]: { at_least: rounded(low, high - low), at_most: rounded(high, high - low) } },
    }));
  const inside = labels.filter((_, place) => pieces.some(([low, high]) => place >= low && place <= high));
  const values = inside.flatMap((area) => area.values?.[column] ?? []);
  return values.length > 0 ? [{ values: { [column]: values } }] : [];
}

/** The pieces on each axis that areas mean. */
export function piecesOf(choosing: Axes, areas: readonly Area[]): Piece[][] {
  return choosing.columns.map((column) => {
    const labels = choosing.areas?.[column];
    const found = areas.flatMap((area) =>
      labels ? runs(labels, column, area.values?.[column] ?? []) : ends(area.ranges?.[column]),
    );
    return [...new Map(found.map((piece) => [String(piece), piece])).values()];
  });
}

const ends = (range: NonNullable<Area["ranges"]>[string] | undefined): Piece[] =>
  typeof range?.at_least === "number" && typeof range.at_most === "number" ? [[range.at_least, range.at_most]] : [];

/** Labels that stand beside each other are one piece. */
function runs(labels: readonly Area[], column: string, values: readonly Json[]): Piece[] {
  const chosen = new Set(values.map((value) => canonical({ values: { [column]: [value] } })));
  const pieces: Piece[] = [];
  labels.forEach((label, place) => {
    if (!chosen.has(canonical(label))) return;
    const last = pieces.at(-1);
    if (last && last[1] === place - 1) last[1] = place;
    else pieces.push([place, place]);
  });
  return pieces;
}
