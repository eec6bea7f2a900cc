import { memo, type RefObject, useLayoutEffect, useRef } from "react";
import { fits, shown } from "../../../graph/sheet/cells";
import type { Column, Row } from "../../../graph/sheet/sheet";
import { sheetTexts as texts } from "../../../texts/sheet";
import css from "./sheet.module.css";
import type { On } from "./useSheet";

interface Props {
  index: number;
  cells: Row | undefined;
  columns: readonly Column[];
  /** index of the active cell, -1 where it is in another row */
  active: number;
  /** chosen cells, from and to; -1: none */
  left: number;
  right: number;
  draft: string | null;
  inside: boolean;
  top: number;
  focusing: RefObject<boolean>;
  message: string;
  on: On;
}

const NUMBERS = ["integer", "number"];

/** One row; beside its cells stands one for a column that is not there yet. */
export const SheetRow = memo(function SheetRow(props: Props) {
  const { index, cells, columns, active, left, right, top, on } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: its cells take focus
    <div className={css.row} role="row" aria-rowindex={index + 2} style={{ top }} data-new={cells === undefined}>
      {/* biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: its button takes focus */}
      <div className={css.number} role="rowheader" data-chosen={left >= 0}>
        {cells === undefined ? (
          <span className="said">{texts.newRow}</span>
        ) : (
          <button
            type="button"
            tabIndex={-1}
            aria-label={texts.row(index + 1)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={(event) => on.chooseRow(index, event.shiftKey)}
          >
            {index + 1}
          </button>
        )}
      </div>
      {Array.from({ length: columns.length + 1 }, (_, column) => {
        const cell = cells?.[column];
        const type = columns[column]?.type ?? "text";
        const misfit = !fits(cell, type);
        return (
          // biome-ignore lint/a11y/useSemanticElements: a cell of a grid
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place alone
            key={column}
            role="gridcell"
            tabIndex={-1}
            className={css.cell}
            aria-colindex={column + 2}
            aria-selected={column >= left && column <= right}
            data-active={column === active}
            data-wrong={misfit}
            data-number={NUMBERS.includes(type)}
            data-path={`rows[${index}][${column}]`}
            title={column === active ? undefined : shown(cell) || undefined}
            onMouseDown={(event) => {
              if (column === active || event.button !== 0) return;
              event.preventDefault();
              on.choose({ row: index, column }, event.shiftKey);
            }}
            onMouseEnter={(event) => event.buttons === 1 && on.choose({ row: index, column }, true)}
          >
            {column === active ? (
              <Field {...props} text={shown(cell)} name={columns[column]?.name ?? texts.newColumn} misfit={misfit} />
            ) : (
              shown(cell)
            )}
          </div>
        );
      })}
    </div>
  );
});

/** The active cell: all of its text is chosen, so that typing replaces it, until the caret is put into it. */
function Field(props: Props & { text: string; name: string; misfit: boolean }) {
  const { index, draft, inside, focusing, message, on, text, name, misfit } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (!focusing.current) return;
    focusing.current = false;
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  });
  useLayoutEffect(() => {
    if (!inside) return;
    const end = field.current?.value.length ?? 0;
    if (field.current?.selectionStart === 0) field.current.setSelectionRange(end, end);
  }, [inside]);
  return (
    <textarea
      ref={field}
      rows={1}
      spellCheck={false}
      autoComplete="off"
      aria-label={texts.cell(name, index + 1)}
      aria-invalid={misfit}
      aria-describedby={misfit && message ? message : undefined}
      data-inside={inside || draft !== null}
      value={draft ?? text}
      onChange={(event) => on.type(event.target.value)}
      onFocus={(event) => event.target.select()}
      onMouseDown={() => document.activeElement === field.current && on.inside()}
      onBlur={on.keep}
      onKeyDown={on.key}
      onPaste={on.paste}
      onCopy={(event) => on.copy(event, false)}
      onCut={(event) => on.copy(event, true)}
    />
  );
}
