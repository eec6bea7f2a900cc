// A small table typed in by hand: columns with a name and a type, and rows of cells. Every edit gives a new one.

import { type Cell, fits, isName, proposed, read, shown } from "./cells";

export interface Column {
  readonly name: string;
  readonly type: string;
}
export type Row = readonly Cell[];
export interface Sheet {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}
export interface Place {
  row: number;
  column: number;
}
export interface Range {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export const MOST_CELLS = 50_000; // the whole table travels at every edit
export const EMPTY: Sheet = { columns: [], rows: [] };

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function freeName(columns: readonly Column[]): string {
  for (let number = columns.length + 1; ; number += 1) {
    const name = `column_${number}`;
    if (!columns.some((one) => same(one.name, name))) return name;
  }
}

const swapped = <T>(list: readonly T[], index: number, one: T): T[] =>
  list.map((old, other) => (other === index ? one : old));

const without = <T>(list: readonly T[], from: number, to = from): T[] =>
  list.filter((_, index) => index < from || index > to);

export const withColumn = ({ columns, rows }: Sheet, name = freeName(columns), type = "text"): Sheet => ({
  columns: [...columns, { name, type }],
  rows,
});

export const withoutColumn = ({ columns, rows }: Sheet, index: number): Sheet => ({
  columns: without(columns, index),
  rows: columns.length > 1 ? rows.map((row) => without(row, index)) : [],
});

export const withoutRows = ({ columns, rows }: Sheet, from: number, to: number): Sheet => ({
  columns,
  rows: without(rows, from, to),
});

export const withRow = ({ columns, rows }: Sheet, at: number): Sheet => ({
  columns,
  rows: [...rows.slice(0, at), columns.map(() => null), ...rows.slice(at)],
});

export const renamed = (sheet: Sheet, index: number, name: string): Sheet => {
  const column = sheet.columns[index];
  return column ? { ...sheet, columns: swapped(sheet.columns, index, { ...column, name }) } : sheet;
};

/** A column of another type: its cells are read anew. */
export function retyped(sheet: Sheet, index: number, type: string): Sheet {
  const column = sheet.columns[index];
  if (!column || column.type === type) return sheet;
  const anew = (cell: Cell | undefined): Cell => (cell === null || cell === undefined ? null : read(shown(cell), type));
  return {
    columns: swapped(sheet.columns, index, { ...column, type }),
    rows: sheet.rows.map((row) => (index < row.length ? swapped(row, index, anew(row[index])) : row)),
  };
}

/** Whether nothing stands in a column but for these rows. */
const isBlank = ({ rows }: Sheet, column: number, from: number, to: number): boolean =>
  rows.every((row, index) => (index >= from && index <= to) || shown(row[column]) === "");

/** The type of a column that nobody has chosen one for, once these texts stand in it. */
function widened(sheet: Sheet, column: number, texts: readonly string[], from: number): string {
  const now = sheet.columns[column]?.type ?? "text";
  const likely = proposed(texts);
  if (texts.every((one) => one.trim() === "")) return now;
  if (isBlank(sheet, column, from, from + texts.length - 1)) return likely;
  return now === "integer" && likely === "number" ? likely : now;
}

/**
 * Texts written into the cells from a place on; rows and columns are added as needed.
 * open: names of columns whose type was not chosen: what is written first says it.
 */
export function written(
  sheet: Sheet,
  at: Place,
  texts: readonly (readonly string[])[],
  open: ReadonlySet<string>,
): Sheet {
  const wide = Math.max(...texts.map((row) => row.length));
  const before = sheet.columns.length;
  let next = sheet;
  while (next.columns.length < at.column + wide) next = withColumn(next);
  for (let column = at.column; column < at.column + wide; column += 1) {
    const down = texts.map((row) => row[column - at.column] ?? "");
    if (column >= before || open.has(next.columns[column]?.name ?? ""))
      next = retyped(next, column, widened(next, column, down, at.row));
  }
  const { columns } = next;
  const rows: Row[] = [...next.rows];
  while (rows.length < at.row) rows.push(columns.map(() => null));
  texts.forEach((row, down) => {
    const cells: Cell[] = [...(rows[at.row + down] ?? [])];
    while (cells.length < columns.length) cells.push(null);
    row.forEach((text, across) => {
      const column = at.column + across;
      if (text !== shown(cells[column])) cells[column] = read(text, columns[column]?.type ?? "text");
    });
    rows[at.row + down] = cells;
  });
  return { columns, rows };
}

/** Whether the first row of pasted cells is likely to hold the columns' names. */
export function hasNames(cells: readonly (readonly string[])[]): boolean {
  const first = cells[0] ?? [];
  const names = new Set(first.map((one) => one.trim().toLowerCase()));
  return cells.length > 1 && names.size === first.length && first.every(isName);
}

/** A table of pasted cells.  named: whether their first row holds the names. */
export function tableOf(cells: readonly (readonly string[])[], named = hasNames(cells)): Sheet {
  const wide = Math.max(...cells.map((row) => row.length));
  let sheet = EMPTY;
  for (let column = 0; column < wide; column += 1)
    sheet = withColumn(sheet, (named && cells[0]?.[column]?.trim()) || undefined);
  const rows = named ? cells.slice(1) : cells;
  return rows.length > 0
    ? written(sheet, { row: 0, column: 0 }, rows, new Set(sheet.columns.map((one) => one.name)))
    : sheet;
}

/** Cells pasted where names stand: their first row gives names, from a column on, and the others what is below. */
export function headed(
  sheet: Sheet,
  column: number,
  cells: readonly (readonly string[])[],
  open: ReadonlySet<string>,
): Sheet {
  let next = sheet;
  (cells[0] ?? []).forEach((text, across) => {
    const name = text.trim();
    if (column + across >= next.columns.length) next = withColumn(next, name || undefined);
    else if (name) next = renamed(next, column + across, name);
  });
  if (cells.length < 2) return next;
  const fresh = next.columns.slice(sheet.columns.length).map(({ name }) => name);
  return written(next, { row: 0, column }, cells.slice(1), new Set([...open, ...fresh]));
}

/** The cells of a range as texts. */
export function cut({ rows }: Sheet, { top, bottom, left, right }: Range): string[][] {
  const wide = right - left + 1;
  return Array.from({ length: bottom - top + 1 }, (_, down) =>
    Array.from({ length: wide }, (_, across) => shown(rows[top + down]?.[left + across])),
  );
}

/** The same with the cells of a range missing. */
export function cleared(sheet: Sheet, range: Range): Sheet {
  const hit = (row: number, column: number): boolean =>
    row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;
  const rows = sheet.rows.map((row, index) =>
    row.some((cell, column) => cell !== null && hit(index, column))
      ? row.map((cell, column) => (hit(index, column) ? null : cell))
      : row,
  );
  return rows.some((row, index) => row !== sheet.rows[index]) ? { columns: sheet.columns, rows } : sheet;
}

/** The cells whose text does not fit the type of their column. */
export function misfits({ columns, rows }: Sheet): Place[] {
  return rows.flatMap((row, index) =>
    row.flatMap((cell, column) => (fits(cell, columns[column]?.type ?? "text") ? [] : [{ row: index, column }])),
  );
}

/** Whether a column has the name of one before it, as far as letters' size does not count. */
export const isTwice = ({ columns }: Sheet, index: number): boolean =>
  columns.slice(0, index).some((one) => same(one.name, columns[index]?.name ?? ""));
