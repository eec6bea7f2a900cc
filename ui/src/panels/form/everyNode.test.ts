// On the settings of every node, as tests/ui/test_forms.py writes them down; by itself it has nothing to look at.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { NodeType } from "../../api/generated";
import { useCatalog } from "../../store/catalog";
import { emptyValue, type Field, fieldsOf, type Json, type JsonSchema } from "./fields";
import { settled } from "./settled";
import { problems } from "./validate";

interface Case {
  type: string;
  schema: JsonSchema;
  defaults: Record<string, Json>;
  setting_docs: Record<string, string>;
  settings: Record<string, Json>;
  tried: { setting: string; value: Json; taken: boolean }[];
}

const file = process.env.PEEPHOLE_FORMS;
const cases: Case[] = file ? JSON.parse(readFileSync(file, "utf8")) : [];
useCatalog.setState({ nodes: new Map(cases.map((one) => [one.type, one as unknown as NodeType])) });
const unknown = () => undefined;
const fieldsBeside = (one: Case, values: Record<string, Json>) => settled(fieldsOf(one.schema), values);

/** Every field within a field. */
function within(field: Field): Field[] {
  switch (field.kind) {
    case "list":
    case "table":
      return [field, ...within(field.item)];
    case "group":
      return [field, ...field.fields.flatMap((one) => within(one.field))];
    case "dict":
      return [field, ...within(field.key), ...within(field.value)];
    case "union":
      return [field, ...field.options.flatMap(within)];
    default:
      return [field];
  }
}

describe.skipIf(!file)("every node's form", () => {
  it("has a control for each setting, and none falls back to raw JSON", () => {
    for (const one of cases) {
      const fields = fieldsBeside(one, one.settings);
      expect(fields.map(({ name }) => name)).toEqual(Object.keys((one.schema.properties ?? {}) as object));
      const raw = fields.filter(({ field }) => within(field).some(({ kind }) => kind === "any"));
      expect(raw.map(({ name }) => `${one.type}.${name}`)).toEqual([]);
    }
  });

  it("finds nothing wrong with defaults and with settings that are right", () => {
    for (const one of cases)
      for (const { name, field } of fieldsBeside(one, one.settings)) {
        const value = one.settings[name] ?? one.defaults[name];
        if (value !== undefined) expect(problems(field, value, name, unknown), `${one.type}.${name}`).toEqual([]);
      }
  });

  it("takes what the node takes, and refuses at the field what the node refuses", () => {
    // The server reads "3" as a number and true as 1, and finds a column of no name once columns are known; the page says so at once.
    const missed: string[] = [];
    const scolded: string[] = [];
    for (const one of cases) {
      for (const { setting, value, taken } of one.tried) {
        const fields = fieldsBeside(one, { ...one.settings, [setting]: value });
        const field = fields.find(({ name }) => name === setting)?.field;
        if (!field || field.kind === "drawn") continue;
        const found = problems(field, value, setting, unknown);
        const said = `${one.type}.${setting} = ${JSON.stringify(value)}`;
        if (!taken && found.length === 0) missed.push(said);
        const odd = (field.kind === "column" && value === "") || (field.kind === "choice" && value === true);
        const stricter = odd || ["number", "boolean"].includes(field.kind);
        if (taken && found.length > 0 && !stricter) scolded.push(said);
      }
    }
    expect(missed).toEqual([]);
    expect(scolded).toEqual([]);
  });

  it("makes a fresh entry for each table of settings that only lacks what a person has to choose", () => {
    for (const one of cases)
      for (const { name, field } of fieldsBeside(one, one.settings)) {
        if (field.kind !== "table") continue;
        const fresh = emptyValue(field.item);
        const wrong = problems(field.item, fresh, name, unknown).map(({ text }) => text);
        expect(
          wrong.every((text) => /choose|needed/i.test(text)),
          `${one.type}.${name}: ${wrong}`,
        ).toBe(true);
      }
  });
});
