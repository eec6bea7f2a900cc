import { type ClipboardEvent, type KeyboardEvent, useState } from "react";
import { IconButton } from "../../../components/Button";
import { cellsOf } from "../../../graph/sheet/clip";
import type { Column } from "../../../graph/sheet/sheet";
import { sheetTexts as texts } from "../../../texts/sheet";
import css from "./sheet.module.css";

interface Props {
  columns: readonly Column[];
  types: readonly string[];
  /** Whether a name is there twice. */
  wrong: (index: number) => boolean;
  onRename: (index: number, name: string) => void;
  onType: (index: number, type: string) => void;
  onRemove: (index: number) => void;
  onAdd: (name: string) => void;
  /** Several cells were pasted where names stand. */
  onCells: (index: number, cells: string[][]) => void;
  /** Go down into the cells. */
  onDown: (index: number) => void;
}

/** The names and types of the columns, and a place to name one more. */
export function SheetHead({ columns, types, wrong, onRename, onType, onRemove, onAdd, onCells, onDown }: Props) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: its fields take focus
    <div className={css.head} role="row" aria-rowindex={1}>
      {/* biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: nothing to do there */}
      <div className={css.number} role="columnheader">
        <span className="said">#</span>
      </div>
      {columns.map(({ name, type }, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: its fields take focus
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place alone
          key={index}
          role="columnheader"
          className={css.column}
          aria-colindex={index + 2}
        >
          <Name
            name={name}
            label={texts.name(index + 1)}
            wrong={wrong(index)}
            onCells={(cells) => onCells(index, cells)}
            onName={(next) => next !== "" && onRename(index, next)}
            onDown={() => onDown(index)}
          />
          <div className={css.kind}>
            <select
              aria-label={texts.type(name)}
              value={type}
              onChange={(event) => onType(index, event.target.value)}
              onKeyDown={(event) => event.stopPropagation()}
            >
              {!types.includes(type) && <option value={type}>{type}</option>}
              {types.map((one) => (
                <option key={one} value={one}>
                  {texts.typeName(one)}
                </option>
              ))}
            </select>
            <IconButton
              icon="close"
              size="tiny"
              label={texts.removeColumn(name)}
              className={css.remove}
              onClick={() => onRemove(index)}
            />
          </div>
        </div>
      ))}
      {/* biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: its field takes focus */}
      <div role="columnheader" className={css.column} aria-colindex={columns.length + 2}>
        <Name
          key="new"
          name=""
          label={texts.newColumn}
          wrong={false}
          more
          onCells={(cells) => onCells(columns.length, cells)}
          onName={(name) => name !== "" && onAdd(name)}
          onDown={() => onDown(columns.length)}
        />
      </div>
    </div>
  );
}

interface NameProps {
  name: string;
  label: string;
  wrong: boolean;
  /** Tab stays for the next new one. */
  more?: boolean;
  onName: (name: string) => void;
  onCells: (cells: string[][]) => void;
  onDown: () => void;
}

function Name({ name, label, wrong, more, onName, onCells, onDown }: NameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const keep = (): void => {
    setDraft(null);
    if (draft !== null && draft.trim() !== name) onName(draft.trim());
  };
  const key = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const stays = event.key === "Tab" && !event.shiftKey && more && draft?.trim();
    if (event.key === "Escape" && draft !== null) setDraft(null);
    else if (event.key === "Enter" || event.key === "ArrowDown") {
      keep();
      onDown();
    } else if (stays) keep();
    else return;
    event.preventDefault();
  };
  const paste = (event: ClipboardEvent): void => {
    const cells = cellsOf(event.clipboardData.getData("text/plain"));
    event.stopPropagation();
    if (cells.length === 1 && cells[0]?.length === 1) return;
    event.preventDefault();
    setDraft(null);
    onCells(cells);
  };
  return (
    <input
      className={css.name}
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      aria-invalid={wrong}
      placeholder={more ? texts.newColumn : undefined}
      value={draft ?? name}
      onChange={(event) => setDraft(event.target.value)}
      onKeyDown={key}
      onPaste={paste}
      onBlur={keep}
    />
  );
}
