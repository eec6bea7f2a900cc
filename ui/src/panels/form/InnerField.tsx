import { useId } from "react";
import { Wrong } from "../settings/Wrong";
import { Control } from "./Control";
import type { Field } from "./fields";
import css from "./form.module.css";
import { type ControlProps, useScope } from "./scope";

const WIDE: Field["kind"][] = [
  "columns",
  "choices",
  "table",
  "list",
  "formula",
  "multiline",
  "group",
  "dict",
  "others",
  "union",
  "path",
];

const isLong = (option: string | number | boolean): boolean => String(option).length > 16;

/** A field within a group or an entry: its short name, its control, what is wrong with it. */
export function InnerField({ field, value, onChange, path, label }: Omit<ControlProps, "id">) {
  const id = useId();
  const scope = useScope();
  const problem = scope.problem(path);
  if (field.kind === "fixed") return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches the focus of the control within
    <div
      className={css.inner}
      data-path={path}
      data-wrong={scope.fault(path)}
      data-wide={WIDE.includes(field.kind) || (field.kind === "choice" && field.options.some(isLong))}
      data-inline={field.kind === "boolean" && !field.nullable}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || scope.leave(path)}
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
        <Wrong
          id={`${id}-wrong`}
          field={field}
          value={value}
          problem={problem}
          fault={scope.fault(path)}
          onTake={(next) => onChange(next)}
        />
      )}
    </div>
  );
}
