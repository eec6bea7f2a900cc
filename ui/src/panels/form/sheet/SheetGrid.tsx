import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useMemo, useRef } from "react";
import { IconButton, LinkButton } from "../../../components/Button";
import { shown } from "../../../graph/sheet/cells";
import {
  isTwice,
  misfits,
  type Place,
  renamed,
  retyped,
  type Sheet,
  withColumn,
  withoutColumn,
  withoutRows,
  withRow,
} from "../../../graph/sheet/sheet";
import { sheetTexts as texts } from "../../../texts/sheet";
import { SheetHead } from "./SheetHead";
import { SheetRow } from "./SheetRow";
import css from "./sheet.module.css";
import { useSheet } from "./useSheet";

const ROW = 28; // px, as in sheet.module.css
const HEAD = 58;

interface Props {
  sheet: Sheet;
  types: readonly string[];
  /** names of columns whose type nobody has chosen */
  open: Set<string>;
  label: string;
  /** px that it may be high */
  tall: number;
  /** the cell that a message led to */
  led?: Place | undefined;
  onChange: (next: Sheet) => void;
}

/** A small spreadsheet. */
export function SheetGrid({ sheet, types, open, label, tall, led, onChange }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const message = useId();
  const { active, range, draft, inside, made, focusing, on, go, change, fill, putNames } = useSheet({
    sheet,
    open,
    onChange,
  });
  const { columns, rows } = sheet;
  const virtual = useVirtualizer({
    count: rows.length + 1,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 6,
    scrollPaddingStart: HEAD,
    paddingStart: HEAD,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another row is the active one
  useEffect(() => virtual.scrollToIndex(active.row), [active.row]);
  useEffect(() => {
    const cell = frame.current?.querySelector("[data-active=true]");
    if (active.column >= 0 && focusedIn(frame.current)) cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active.column]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each message that led here
  useEffect(() => {
    if (led) go(led);
  }, [led]);

  const wrong = useMemo(() => misfits(sheet), [sheet]);
  const told = wrong.find((one) => one.row === active.row && one.column === active.column) ?? wrong[0];
  const twice = columns.findIndex((_, index) => isTwice(sheet, index));
  const to = Math.min(range.bottom, rows.length - 1);
  const seen = virtual.getVirtualItems().map(({ index }) => index);
  const shownRows = seen.includes(active.row) ? seen : [...seen, active.row]; // it has the focus
  const style = { "--columns": columns.length + 1, maxHeight: tall } as React.CSSProperties;
  const said = told && columns[told.column];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys in the sheet are not the canvas's
    <div className={css.sheet} onKeyDown={(event) => event.ctrlKey || event.metaKey || event.stopPropagation()}>
      {/* biome-ignore lint/a11y/useSemanticElements: only the rows that are seen exist */}
      <div
        ref={frame}
        role="grid"
        className={css.frame}
        style={style}
        aria-label={label}
        aria-rowcount={rows.length + 2}
        aria-colcount={columns.length + 2}
        aria-multiselectable="true"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: rows of a grid */}
        <div className={css.sizer} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          <SheetHead
            columns={columns}
            types={types}
            wrong={(index) => isTwice(sheet, index)}
            onRename={(index, name) => {
              const before = columns[index]?.name ?? "";
              if (open.delete(before)) open.add(name);
              change(renamed(sheet, index, name));
            }}
            onType={(index, type) => {
              open.delete(columns[index]?.name ?? "");
              change(retyped(sheet, index, type));
            }}
            onRemove={(index) => {
              open.delete(columns[index]?.name ?? "");
              change(withoutColumn(sheet, index));
            }}
            onAdd={(name) => {
              open.add(name);
              change(withColumn(sheet, name));
            }}
            onCells={putNames}
            onDown={(column) => go({ row: 0, column })}
          />
          {shownRows.map((index) => (
            <SheetRow
              key={index}
              index={index}
              cells={rows[index]}
              columns={columns}
              active={index === active.row ? active.column : -1}
              left={index >= range.top && index <= range.bottom ? range.left : -1}
              right={index >= range.top && index <= range.bottom ? range.right : -2}
              draft={index === active.row ? draft : null}
              inside={index === active.row && inside}
              top={HEAD + index * ROW}
              focusing={focusing}
              message={message}
              on={on}
            />
          ))}
        </div>
      </div>
      <div className={css.foot}>
        <span>{texts.size(rows.length, columns.length)}</span>
        <IconButton
          icon="plus"
          size="tiny"
          label={texts.insertRow}
          disabled={active.row >= rows.length}
          onClick={() => change(withRow(sheet, range.top))}
        />
        <IconButton
          icon="trash"
          size="tiny"
          label={texts.removeRows(range.top + 1, Math.max(range.top, to) + 1)}
          disabled={range.top >= rows.length}
          onClick={() => change(withoutRows(sheet, range.top, to))}
        />
      </div>
      {made && (
        <p className={css.made} role="status">
          {made.named ? texts.gaveNames : texts.noNames}{" "}
          <LinkButton onClick={() => fill(made.cells, !made.named)}>
            {made.named ? texts.keepAsRow : texts.takeAsNames}
          </LinkButton>
        </p>
      )}
      {twice >= 0 && <p className={css.wrong}>{texts.twice(columns[twice]?.name ?? "")}</p>}
      {told && said && (
        <p className={css.wrong}>
          <span id={message}>
            {texts.misfit(shown(rows[told.row]?.[told.column]), said.name, told.row + 1, said.type)}
          </span>{" "}
          {wrong.length > 1 && `${texts.misfits(wrong.length)} `}
          {(told.row !== active.row || told.column !== active.column) && (
            <LinkButton onClick={() => go(told)}>{texts.goThere}</LinkButton>
          )}
        </p>
      )}
    </div>
  );
}

const focusedIn = (element: HTMLElement | null): boolean => element?.contains(document.activeElement) ?? false;
