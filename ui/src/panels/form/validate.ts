// What is wrong with a value, worded for the person, before the server says so.

import { formTexts } from "../../texts/form";
import { accepts, type Column } from "./columns";
import { type Field, type Json, optionOf } from "./fields";
import { settled } from "./settled";

export interface Wrong {
  /** As the server writes it: `compute[0].column`. */
  path: string;
  text: string;
  /** Nothing was entered yet: only still to be done, until the person has been there. */
  unset: boolean;
}

/** The incoming columns of a table port by name; undefined where they are not known yet. */
export type ColumnsOf = (port: string | null) => readonly Column[] | undefined;

/** Whether nothing was entered: it is missing, and not wrong. */
export const isUnset = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** Everything wrong with a value and the values in it. A missing value is wrong where one is needed. */
export function problems(field: Field, value: Json | undefined, path: string, columns: ColumnsOf): Wrong[] {
  const needed = { path, text: formTexts.needed, unset: true };
  if (value === undefined) return [needed];
  if (value === null) return field.nullable || field.kind === "any" ? [] : [needed];
  const own = ownProblem(field, value, columns);
  return own ? [{ path, text: own, unset: isUnset(value) }] : inner(field, value, path, columns);
}

function ownProblem(field: Field, value: Json, columns: ColumnsOf): string | undefined {
  switch (field.kind) {
    case "number":
      return numberProblem(field, value);
    case "boolean":
      return typeof value === "boolean" ? undefined : formTexts.yesOrNo;
    case "choice":
      return field.options.includes(value as string) ? undefined : formTexts.oneOf(field.options.map(String));
    case "colour":
      return typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value) ? undefined : formTexts.colour;
    case "choices":
      return listProblem(field, value) ?? choicesProblem(field.options, value as Json[]);
    case "column":
      return columnProblem(field.types, value, columns(field.port));
    case "columns":
      return listProblem(field, value) ?? columnsProblem(field.types, value as Json[], columns(field.port));
    case "list":
    case "table":
      return listProblem(field, value);
    case "group":
    case "dict":
    case "others":
      return typeof value === "object" && !Array.isArray(value) ? undefined : formTexts.group;
    case "fixed":
    case "drawn":
    case "union":
    case "any":
      return undefined;
    default:
      return textProblem(field, value);
  }
}

function numberProblem(field: Field & { kind: "number" }, value: Json): string | undefined {
  if (typeof value !== "number") return formTexts.number(String(value), field.integer);
  if (field.integer && !Number.isInteger(value)) return formTexts.number(String(value), true);
  if (field.low !== undefined && value < field.low) return formTexts.least(field.low);
  if (field.high !== undefined && value > field.high) return formTexts.most(field.high);
  if (field.above !== undefined && value <= field.above) return formTexts.above(field.above);
  if (field.below !== undefined && value >= field.below) return formTexts.below(field.below);
  return undefined;
}

function textProblem(
  field: Field & { least: number; most?: number; pattern?: string },
  value: Json,
): string | undefined {
  if (typeof value !== "string") return formTexts.text;
  if (value.length < field.least) return value === "" ? formTexts.needed : formTexts.longer(field.least);
  if (field.most !== undefined && value.length > field.most) return formTexts.shorter(field.most);
  if (field.pattern && !new RegExp(field.pattern, "u").test(value)) return formTexts.pattern(field.pattern);
  return undefined;
}

function listProblem(field: { least: number; most?: number }, value: Json): string | undefined {
  if (!Array.isArray(value)) return formTexts.list;
  if (value.length < field.least) return field.least === 1 ? formTexts.chooseOne : formTexts.moreEntries(field.least);
  if (field.most !== undefined && value.length > field.most) return formTexts.fewerEntries(field.most);
  return undefined;
}

function choicesProblem(options: readonly string[], value: readonly Json[]): string | undefined {
  return value.every((one) => options.includes(one as string)) ? undefined : formTexts.oneOf(options);
}

function columnProblem(
  types: readonly string[],
  value: Json,
  columns: readonly Column[] | undefined,
): string | undefined {
  if (typeof value !== "string") return formTexts.text;
  if (value === "") return formTexts.chooseColumn;
  if (!columns) return undefined;
  const column = columns.find((one) => one.name === value);
  if (!column) return formTexts.noColumn(value);
  return accepts(types, column.type) ? undefined : formTexts.wrongType(value, column.type, types);
}

function columnsProblem(types: readonly string[], value: readonly Json[], columns: readonly Column[] | undefined) {
  for (const one of value) {
    const found = columnProblem(types, one, columns);
    if (found) return found;
  }
  return undefined;
}

function inner(field: Field, value: Json, path: string, columns: ColumnsOf): Wrong[] {
  switch (field.kind) {
    case "list":
    case "table":
      return (value as Json[]).flatMap((one, index) => problems(field.item, one, `${path}[${index}]`, columns));
    case "group": {
      const given = value as Record<string, Json>;
      return settled(field.fields, given).flatMap((one) =>
        one.name in given || one.required ? problems(one.field, given[one.name], `${path}.${one.name}`, columns) : [],
      );
    }
    case "others":
      return Object.entries(value as Record<string, Json>).flatMap(([name, given]) => {
        const found = field.fields.find((one) => one.name === name);
        const at = `${path}.${name}`;
        return found
          ? problems(found.field, given, at, columns)
          : [{ path: at, text: formTexts.noSetting(name, field.of), unset: false }];
      });
    case "dict":
      return Object.entries(value as Record<string, Json>).flatMap(([key, one]) => [
        ...problems(field.key, key, `${path}[${key}]`, columns),
        ...problems(field.value, one, `${path}[${key}]`, columns),
      ]);
    case "union": {
      const option = field.options[optionOf(field.options, value)];
      return option ? problems(option, value, path, columns) : [];
    }
    default:
      return [];
  }
}
