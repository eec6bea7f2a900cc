// Where the keys lead in a sheet.

import type { Place } from "./sheet";

export interface Size {
  rows: number;
  columns: number;
}

export interface Press {
  key: string;
  shift: boolean;
  /** Ctrl, or the command key. */
  mod: boolean;
}

const PAGE = 10;
const STEPS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-PAGE, 0],
  PageDown: [PAGE, 0],
};

const clamped = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** Where an arrow and the like lead; null where the key does not move. Ctrl goes to the edge. */
export function moved(at: Place, { key, mod }: Press, size: Size): Place | null {
  if (key === "Home") return { row: mod ? 0 : at.row, column: 0 };
  if (key === "End") return { row: mod ? size.rows - 1 : at.row, column: size.columns - 1 };
  const [down, across] = STEPS[key] ?? [0, 0];
  if (down === 0 && across === 0) return null;
  const far = mod ? Number.POSITIVE_INFINITY : 1;
  const by = (step: number): number => (step === 0 ? 0 : step * far);
  return { row: clamped(at.row + by(down), size.rows), column: clamped(at.column + by(across), size.columns) };
}

/** The cell after this one, or before it, row by row; null where the sheet ends. */
export function tabbed(at: Place, back: boolean, size: Size): Place | null {
  const next = at.column + (back ? -1 : 1);
  if (next >= 0 && next < size.columns) return { row: at.row, column: next };
  const row = at.row + (back ? -1 : 1);
  return row < 0 || row >= size.rows ? null : { row, column: back ? size.columns - 1 : 0 };
}
