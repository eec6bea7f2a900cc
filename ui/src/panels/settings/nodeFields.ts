// The settings a node shows: those of its type; of a component, those that its wires let out.

import type { NodeType } from "../../api/generated";
import { type Block, COMPONENT, exposed } from "../../graph/document";
import { fieldsOf, humanised, type JsonSchema, type NamedField } from "../form/fields";

const read = new WeakMap<object, NamedField[]>();

function typeFields(type: NodeType): NamedField[] {
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

/** The fields of a node, in order; none where its type is not known. */
export function nodeFields(block: Block, types: ReadonlyMap<string, NodeType>): NamedField[] {
  if (block.type !== COMPONENT || !block.inside) {
    const type = types.get(block.type);
    return type ? typeFields(type) : [];
  }
  const { inside } = block;
  return [...exposed(inside).settings].flatMap(([name, wires]) => {
    const [wire] = wires;
    const target = wire && inside.nodes[wire.target];
    const setting = wire?.input.slice("settings.".length);
    const found = target && nodeFields(target, types).find((one) => one.name === setting);
    if (!found || !setting) return [];
    const given = target.settings[setting];
    const usual = given === undefined ? found.field.default : given;
    const field = { ...found.field, title: humanised(name), ...(usual === undefined ? {} : { default: usual }) };
    return [{ name, required: usual === undefined, field }];
  });
}
