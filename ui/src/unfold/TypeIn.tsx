import { useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { TextArea, TextInput } from "../components/Inputs";
import { unfoldTexts as texts } from "../texts/unfold";
import css from "./UnfoldPage.module.css";

/** A column that the network reads. `steps`: it takes one value a step. */
export interface TypedColumn {
  name: string;
  type: string;
  steps: boolean;
}

interface Props {
  columns: TypedColumn[];
  onClose: () => void;
  onTyped: (row: string) => void;
}

/** A row of one's own, typed in by hand. */
export function TypeIn({ columns, onClose, onTyped }: Props) {
  const [written, setWritten] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState("");
  const send = () => {
    const row: Record<string, unknown> = {};
    for (const column of columns) {
      const value = readAs(column, written[column.name] ?? "");
      if (value === null) return setWrong(texts.notNumbers(column.name));
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
        const long = column.steps || column.type === "text" || column.type === "list";
        return (
          <div key={column.name} className={css.field}>
            {column.name}
            {isMany(column) && <span>{texts.steps}</span>}
            {long ? (
              <TextArea
                aria-label={column.name}
                value={written[column.name] ?? ""}
                rows={3}
                onChange={(event) => change(event.target.value)}
              />
            ) : (
              <TextInput
                aria-label={column.name}
                value={written[column.name] ?? ""}
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

function isMany(column: TypedColumn): boolean {
  return column.steps || column.type === "list";
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
