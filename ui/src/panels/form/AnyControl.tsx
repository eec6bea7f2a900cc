import { useState } from "react";
import { TextArea } from "../../components/Inputs";
import { formTexts } from "../../texts/form";
import css from "./form.module.css";
import type { ControlProps } from "./scope";

/** A value of any shape, as JSON. */
export function AnyControl({ value, onChange, id, label, describedBy }: ControlProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  return (
    <>
      <TextArea
        id={id}
        code
        rows={3}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={wrong}
        value={typed ?? (value === undefined ? "" : JSON.stringify(value, null, 1))}
        onChange={(event) => {
          setTyped(event.target.value);
          try {
            onChange(JSON.parse(event.target.value), { typing: true });
            setWrong(false);
          } catch {
            setWrong(true);
          }
        }}
        onBlur={() => wrong || setTyped(null)}
      />
      {wrong && <span className={css.innerProblem}>{formTexts.json}</span>}
    </>
  );
}
