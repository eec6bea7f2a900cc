// The settings of a type of node as fields.

import type { NodeType } from "../../api/generated";
import { fieldsOf, humanised, type JsonSchema, type NamedField } from "./fields";

const read = new WeakMap<object, readonly NamedField[]>();

export function typeFields(type: NodeType): readonly NamedField[] {
  const known = read.get(type);
  if (known) return known;
  const fields = fieldsOf(type.schema as JsonSchema).map((one) => ({
    ...one,
    field: {
      ...one.field,
      title: humanised(one.name),
      doc: type.setting_docs[one.name] ?? one.field.doc,
      ...(one.name in type.defaults ? { default: type.defaults[one.name] ?? null } : {}),
    },
  }));
  read.set(type, fields);
  return fields;
}
