import { useState } from "react";
import { Select } from "../../components/Inputs";
import { formTexts } from "../../texts/form";
import { Control } from "./Control";
import { emptyValue, optionOf } from "./fields";
import css from "./form.module.css";
import type { Of } from "./scope";

/** A value of one of several kinds: which kind, and the control of that kind. */
export function UnionControl({ field, value, onChange, path, id, label, describedBy }: Of<"union">) {
  const empty = value === null || value === undefined;
  const [chosen, setChosen] = useState<number | null>(null);
  // What is half typed may belong to another kind for a moment; the choice stands until it is made anew.
  const option = chosen ?? (empty && field.nullable ? -1 : optionOf(field.options, value));
  const one = field.options[option];
  return (
    <div className={css.union}>
      <Select
        id={id}
        aria-label={formTexts.kindOf(label)}
        aria-describedby={describedBy}
        value={String(option)}
        onChange={(event) => {
          const next = Number(event.target.value);
          setChosen(next);
          const wanted = field.options[next];
          onChange(wanted ? emptyValue(wanted) : null);
        }}
      >
        {field.nullable && <option value="-1">{formTexts.noneChosen}</option>}
        {field.options.map((kind, index) => (
          <option key={kind.title} value={index}>
            {kind.title}
          </option>
        ))}
      </Select>
      {one && <Control field={one} value={value} onChange={onChange} path={path} id={`${id}-value`} label={label} />}
    </div>
  );
}
