import { useId } from "react";
import { Wrong } from "../settings/Wrong";
import { Control } from "./Control";
import type { Field } from "./fields";
import css from "./form.module.css";
import { type ControlProps, useScope } from "./scope";
import { blank } from "./validate";

const WIDE: Field["kind"][] = [
  "columns",
  "choices",
  "table",
  "list",
  "formula",
  "multiline",
  "group",
  "dict",
  "union",
  "path",
];

/** A field within a group or an entry: its short name, its control, what is wrong with it. */
export function InnerField({ field, value, onChange, path, label }: Omit<ControlProps, "id">) {
  const id = useId();
  const problem = useScope().problem(path);
  if (field.kind === "fixed") return null;
  return (
    <div
      className={css.inner}
      data-path={path}
      data-wrong={problem !== undefined && !blank(field, value)}
      data-wide={WIDE.includes(field.kind)}
      data-inline={field.kind === "boolean" && !field.nullable}
    >
      <span className={css.innerLabel} title={field.doc || undefined}>
        {field.title}
      </span>
      <Control
        field={field}
        value={value}
        onChange={onChange}
        path={path}
        id={id}
        label={`${label}: ${field.title}`}
        describedBy={problem ? `${id}-wrong` : undefined}
      />
      {problem && (
        <Wrong id={`${id}-wrong`} field={field} value={value} problem={problem} onTake={(next) => onChange(next)} />
      )}
    </div>
  );
}
