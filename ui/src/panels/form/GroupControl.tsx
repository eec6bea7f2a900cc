import { counts, type Json, type NamedField } from "./fields";
import css from "./form.module.css";
import { InnerField } from "./InnerField";
import type { Of } from "./scope";
import { settled } from "./settled";

const asGroup = (value: Json | undefined): Record<string, Json> =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, Json>) : {};

interface FieldsProps {
  fields: readonly NamedField[];
  value: Json | undefined;
  onChange: Of<"group">["onChange"];
  path: string;
  label: string;
}

/** The fields of a group. What equals its default is left out of the value. */
export function GroupFields({ fields, value, onChange, path, label }: FieldsProps) {
  const group = asGroup(value);
  return settled(fields, group)
    .filter((one) => counts(one, group, fields))
    .map(({ name, field, required }) => (
      <InnerField
        key={name}
        field={field}
        value={name in group ? group[name] : field.default}
        path={`${path}.${name}`}
        label={label}
        onChange={(next, how) => {
          const { [name]: _, ...rest } = group;
          const usual = !required && JSON.stringify(next) === JSON.stringify(field.default);
          const ordered = usual ? rest : name in group ? { ...group, [name]: next } : { ...rest, [name]: next };
          onChange(ordered, how);
        }}
      />
    ));
}

export function GroupControl({ field, value, onChange, path, id, label }: Of<"group">) {
  return (
    <fieldset id={id} className={css.group} aria-label={label}>
      <GroupFields fields={field.fields} value={value} onChange={onChange} path={path} label={label} />
    </fieldset>
  );
}
