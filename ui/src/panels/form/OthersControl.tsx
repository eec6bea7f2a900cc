import { useState } from "react";
import { IconButton } from "../../components/Button";
import { formTexts } from "../../texts/form";
import { Icon } from "../../theme/Icon";
import type { Json } from "./fields";
import css from "./form.module.css";
import { GroupFields } from "./GroupControl";
import { type Of, useScope } from "./scope";

/** Settings of another node, folded up while it has none of its own; those that it does not take can be removed. */
export function OthersControl({ field, value, onChange, path, id, label }: Of<"others">) {
  const scope = useScope();
  const given = value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Group) : {};
  const [open, setOpen] = useState(Object.keys(given).length > 0);
  const strays = Object.keys(given).filter((name) => !field.fields.some((one) => one.name === name));
  const words = Object.entries(given).map(([name, one]) => `${name.replaceAll("_", " ")} ${shown(one)}`);
  return (
    <details id={id} className={css.others} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={`${label}: ${words.join(", ") || formTexts.allUsual}`}>
        <Icon name="chevron-right" size={14} />
        <span>{words.join(", ") || formTexts.allUsual}</span>
      </summary>
      <div className={css.othersFields}>
        {strays.map((name) => (
          <div key={name} className={css.stray} data-path={`${path}.${name}`}>
            <span className={css.innerProblem}>{scope.problem(`${path}.${name}`)}</span>
            <IconButton
              icon="trash"
              size="tiny"
              label={formTexts.removeSetting(name)}
              onClick={() => {
                const { [name]: _, ...rest } = given;
                onChange(rest);
              }}
            />
          </div>
        ))}
        <GroupFields fields={field.fields} value={value} onChange={onChange} path={path} label={label} />
      </div>
    </details>
  );
}

type Group = Readonly<Record<string, Json>>;

const shown = (value: Json): string =>
  value === true ? formTexts.yes : value === false ? formTexts.no : (Array.isArray(value) ? value : [value]).join(", ");
