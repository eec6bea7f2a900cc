import { useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { TextArea, TextInput } from "../components/Inputs";
import { useFetched } from "../components/useFetched";
import { unfoldTexts as texts } from "../texts/unfold";
import css from "./UnfoldPage.module.css";

/** A column that the network reads. `steps`: it takes so many values, one a step; 0: one value. */
export interface TypedColumn {
  name: string;
  type: string;
  steps: number;
}

type Row = Record<string, unknown>;

interface Props {
  columns: TypedColumn[];
  /** where the example that is open is told, to begin with */
  values: string | null;
  /** what was typed in before, in its place */
  before: string;
  onClose: () => void;
  onTyped: (row: string) => void;
}

/** A row of one's own, typed in by hand. */
export function TypeIn({ columns, values, before, onClose, onTyped }: Props) {
  const open = useFetched<Row>(before ? null : values);
  const from: Row = before ? JSON.parse(before) : (open.data ?? {});
  const [written, setWritten] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState("");
  const textOf = ({ name }: TypedColumn) => written[name] ?? asText(from[name]);
  const send = () => {
    const row: Record<string, unknown> = {};
    for (const column of columns) {
      const value = readAs(column, textOf(column));
      if (value === null) return setWrong(texts.notNumbers(column.name));
      if (Array.isArray(value) && value.length < column.steps)
        return setWrong(texts.tooFew(column.name, column.steps, value.length));
      row[column.name] = value;
    }
    onTyped(JSON.stringify(row));
  };
  return (
    <Dialog
      title={texts.typeIn}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button kind="primary" onClick={send}>
            {texts.useTyped}
          </Button>
        </>
      }
    >
      {columns.map((column) => {
        const change = (text: string) => setWritten((now) => ({ ...now, [column.name]: text }));
        const long = column.steps > 0 || column.type === "text" || column.type === "list";
        return (
          <div key={column.name} className={css.field}>
            {column.name}
            {isMany(column) && <span>{column.steps ? texts.steps(column.steps) : texts.list}</span>}
            {long ? (
              <TextArea
                aria-label={column.name}
                value={textOf(column)}
                rows={3}
                onChange={(event) => change(event.target.value)}
              />
            ) : (
              <TextInput
                aria-label={column.name}
                value={textOf(column)}
                onChange={(event) => change(event.target.value)}
              />
            )}
          </div>
        );
      })}
      {wrong && (
        <p className={css.wrong} role="alert">
          {wrong}
        </p>
      )}
    </Dialog>
  );
}

/** A value as a person would write it. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(", ");
  return value === null || value === undefined ? "" : String(value);
}

function isMany(column: TypedColumn): boolean {
  return column.steps > 0 || column.type === "list";
}

/** What was typed as the network takes it; null where numbers are wanted and none were written. */
function readAs(column: TypedColumn, text: string): unknown {
  if (isMany(column)) {
    const parts = text.split(/[\s,;]+/).filter(Boolean);
    const numbers = parts.map(Number);
    return parts.length > 0 && numbers.every(Number.isFinite) ? numbers : null;
  }
  if (column.type === "text") return text;
  if (column.type === "boolean") return /^(true|yes|1)$/i.test(text.trim());
  const number = Number(text);
  return text.trim() && Number.isFinite(number) ? number : null;
}
