// The settings a node shows: those of its type; of a component, those that its wires let out.

import type { NodeType } from "../../api/generated";
import { type Block, COMPONENT, exposed } from "../../graph/document";
import { humanised, type Json, type NamedField } from "../form/fields";
import { settled } from "../form/settled";
import { typeFields } from "../form/typeFields";

type Values = Record<string, Json>;
const unknown = (names: Iterable<string>): Values => Object.fromEntries([...names].map((name) => [name, null]));

/** The fields of a node, in order; none where its type is not known.  fed: settings that come by wire. */
export function nodeFields(
  block: Block,
  types: ReadonlyMap<string, NodeType>,
  fed: Iterable<string> = [],
): readonly NamedField[] {
  if (block.type !== COMPONENT || !block.inside) {
    const type = types.get(block.type);
    return type ? settled(typeFields(type), { ...(block.settings as Values), ...unknown(fed) }) : [];
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
