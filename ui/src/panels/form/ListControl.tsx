import { useState } from "react";
import { TextInput } from "../../components/Inputs";
import { formTexts } from "../../texts/form";
import { Control } from "./Control";
import { Entries } from "./Entries";
import { emptyValue, type Json } from "./fields";
import css from "./form.module.css";
import { readNumber } from "./PlainControls";
import { type Of, useScope } from "./scope";

/** Entries of a list typed in one line, apart by commas; quotation marks keep commas, spaces and empty words. */
export function readList(text: string): string[] {
  if (text.trim() === "") return [];
  const found: string[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*?))\s*(?:,|$)/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    found.push(match[1] !== undefined ? match[1].replaceAll(/\\(.)/g, "$1") : (match[2] ?? ""));
    if (pattern.lastIndex >= text.length) break;
  }
  return found;
}

/** A list as `readList` reads it. */
export function writeList(entries: readonly Json[]): string {
  return entries
    .map((one) => {
      const text = String(one);
      return text === "" || /[",]|^\s|\s$/.test(text) ? JSON.stringify(text) : text;
    })
    .join(", ");
}

/** Texts and numbers in one line; anything else as entries below each other. */
export function ListControl(props: Of<"list">) {
  const { field, value, onChange, path, id, label } = props;
  const entries = Array.isArray(value) ? value : [];
  if ((field.item.kind === "text" || field.item.kind === "number") && !field.item.nullable)
    return <LineControl {...props} />;
  return (
    <Entries
      id={id}
      label={label}
      entries={entries}
      fresh={() => emptyValue(field.item)}
      onChange={onChange}
      add={formTexts.addOne("")}
    >
      {(entry, index) => (
        <Control
          field={field.item}
          value={entry}
          path={`${path}[${index}]`}
          id={`${id}-${index}`}
          label={`${label}, ${formTexts.entry(index + 1)}`}
          onChange={(next, how) =>
            onChange(
              entries.map((one, other) => (other === index ? next : one)),
              how,
            )
          }
        />
      )}
    </Entries>
  );
}

function LineControl({ field, value, onChange, path, id, label, describedBy }: Of<"list">) {
  const scope = useScope();
  const [typed, setTyped] = useState<string | null>(null);
  const entries = Array.isArray(value) ? value : [];
  const { item } = field;
  const places = [path, ...entries.map((_, index) => `${path}[${index}]`)];
  const wrong = places.map(scope.problem).find(Boolean);
  const read = (text: string): Json[] =>
    readList(text).map((one) => (item.kind === "number" ? readNumber(one, item, false) : one));
  return (
    <>
      <TextInput
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={places.some(scope.fault)}
        placeholder={item.kind === "number" ? formTexts.numbers : formTexts.words}
        value={typed ?? writeList(entries)}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(read(event.target.value), { typing: true });
        }}
        onBlur={() => setTyped(null)}
      />
      {wrong && wrong !== scope.problem(path) && <span className={css.innerProblem}>{wrong}</span>}
    </>
  );
}
