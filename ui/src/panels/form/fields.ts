// A setting's JSON Schema read as one of a small, closed set of kinds; the form has one component for each.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonSchema = { readonly [key: string]: Json };

interface Common {
  /** May be left empty: null. */
  nullable: boolean;
  title: string;
  doc: string;
  default?: Json;
  /** It speaks of settings of another node (`settled` makes it what that node takes). */
  elsewhere?: Elsewhere;
}

/** Settings of another node, which a setting beside it, or around its group, chooses by name. */
export interface Elsewhere {
  chosenBy: string;
  /** types of the nodes, by the names of the choices */
  nodes: Readonly<Record<string, string>>;
  /** settings that are not to be given here */
  without: readonly string[];
  /** the setting beside it that names the one that the value is for; "": the value gives several, or is such a name */
  named: string;
  /** what is chosen, where that is told around the group */
  choice?: Json | undefined;
}

export interface NumberKind {
  kind: "number";
  integer: boolean;
  low?: number;
  high?: number;
  /** The bound itself is not allowed. */
  above?: number;
  below?: number;
}

export type Kind =
  | { kind: "text"; least: number; most?: number; pattern?: string }
  | { kind: "colour" }
  | { kind: "multiline"; least: number; language: string }
  | { kind: "formula"; least: number; port: string | null; gives: string }
  | { kind: "path"; least: number; mode: string; patterns: string[] }
  | { kind: "data-set"; least: number }
  | { kind: "column"; port: string | null; types: string[] }
  | { kind: "columns"; port: string | null; types: string[]; least: number; most?: number }
  | NumberKind
  | { kind: "boolean" }
  | { kind: "choice"; options: (string | number | boolean)[]; titles?: string[] }
  | { kind: "choices"; options: string[]; least: number }
  /** columns: the setting that describes the columns which the entries are rows of. */
  | { kind: "list"; item: Field; least: number; most?: number; columns?: string }
  | { kind: "table"; item: Field & { kind: "group" }; least: number; most?: number }
  | { kind: "group"; fields: NamedField[]; name: string }
  | { kind: "dict"; key: Field; value: Field }
  | { kind: "others"; fields: readonly NamedField[]; of: string }
  | { kind: "union"; options: Field[] }
  | { kind: "fixed"; value: Json }
  | { kind: "drawn" }
  | { kind: "any" };

export type Field = Common & Kind;
export interface NamedField {
  name: string;
  required: boolean;
  field: Field;
  /** It counts only while a setting beside it has one of these values. */
  applies?: { setting: string; values: readonly Json[] };
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const number = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);
const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
const object = (value: Json | undefined): JsonSchema | undefined =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as JsonSchema) : undefined;
const objects = (value: Json | undefined): JsonSchema[] =>
  Array.isArray(value) ? value.map(object).filter((one) => one !== undefined) : [];

/** The settings of a node, in the order of its declaration. */
export function fieldsOf(schema: JsonSchema): NamedField[] {
  return properties(schema, schema);
}

function properties(schema: JsonSchema, root: JsonSchema): NamedField[] {
  const required = strings(schema.required);
  return Object.entries(object(schema.properties) ?? {}).map(([name, one]) => ({
    name,
    required: required.includes(name),
    field: fieldOf(object(one) ?? {}, root, humanised(name)),
    ...appliesOf(object(one) ?? {}),
  }));
}

function appliesOf(schema: JsonSchema): Pick<NamedField, "applies"> {
  const mark = object(schema["x-applies"]);
  return mark ? { applies: { setting: text(mark.setting), values: strings(mark.values) } } : {};
}

function elsewhereOf(schema: JsonSchema): Pick<Common, "elsewhere"> {
  const mark = object(schema["x-settingsof"]);
  if (!mark) return {};
  const nodes = object(mark.nodes) as Record<string, string>;
  return {
    elsewhere: { chosenBy: text(mark.chosen_by), nodes, without: strings(mark.without), named: text(mark.named) },
  };
}

/** Whether a setting counts beside the values of the others. */
export function counts(
  { applies }: NamedField,
  beside: { readonly [key: string]: Json },
  fields: readonly NamedField[],
) {
  if (!applies) return true;
  const other = fields.find(({ name }) => name === applies.setting);
  const value = beside[applies.setting] ?? other?.field.default;
  return value !== undefined && applies.values.includes(value);
}

/** `leaf_rows` as words. */
export function humanised(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** One schema as a field; `root` holds the definitions that references lead to. */
export function fieldOf(given: JsonSchema, root: JsonSchema, title = ""): Field {
  const schema = resolved(given, root);
  const options = objects(schema.anyOf ?? schema.oneOf);
  const real = options.filter((option) => option.type !== "null");
  const common: Common = {
    nullable: real.length < options.length || schema.type === "null",
    title: title || text(schema.title),
    doc: text(given.description) || text(schema.description),
    ...("default" in given ? { default: given.default as Json } : {}),
    ...elsewhereOf(schema),
  };
  const [only] = real;
  if (only && real.length === 1) {
    const { title: _, doc, default: __, nullable, ...kind } = fieldOf({ ...marks(schema), ...only }, root);
    return { ...common, doc: common.doc || doc, nullable: common.nullable || nullable, ...kind };
  }
  if (real.length > 1)
    return {
      ...common,
      kind: "union",
      options: real.map((option) => fieldOf(option, root, optionTitle(option, root))),
    };
  return { ...common, ...kindOf(schema, root) };
}

const marks = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key.startsWith("x-")));

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = text(schema.$ref) || text(objects(schema.allOf)[0]?.$ref);
  if (!reference) return schema;
  const found = object(object(root.$defs)?.[reference.split("/").at(-1) ?? ""]) ?? {};
  const { $ref: _, allOf: __, ...beside } = schema;
  return { ...resolved(found, root), ...beside };
}

function optionTitle(option: JsonSchema, root: JsonSchema): string {
  const names: Record<string, string> = {
    boolean: "yes or no",
    integer: "whole number",
    number: "number",
    string: "text",
    array: "list",
    object: "group",
  };
  const tag = Object.values(object(resolved(option, root).properties) ?? {}).find(
    (one) => object(one)?.const !== undefined,
  );
  const made = text(object(tag)?.const) || text(resolved(option, root).title);
  const named = option.$ref || resolved(option, root).properties ? humanised(made) : "";
  return named || (option.const !== undefined ? String(option.const) : (names[text(option.type)] ?? "value"));
}

function kindOf(schema: JsonSchema, root: JsonSchema): Kind {
  if (schema.const !== undefined) return { kind: "fixed", value: schema.const };
  if (Array.isArray(schema.enum)) {
    const options = schema.enum.filter(
      (one): one is string | number | boolean => one !== null && typeof one !== "object",
    );
    return { kind: "choice", options };
  }
  switch (schema.type) {
    case "string":
      return stringKind(schema);
    case "integer":
    case "number":
      return {
        kind: "number",
        integer: schema.type === "integer",
        low: number(schema.minimum),
        high: number(schema.maximum),
        above: number(schema.exclusiveMinimum),
        below: number(schema.exclusiveMaximum),
      };
    case "boolean":
      return { kind: "boolean" };
    case "array":
      return arrayKind(schema, root);
    case "object":
      return objectKind(schema, root);
    default:
      return { kind: "any" };
  }
}

function stringKind(schema: JsonSchema): Kind {
  const least = number(schema.minLength) ?? 0;
  const column = object(schema["x-columnpicker"]);
  const formula = object(schema["x-formulatext"]);
  const path = object(schema["x-filepath"]);
  const long = object(schema["x-multiline"]);
  if (column) return { kind: "column", port: text(column.port) || null, types: strings(column.types) };
  if (formula) return { kind: "formula", least, port: text(formula.port) || null, gives: text(formula.gives) || "any" };
  if (path) return { kind: "path", least, mode: text(path.mode) || "read", patterns: strings(path.patterns) };
  if (schema["x-dataset"]) return { kind: "data-set", least };
  if (long) return { kind: "multiline", least, language: text(long.language) || "text" };
  if (schema["x-colourpicker"]) return { kind: "colour" };
  return { kind: "text", least, most: number(schema.maxLength), pattern: text(schema.pattern) || undefined };
}

function arrayKind(schema: JsonSchema, root: JsonSchema): Kind {
  const bounds = { least: number(schema.minItems) ?? 0, most: number(schema.maxItems) };
  if (schema["x-drawn"]) return { kind: "drawn" };
  const column = object(schema["x-columnpicker"]);
  if (column) return { kind: "columns", port: text(column.port) || null, types: strings(column.types), ...bounds };
  const item = fieldOf(object(schema.items) ?? {}, root);
  if (item.kind === "column") return { kind: "columns", port: item.port, types: item.types, ...bounds };
  if (item.kind === "choice" && item.options.every((one) => typeof one === "string"))
    return { kind: "choices", options: item.options as string[], least: bounds.least };
  if (item.kind === "group") return { kind: "table", item, ...bounds };
  const rows = object(schema["x-rowsof"]);
  return { kind: "list", item, ...bounds, ...(rows ? { columns: text(rows.columns) } : {}) };
}

function objectKind(schema: JsonSchema, root: JsonSchema): Kind {
  if (schema.properties) return { kind: "group", fields: properties(schema, root), name: text(schema.title) };
  const key = fieldOf({ type: "string", ...object(schema.propertyNames) }, root);
  return { kind: "dict", key, value: fieldOf(object(schema.additionalProperties) ?? {}, root) };
}

/** What a new value of this field is: its default, or the emptiest that there is. */
export function emptyValue(field: Field): Json {
  if (field.default !== undefined) return field.default;
  if (field.nullable) return null;
  switch (field.kind) {
    case "number":
      return field.low ?? (field.above !== undefined ? field.above + 1 : 0);
    case "boolean":
      return false;
    case "colour":
      return "#0072b2";
    case "choice":
      return field.options[0] ?? "";
    case "columns":
    case "choices":
    case "list":
    case "table":
      return [];
    case "group":
      return Object.fromEntries(
        field.fields.filter((one) => one.required).map((one) => [one.name, emptyValue(one.field)]),
      );
    case "dict":
    case "others":
      return {};
    case "union":
      return field.options[0] ? emptyValue(field.options[0]) : null;
    case "fixed":
      return field.value;
    case "any":
      return null;
    default:
      return "";
  }
}

/** Which option of a union a value belongs to; the first where it fits none. */
export function optionOf(options: readonly Field[], value: Json | undefined): number {
  const fit = options.findIndex((option) => belongs(option, value));
  return Math.max(0, fit);
}

function belongs(field: Field, value: Json | undefined): boolean {
  switch (field.kind) {
    case "number":
      return typeof value === "number" && (!field.integer || Number.isInteger(value));
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return field.options.includes(value as string);
    case "fixed":
      return value === field.value;
    case "columns":
    case "choices":
    case "list":
    case "table":
      return Array.isArray(value);
    case "dict":
    case "others":
      return object(value) !== undefined;
    case "group":
      return groupBelongs(field.fields, object(value));
    case "any":
      return true;
    default:
      return typeof value === "string";
  }
}

function groupBelongs(fields: readonly NamedField[], value: JsonSchema | undefined): boolean {
  if (!value) return false;
  const known = Object.keys(value).every((key) => fields.some((one) => one.name === key));
  const tagged = fields.every((one) => one.field.kind !== "fixed" || value[one.name] === one.field.value);
  return known && tagged && fields.every((one) => !one.required || one.name in value);
}
