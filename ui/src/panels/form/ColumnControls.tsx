import { useMemo } from "react";
import { Combobox } from "../../components/Combobox";
import type { Option } from "../../components/Options";
import { Picker } from "../../components/Picker";
import { formTexts } from "../../texts/form";
import { accepts, type Column, taken, typeIcon } from "./columns";
import { type Of, useScope } from "./scope";

/** Incoming columns as options: those that fit first, the others shown and not to be chosen. */
function options(columns: readonly Column[] | undefined, types: readonly string[]): Option[] {
  const all = (columns ?? []).map(({ name, type }) => ({
    value: name,
    icon: typeIcon(type),
    hint: type,
    disabled: !accepts(types, type),
    reason: formTexts.notTaken(taken(types)),
  }));
  return [...all.filter((one) => !one.disabled), ...all.filter((one) => one.disabled)];
}

export function ColumnControl({ field, value, onChange, path, id, label, describedBy }: Of<"column">) {
  const scope = useScope();
  const columns = scope.columns(field.port);
  const choices = useMemo(() => options(columns, field.types), [columns, field.types]);
  const none = columns ? formTexts.noColumns : scope.unknown(field.port);
  return (
    <Combobox
      id={id}
      label={label}
      aria-describedby={describedBy}
      aria-invalid={scope.fault(path)}
      value={typeof value === "string" ? value : ""}
      options={choices}
      placeholder={field.nullable ? formTexts.noneChosen : formTexts.chooseAColumn}
      none={none}
      onChange={(name) => onChange(name === "" && field.nullable ? null : name)}
    />
  );
}

export function ColumnsControl({ field, value, onChange, path, id, label, describedBy }: Of<"columns">) {
  const scope = useScope();
  const columns = scope.columns(field.port);
  const choices = useMemo(() => options(columns, field.types), [columns, field.types]);
  const chosen = Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
  return (
    <Picker
      id={id}
      label={label}
      describedBy={describedBy}
      invalid={scope.fault(path)}
      chosen={chosen}
      options={choices}
      known={columns !== undefined}
      none={columns ? formTexts.noColumns : scope.unknown(field.port)}
      placeholder={formTexts.chooseColumns}
      onChange={onChange}
    />
  );
}
