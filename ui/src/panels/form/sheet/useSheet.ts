import { type ClipboardEvent, type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { count } from "../../../components/formats";
import { shown } from "../../../graph/sheet/cells";
import { cellsOf, textOf } from "../../../graph/sheet/clip";
import { moved, type Press, tabbed } from "../../../graph/sheet/moving";
import {
  cleared,
  cut,
  headed,
  MOST_CELLS,
  type Place,
  type Range,
  type Sheet,
  tableOf,
  written,
} from "../../../graph/sheet/sheet";
import { useDocument } from "../../../store/document";
import { forget, wait } from "../../../store/drafts";
import { notify } from "../../../store/notices";
import { sheetTexts as texts } from "../../../texts/sheet";

const START: Place = { row: 0, column: 0 };

const rangeOf = (a: Place, b: Place): Range => ({
  top: Math.min(a.row, b.row),
  bottom: Math.max(a.row, b.row),
  left: Math.min(a.column, b.column),
  right: Math.max(a.column, b.column),
});

/** Cells that have just made a whole table, and whether their first row was taken as names. */
export interface Made {
  cells: string[][];
  named: boolean;
}

/** Whether there are more cells than a sheet takes: the person is told. */
function tooMany(cells: readonly (readonly string[])[]): boolean {
  const amount = cells.reduce((sum, row) => sum + row.length, 0);
  if (amount > MOST_CELLS) notify({ tone: "bad", text: texts.tooMany(count(amount)), remedy: texts.tooManyRemedy });
  return amount > MOST_CELLS;
}

interface Given {
  sheet: Sheet;
  /** names of columns whose type nobody has chosen */
  open: Set<string>;
  onChange: (next: Sheet) => void;
}

/** Which cell is active, what is typed in it and not yet kept, and what the keys and the clipboard do. */
export function useSheet({ sheet, open, onChange }: Given) {
  const size = { rows: sheet.rows.length + 1, columns: sheet.columns.length + 1 };
  const [at, setAt] = useState(START);
  const [corner, setCorner] = useState(START);
  const [draft, setDraft] = useState<string | null>(null);
  /** the caret stands in the text, and the arrows move it */
  const [inside, setInside] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const active = { row: Math.min(at.row, size.rows - 1), column: Math.min(at.column, size.columns - 1) };
  const range = rangeOf(active, {
    row: Math.min(corner.row, size.rows - 1),
    column: Math.min(corner.column, size.columns - 1),
  });
  /** the next cell to be drawn as active takes the focus */
  const focusing = useRef(false);
  const leaving = useRef(false);
  /** where a run of Tabs began: Enter goes back below it */
  const origin = useRef<number | null>(null);
  const typed = useRef<string | null>(null);

  const change = (next: Sheet): void => {
    setMade(null);
    onChange(next);
  };
  const write = (place: Place, cells: string[][]): void => {
    const next = written(sheet, place, cells, open);
    for (const { name } of next.columns.slice(sheet.columns.length)) open.add(name);
    change(next);
  };
  const keep = (): void => {
    const text = typed.current;
    typed.current = null;
    forget(settle);
    setDraft(null);
    setInside(false);
    if (text !== null && text !== shown(sheet.rows[active.row]?.[active.column])) write(active, [[text]]);
  };
  const latest = useRef(keep);
  latest.current = keep;
  const settle = useCallback(() => latest.current(), []);
  useEffect(() => () => settle(), [settle]);

  const type = (text: string): void => {
    if (typed.current === null) wait(settle);
    typed.current = text;
    setDraft(text);
  };
  const drop = (): void => {
    typed.current = null;
    forget(settle);
    setDraft(null);
    setInside(false);
  };
  const go = (to: Place, extend = false): void => {
    keep();
    leaving.current = false;
    focusing.current = true;
    setAt(extend ? at : to);
    setCorner(to);
  };
  const choose = (to: Place, extend: boolean): void => {
    origin.current = null;
    go(to, extend);
  };
  const chooseRow = (row: number, extend: boolean): void => {
    keep();
    focusing.current = true;
    setAt({ row: extend ? active.row : row, column: 0 });
    setCorner({ row, column: size.columns - 1 });
  };

  const tab = (event: KeyboardEvent): void => {
    if (leaving.current) return;
    const fresh = active.column === sheet.columns.length && draft !== null && draft.trim() !== "";
    const columns = fresh ? size.columns + 1 : Math.max(1, sheet.columns.length, active.column + 1);
    const to = tabbed(active, event.shiftKey, { rows: size.rows + Number(fresh), columns });
    if (!to) return; // what is typed is kept when the focus goes
    event.preventDefault();
    origin.current ??= active.column;
    go(to);
  };
  const enter = (event: KeyboardEvent): void => {
    keep(); // before a run that Ctrl and Enter begin
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = active.row + (event.shiftKey ? -1 : 1);
    const column = event.shiftKey ? active.column : (origin.current ?? active.column);
    origin.current = null;
    go({ row: Math.max(0, row), column });
  };
  const back = (event: KeyboardEvent): void => {
    if (draft === null && !inside) {
      leaving.current = true; // the next Tab leaves the sheet
      return;
    }
    event.preventDefault();
    drop();
  };
  const step = (event: KeyboardEvent): boolean => {
    const press: Press = { key: event.key, shift: event.shiftKey, mod: event.ctrlKey || event.metaKey };
    const across = ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key);
    if (inside && across) return false;
    const from = press.shift ? corner : active;
    const to = moved(from, press, size);
    if (!to) return false;
    event.preventDefault();
    choose(to, press.shift && draft === null);
    return true;
  };
  const steer = (event: KeyboardEvent): void => {
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (draft !== null || inside) return;
    if (event.key === "Delete" || event.key === "Backspace") change(cleared(sheet, range));
    else if (mod && key === "a") {
      setAt(START);
      setCorner({ row: size.rows - 1, column: size.columns - 1 });
    } else if (mod && (key === "y" || (key === "z" && event.shiftKey))) useDocument.getState().redo();
    else if (mod && key === "z") useDocument.getState().undo();
    else if (event.key === "F2") setInside(true);
    else return;
    event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const own = { Tab: tab, Enter: enter, Escape: back }[event.key];
    if (own) own(event);
    else if (!step(event)) steer(event);
  };

  const paste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData("text/plain");
    event.stopPropagation();
    if (text === "" || inside || draft !== null) return;
    event.preventDefault();
    const cells = cellsOf(text);
    if (tooMany(cells)) return;
    if (sheet.columns.length === 0 && (cells.length > 1 || (cells[0]?.length ?? 0) > 1)) fill(cells);
    else put(cells);
  };
  const putNames = (column: number, cells: string[][]): void => {
    if (tooMany(cells)) return;
    const next = headed(sheet, column, cells, open);
    for (const { name } of next.columns.slice(sheet.columns.length)) open.add(name);
    change(next);
  };
  const put = (cells: string[][]): void => {
    const from = { row: range.top, column: range.left };
    write(from, cells);
    setAt(from);
    const wide = Math.max(...cells.map((row) => row.length));
    setCorner({ row: from.row + cells.length - 1, column: from.column + wide - 1 });
  };
  const fill = (cells: string[][], named?: boolean): void => {
    const next = tableOf(cells, named);
    for (const { name } of next.columns) open.add(name);
    onChange(next);
    if (cells.length > 1) setMade({ cells, named: next.rows.length < cells.length });
  };
  const copy = (event: ClipboardEvent, remove: boolean): void => {
    if (draft !== null || inside) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", textOf(cut(sheet, range)));
    if (remove) change(cleared(sheet, range));
  };

  const handlers = { type, keep, choose, chooseRow, onKeyDown, paste, copy, setInside };
  const now = useRef(handlers);
  now.current = handlers;
  /** the same at every drawing, so that rows that stay need not be drawn again */
  const on = useMemo(
    () => ({
      type: (text: string) => now.current.type(text),
      keep: () => now.current.keep(),
      choose: (to: Place, extend: boolean) => now.current.choose(to, extend),
      chooseRow: (row: number, extend: boolean) => now.current.chooseRow(row, extend),
      key: (event: KeyboardEvent) => now.current.onKeyDown(event),
      paste: (event: ClipboardEvent) => now.current.paste(event),
      copy: (event: ClipboardEvent, remove: boolean) => now.current.copy(event, remove),
      inside: () => now.current.setInside(true),
    }),
    [],
  );
  return { active, range, draft, inside, made, focusing, on, go, change, fill, putNames };
}

export type On = ReturnType<typeof useSheet>["on"];
