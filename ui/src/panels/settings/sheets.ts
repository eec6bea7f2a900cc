// Settings that are shown together as one sheet, as their schema says: rows of cells, and the columns that they are rows of.

import { fieldsOf, type JsonSchema, type NamedField } from "../form/fields";

export interface SheetOf {
  /** names of the two settings */
  columns: string;
  rows: string;
  /** what a column may be of */
  types: string[];
  /** the type of a column that names none */
  usual: string;
}

/** The sheet among the settings of a node, if there is one, and neither of its two settings comes by wire. */
export function sheetOf(fields: readonly NamedField[], fed: (name: string) => boolean = () => false): SheetOf | null {
  for (const { name, field } of fields) {
    if (field.kind !== "list" || field.columns === undefined || fed(name) || fed(field.columns)) continue;
    const columns = fields.find((one) => one.name === field.columns)?.field;
    if (columns?.kind !== "table") continue;
    const inner = new Map(columns.item.fields.map((one) => [one.name, one.field]));
    const type = inner.get("type");
    if (!inner.has("name") || type?.kind !== "choice") continue;
    return {
      columns: field.columns,
      rows: name,
      types: type.options.map(String),
      usual: String(type.default ?? "text"),
    };
  }
  return null;
}

/** The node whose settings are a sheet. */
export function sheetNode<T extends { schema: object; inputs: readonly unknown[] }>(
  types: Iterable<T>,
): { type: T; sheet: SheetOf } | null {
  for (const type of types) {
    const sheet = type.inputs.length === 0 ? sheetOf(fieldsOf(type.schema as JsonSchema)) : null;
    if (sheet) return { type, sheet };
  }
  return null;
}
