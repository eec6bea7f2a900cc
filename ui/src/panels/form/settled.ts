// Fields that speak of settings of another node become what that node takes, as far as it is known which one is meant.

import { useCatalog } from "../../store/catalog";
import type { Elsewhere, Field, Json, NamedField } from "./fields";
import { typeFields } from "./typeFields";

type Values = Readonly<Record<string, Json>>;
type Beside = (setting: string) => Json | undefined;

/** The fields of a group beside its values. */
export function settled(fields: readonly NamedField[], values: Values): readonly NamedField[] {
  if (!fields.some(({ field }) => speaks(field))) return fields;
  const beside: Beside = (name) =>
    name in values ? values[name] : fields.find((one) => one.name === name)?.field.default;
  return fields.map((one) => (one.field.elsewhere ? meant(one, one.field.elsewhere, beside) : within(one, beside)));
}

/** Whether a field, or one within it, speaks of another node. */
const speaks = (field: Field): boolean =>
  field.elsewhere !== undefined || (fieldsIn(field)?.some((one) => speaks(one.field)) ?? false);

const fieldsIn = (field: Field): readonly NamedField[] | undefined =>
  field.kind === "group" ? field.fields : field.kind === "table" ? field.item.fields : undefined;

/** The fields within a field are told what is chosen around them, where nothing in their own group chooses. */
function within(one: NamedField, beside: Beside): NamedField {
  const { field } = one;
  if (field.kind === "group") return { ...one, field: { ...field, fields: told(field.fields, beside) } };
  if (field.kind !== "table") return one;
  return { ...one, field: { ...field, item: { ...field.item, fields: told(field.item.fields, beside) } } };
}

function told(fields: readonly NamedField[], beside: Beside): NamedField[] {
  return fields.map((one) => {
    const { elsewhere } = one.field;
    if (!elsewhere) return within(one, beside);
    if (elsewhere.choice !== undefined || fields.some(({ name }) => name === elsewhere.chosenBy)) return one;
    return { ...one, field: { ...one.field, elsewhere: { ...elsewhere, choice: beside(elsewhere.chosenBy) } } };
  });
}

/** What the chosen node takes here; undefined where it is not known. */
function taken({ nodes, without }: Elsewhere, choice: Json | undefined): NamedField[] | undefined {
  const type = typeof choice === "string" ? useCatalog.getState().nodes.get(nodes[choice] ?? "") : undefined;
  return (
    type &&
    typeFields(type)
      .filter(({ name }) => !without.includes(name))
      .map((one) => ({ ...one, required: false }))
  );
}

/** One such field as the chosen node takes it. */
function meant(one: NamedField, elsewhere: Elsewhere, beside: Beside): NamedField {
  const choice = elsewhere.choice ?? beside(elsewhere.chosenBy);
  const fields = taken(elsewhere, choice);
  if (!fields) return one;
  const { field } = one;
  if (elsewhere.named) return forOne(one, elsewhere.named, fields, beside(elsewhere.named));
  const common = { nullable: field.nullable, title: field.title, doc: field.doc };
  const usual = field.default === undefined ? {} : { default: field.default };
  return field.kind === "dict"
    ? { ...one, field: { ...common, ...usual, kind: "others", fields, of: String(choice) } }
    : { ...one, field: { ...common, ...usual, kind: "choice", ...namesOf(fields) } };
}

const namesOf = (fields: readonly NamedField[]) => ({
  options: fields.map(({ name }) => name),
  titles: fields.map(({ field }) => field.title),
});

/** A field for values of one setting of the chosen node; one that is no list is for numbers alone. */
function forOne(one: NamedField, named: string, fields: NamedField[], name: Json | undefined): NamedField {
  const { field } = one;
  const found = fields.find((other) => other.name === name)?.field;
  if (field.kind === "list") return found ? { ...one, field: { ...field, ...listOf(found) } as Field } : one;
  const numbers = fields.filter(({ field: { kind } }) => kind === "number").map((other) => other.name);
  const applies = { setting: named, values: numbers };
  if (found?.kind !== "number") return { ...one, applies };
  const { title, doc } = field;
  return { ...one, applies, field: { ...found, title, doc, nullable: field.nullable, default: field.default ?? null } };
}

/** A list of values of a field. */
function listOf(field: Field): { kind: "choices"; options: string[]; least: number } | { kind: "list"; item: Field } {
  const words = field.kind === "choice" ? field.options.filter((one) => typeof one === "string") : [];
  if (field.kind === "choice" && !field.nullable && words.length === field.options.length)
    return { kind: "choices", options: words, least: 0 };
  const { default: _, ...item } = field;
  return { kind: "list", item: item as Field };
}
