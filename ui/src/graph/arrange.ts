// Placing boxes in columns from left to right, so that wires run forward and cross little.

import { type Document, type Place, wireOf } from "./document";

export interface Size {
  width: number;
  height: number;
  /** how far below the top wires come in and go out; the middle if not given */
  into?: number;
  out?: number;
}

const GAP_X = 72;
const GAP_Y = 28;
const SWEEPS = 8;

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighbours(ids: readonly string[], edges: readonly (readonly [string, string])[]): [Neighbours, Neighbours] {
  const before = new Map<string, string[]>(ids.map((id) => [id, []]));
  const after = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const [source, target] of edges) {
    after.get(source)?.push(target);
    before.get(target)?.push(source);
  }
  return [before, after];
}

/** Wires between the given nodes, each pair once, less those that close a circle. */
function forward(document: Document, ids: readonly string[]): (readonly [string, string])[] {
  const known = new Set(ids);
  const next = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]));
  for (const { source, target } of document.wires.map(wireOf))
    if (known.has(source) && known.has(target) && source !== target) next.get(source)?.add(target);
  const kept: (readonly [string, string])[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (id: string): void => {
    state.set(id, "open");
    for (const target of next.get(id) ?? []) {
      if (state.get(target) === "open") continue;
      kept.push([id, target]);
      if (!state.has(target)) visit(target);
    }
    state.set(id, "done");
  };
  for (const id of ids) if (!state.has(id)) visit(id);
  return kept;
}

/** The column of each box: right of all it reads from; what reads nothing stands just before its first reader. */
function ranks(ids: readonly string[], before: Neighbours, after: Neighbours): Map<string, number> {
  const rank = new Map<string, number>();
  const depth = (id: string): number => {
    const known = rank.get(id);
    if (known !== undefined) return known;
    const found = Math.max(-1, ...(before.get(id) ?? []).map(depth)) + 1;
    rank.set(id, found);
    return found;
  };
  ids.forEach(depth);
  for (const id of ids) {
    const readers = after.get(id) ?? [];
    if (before.get(id)?.length === 0 && readers.length > 0)
      rank.set(id, Math.min(...readers.map((one) => rank.get(one) ?? 0)) - 1);
  }
  return rank;
}

/** Middles as near as possible to those wanted, in order and without overlap (pool adjacent violators). */
function spread(wanted: readonly number[], heights: readonly number[]): number[] {
  const offsets: number[] = [];
  heights.forEach((height, i) => {
    offsets.push(i === 0 ? 0 : (offsets[i - 1] ?? 0) + ((heights[i - 1] ?? 0) + height) / 2 + GAP_Y);
  });
  const pools: { value: number; count: number }[] = [];
  wanted.forEach((want, i) => {
    pools.push({ value: want - (offsets[i] ?? 0), count: 1 });
    for (let last = pools.length - 1; last > 0; last -= 1) {
      const [a, b] = [pools[last - 1], pools[last]];
      if (!a || !b || a.value < b.value) break;
      const count = a.count + b.count;
      pools.splice(last - 1, 2, { value: (a.value * a.count + b.value * b.count) / count, count });
    }
  });
  return pools.flatMap(({ value, count }) => Array<number>(count).fill(value)).map((v, i) => v + (offsets[i] ?? 0));
}

/** A place for each of the nodes, the first column's left upper corner at `origin`. */
export function arranged(
  document: Document,
  ids: readonly string[],
  size: (id: string) => Size,
  origin: readonly [number, number] = [0, 0],
): Record<string, Place> {
  if (ids.length === 0) return {};
  const [before, after] = neighbours(ids, forward(document, ids));
  const rank = ranks(ids, before, after);
  const lowest = Math.min(...rank.values());
  const columns: string[][] = [];
  for (const id of ids) {
    const column = (rank.get(id) ?? 0) - lowest;
    while (columns.length <= column) columns.push([]);
    columns[column]?.push(id);
  }
  const middle = middles(columns, before, after, size);
  const top = Math.min(...ids.map((id) => (middle.get(id) ?? 0) - size(id).height / 2));
  const places: Record<string, Place> = {};
  let x = 0;
  for (const column of columns) {
    for (const id of column)
      places[id] = [
        Math.round(origin[0] + x),
        Math.round(origin[1] + (middle.get(id) ?? 0) - size(id).height / 2 - top),
      ];
    x += Math.max(0, ...column.map((id) => size(id).width)) + GAP_X;
  }
  return places;
}

function middles(columns: string[][], before: Neighbours, after: Neighbours, size: (id: string) => Size) {
  const middle = new Map<string, number>();
  /** how far below its middle wires come into a box, or go out of it */
  const offset = (id: string, side: "into" | "out"): number => {
    const { height, [side]: below = height / 2 } = size(id);
    return below - height / 2;
  };
  const at = (id: string, side: "into" | "out"): number => (middle.get(id) ?? 0) + offset(id, side);
  const place = (column: string[], wanted: number[]): void => {
    const heights = column.map((id) => size(id).height);
    spread(wanted, heights).forEach((y, i) => {
      middle.set(column[i] ?? "", y);
    });
  };
  for (const column of columns)
    place(
      column,
      column.map((_, i) => i * 10),
    );
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const rightward = sweep % 2 === 0;
    for (const column of rightward ? columns : [...columns].reverse()) {
      const want = (id: string): number => {
        const left = (before.get(id) ?? []).map((one) => at(one, "out") - offset(id, "into"));
        const right = (after.get(id) ?? []).map((one) => at(one, "into") - offset(id, "out"));
        const side = rightward ? left : right;
        const near = sweep < SWEEPS - 2 && side.length > 0 ? side : [...left, ...right];
        if (near.length === 0) return middle.get(id) ?? 0;
        return near.reduce((sum, one) => sum + one, 0) / near.length;
      };
      const wanted = new Map(column.map((id) => [id, want(id)]));
      if (sweep < SWEEPS - 2) column.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      place(
        column,
        column.map((id) => wanted.get(id) ?? 0),
      );
    }
  }
  return middle;
}

/** Places for the nodes that have none: beside those that have one, or all of them anew where none has. */
export function placesForAll(document: Document, size: (id: string) => Size): Record<string, Place> {
  const missing = Object.keys(document.nodes).filter((id) => !document.layout[id]);
  if (missing.length === 0) return {};
  const there = Object.entries(document.layout).filter(([id]) => Object.hasOwn(document.nodes, id));
  if (there.length === 0) return arranged(document, missing, size);
  const left = Math.min(...there.map(([, place]) => place[0]));
  const bottom = Math.max(...there.map(([id, place]) => place[1] + size(id).height));
  return arranged(document, missing, size, [left, bottom + 2 * GAP_Y]);
}

export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom" | "across" | "down";

/** New corners for boxes that are aligned, or set at equal distances across or down. */
export function aligned(
  boxes: readonly (Size & { id: string; x: number; y: number })[],
  how: Alignment,
): Record<string, Place> {
  const left = Math.min(...boxes.map((b) => b.x));
  const right = Math.max(...boxes.map((b) => b.x + b.width));
  const top = Math.min(...boxes.map((b) => b.y));
  const bottom = Math.max(...boxes.map((b) => b.y + b.height));
  if (how === "across" || how === "down") return distributed(boxes, how === "across" ? "x" : "y");
  const x = { left: () => left, centre: (w: number) => (left + right - w) / 2, right: (w: number) => right - w };
  const y = { top: () => top, middle: (h: number) => (top + bottom - h) / 2, bottom: (h: number) => bottom - h };
  return Object.fromEntries(
    boxes.map((b): [string, Place] => [
      b.id,
      [
        Math.round(how in x ? x[how as keyof typeof x](b.width) : b.x),
        Math.round(how in y ? y[how as keyof typeof y](b.height) : b.y),
      ],
    ]),
  );
}

function distributed(boxes: readonly (Size & { id: string; x: number; y: number })[], axis: "x" | "y") {
  const extent = axis === "x" ? "width" : "height";
  const sorted = [...boxes].sort((a, b) => a[axis] - b[axis]);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return {};
  const filled = sorted.reduce((sum, b) => sum + b[extent], 0);
  const gap = (last[axis] + last[extent] - first[axis] - filled) / Math.max(1, sorted.length - 1);
  let at = first[axis];
  const places: Record<string, Place> = {};
  for (const b of sorted) {
    places[b.id] = axis === "x" ? [Math.round(at), b.y] : [b.x, Math.round(at)];
    at += b[extent] + gap;
  }
  return places;
}
