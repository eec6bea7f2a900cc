import { useState } from "react";
import { Select, Switch, TextArea, TextInput } from "../../components/Inputs";
import { formTexts } from "../../texts/form";
import type { Json, NumberKind } from "./fields";
import css from "./form.module.css";
import { type Of, useScope } from "./scope";

const shown = (value: Json | undefined): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);

export function TextControl({ field, value, onChange, path, id, label, describedBy }: Of<"text">) {
  const wrong = useScope().fault(path);
  return (
    <TextInput
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={wrong}
      value={shown(value)}
      placeholder={field.nullable ? formTexts.automatic : undefined}
      onChange={(event) =>
        onChange(event.target.value === "" && field.nullable ? null : event.target.value, { typing: true })
      }
    />
  );
}

export function MultilineControl({ field, value, onChange, path, id, label, describedBy }: Of<"multiline">) {
  const wrong = useScope().fault(path);
  const text = shown(value);
  return (
    <TextArea
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={wrong}
      code={field.language !== "text"}
      spellCheck={field.language === "text"}
      rows={Math.min(14, Math.max(3, text.split("\n").length + 1))}
      value={text}
      onChange={(event) =>
        onChange(event.target.value === "" && field.nullable ? null : event.target.value, { typing: true })
      }
    />
  );
}

/** What a person typed as a number; as typed where it is none, so that nothing is lost and the message can say so. */
export function readNumber(text: string, kind: NumberKind, nullable: boolean): Json {
  const trimmed = text.trim();
  if (trimmed === "") return nullable ? null : "";
  const plain = /^[-+]?\d+,\d+$/.test(trimmed) && !kind.integer ? trimmed.replace(",", ".") : trimmed;
  const read = Number(plain.replaceAll(/[\s_]/g, ""));
  return Number.isFinite(read) ? read : text;
}

export function NumberControl({ field, value, onChange, path, id, label, describedBy }: Of<"number">) {
  const wrong = useScope().fault(path);
  const [typed, setTyped] = useState<string | null>(null);
  const step = (by: number) => {
    const now = typeof value === "number" ? value : (field.low ?? 0);
    const size = field.integer || Math.abs(now) >= 10 ? 1 : Math.abs(now) > 0 && Math.abs(now) < 0.1 ? 0.01 : 0.1;
    const next = Number((now + by * size).toPrecision(12));
    setTyped(null);
    onChange(Math.min(field.high ?? next, Math.max(field.low ?? next, next)), { typing: true });
  };
  return (
    <TextInput
      id={id}
      inputMode={field.integer ? "numeric" : "decimal"}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={wrong}
      value={typed ?? shown(value)}
      placeholder={field.nullable ? formTexts.automatic : undefined}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(readNumber(event.target.value, field, field.nullable), { typing: true });
      }}
      onBlur={() => setTyped(null)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        step(event.key === "ArrowUp" ? 1 : -1);
      }}
    />
  );
}

export function BooleanControl({ field, value, onChange, id, label, describedBy }: Of<"boolean">) {
  if (!field.nullable)
    return (
      <Switch id={id} aria-label={label} aria-describedby={describedBy} checked={value === true} onChange={onChange} />
    );
  return (
    <Select
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      value={value === true ? "yes" : value === false ? "no" : ""}
      onChange={(event) => onChange({ yes: true, no: false }[event.target.value] ?? null)}
    >
      <option value="">{formTexts.automatic}</option>
      <option value="yes">{formTexts.yes}</option>
      <option value="no">{formTexts.no}</option>
    </Select>
  );
}

export function ColourControl({ value, onChange, path, id, label, describedBy }: Of<"colour">) {
  const wrong = useScope().fault(path);
  const text = shown(value);
  return (
    <div className={css.colour}>
      <input
        type="color"
        aria-label={label}
        value={/^#[0-9a-f]{6}$/i.test(text) ? text : "#808080"}
        onChange={(event) => onChange(event.target.value, { typing: true })}
      />
      <TextInput
        id={id}
        code
        aria-label={formTexts.colourCode(label)}
        aria-describedby={describedBy}
        aria-invalid={wrong}
        value={text}
        onChange={(event) => onChange(event.target.value, { typing: true })}
      />
    </div>
  );
}
