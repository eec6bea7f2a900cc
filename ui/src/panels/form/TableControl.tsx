import { formTexts } from "../../texts/form";
import { Entries } from "./Entries";
import { emptyValue, humanised } from "./fields";
import css from "./form.module.css";
import { GroupFields } from "./GroupControl";
import type { Of } from "./scope";

/** `SortKey` as words. */
const spoken = (name: string): string =>
  humanised(name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase()).toLowerCase();

export function TableControl({ field, value, onChange, path, id, label }: Of<"table">) {
  const entries = Array.isArray(value) ? value : [];
  return (
    <Entries
      id={id}
      label={label}
      entries={entries}
      fresh={() => emptyValue(field.item)}
      onChange={onChange}
      add={formTexts.addOne(field.item.name ? spoken(field.item.name) : "")}
    >
      {(entry, index) => (
        <div className={css.entryFields}>
          <GroupFields
            fields={field.item.fields}
            value={entry}
            path={`${path}[${index}]`}
            label={`${label}, ${formTexts.entry(index + 1)}`}
            onChange={(next, how) =>
              onChange(
                entries.map((one, other) => (other === index ? next : one)),
                how,
              )
            }
          />
        </div>
      )}
    </Entries>
  );
}
