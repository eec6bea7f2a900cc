import { describe, expect, it } from "vitest";
import { completions, inserted, wordAt } from "./complete";
import { moved } from "./Entries";
import { counts, emptyValue, type Field, fieldOf, fieldsOf, type JsonSchema, optionOf } from "./fields";
import { readList, writeList } from "./ListControl";
import { readNumber } from "./PlainControls";
import { problems } from "./validate";

const columns = () => [
  { name: "age", type: "integer" },
  { name: "sex", type: "text" },
  { name: "mean delay", type: "number" },
];
const wrong = (field: Field, value: never | unknown) =>
  problems(field, value as never, "x", columns).map(({ path, text }) => `${path}: ${text}`);

describe("a schema read as a field", () => {
  it("sees through an option that may be null", () => {
    const field = fieldOf(
      {
        anyOf: [{ type: "string", "x-columnpicker": { port: "right", types: ["number"] } }, { type: "null" }],
        default: null,
      },
      {},
    );
    expect(field).toMatchObject({ kind: "column", port: "right", types: ["number"], nullable: true, default: null });
  });

  it("follows references, and keeps what stands beside them", () => {
    const root: JsonSchema = { $defs: { Way: { type: "string", enum: ["up", "down"] } } };
    expect(fieldOf({ $ref: "#/$defs/Way", default: "up", description: "which way" }, root)).toMatchObject({
      kind: "choice",
      options: ["up", "down"],
      default: "up",
      doc: "which way",
    });
  });

  it("reads a list of groups as a table, with the fields in order and what is needed", () => {
    const root: JsonSchema = {
      properties: { by: { type: "array", items: { $ref: "#/$defs/Key" }, minItems: 1 } },
      required: ["by"],
      $defs: {
        Key: {
          title: "SortKey",
          type: "object",
          properties: {
            column: { type: "string", "x-columnpicker": {} },
            descending: { type: "boolean", default: false },
          },
          required: ["column"],
        },
      },
    };
    const [by] = fieldsOf(root);
    expect(by?.required).toBe(true);
    expect(by?.field.kind).toBe("table");
    if (by?.field.kind !== "table") return;
    expect(by.field.item.fields.map(({ name, required }) => [name, required])).toEqual([
      ["column", true],
      ["descending", false],
    ]);
    expect(emptyValue(by.field.item)).toEqual({ column: "" });
  });

  it("leaves out of a group what does not count beside the rest", () => {
    const [how, value, other] = fieldsOf({
      properties: {
        how: { enum: ["mean", "constant"], default: "mean" },
        value: { anyOf: [{ type: "string" }, { type: "null" }], "x-applies": { setting: "how", values: ["constant"] } },
        other: { type: "string" },
      },
    });
    if (!how || !value || !other) throw new Error("fields");
    const fields = [how, value, other];
    expect(fields.map((one) => counts(one, {}, fields))).toEqual([true, false, true]);
    expect(fields.map((one) => counts(one, { how: "constant" }, fields))).toEqual([true, true, true]);
  });

  it("tells the options of a union apart by their tag and by their type", () => {
    const tagged = (kind: string, extra: string): JsonSchema => ({
      type: "object",
      properties: { kind: { const: kind }, [extra]: { type: "integer" } },
      required: ["kind", extra],
    });
    const field = fieldOf({ oneOf: [tagged("count", "times"), tagged("chunks", "rows")] }, {});
    if (field.kind !== "union") throw new Error(field.kind);
    expect(field.options.map(({ title }) => title)).toEqual(["Count", "Chunks"]);
    expect(optionOf(field.options, { kind: "chunks", rows: 3 })).toBe(1);
    expect(emptyValue(field)).toEqual({ kind: "count", times: 0 });
    const mixed = fieldOf(
      { anyOf: [{ type: "boolean" }, { type: "integer" }, { type: "number" }, { type: "string" }] },
      {},
    );
    if (mixed.kind !== "union") throw new Error(mixed.kind);
    expect([true, 3, 0.5, "a"].map((value) => optionOf(mixed.options, value))).toEqual([0, 1, 2, 3]);
  });
});

describe("what is wrong with a value", () => {
  const number = fieldOf({ type: "integer", minimum: 1, maximum: 9 }, {});
  it("is told in words, with the bound", () => {
    expect(wrong(number, "many")).toEqual(['x: "many" is not a whole number. Type a whole number such as 10.']);
    expect(wrong(number, 10)).toEqual(["x: At most 9."]);
    expect(wrong(number, 2.5)).toHaveLength(1);
    expect(wrong(number, 5)).toEqual([]);
    expect(wrong(fieldOf({ type: "number", exclusiveMinimum: 0 }, {}), 0)).toEqual(["x: More than 0."]);
  });

  it("names columns that are not there and types that do not fit", () => {
    const picker = fieldOf({ type: "array", items: { type: "string" }, "x-columnpicker": { types: ["number"] } }, {});
    expect(wrong(picker, ["age", "mean delay"])).toEqual([]);
    expect(wrong(picker, ["Age"])).toEqual(['x: There is no column "Age" in what comes in.']);
    expect(wrong(picker, ["sex"])).toEqual(['x: "sex" is text; number is needed.']);
  });

  it("is found within tables, groups and dicts, each at its place", () => {
    const group: JsonSchema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
    expect(
      wrong(fieldOf({ type: "array", items: group }, {}), [{ n: 1 }, { n: "a" }, {}]).map((one) => one.split(":")[0]),
    ).toEqual(["x[1].n", "x[2].n"]);
    const dict = fieldOf(
      { type: "object", additionalProperties: { type: "integer" }, propertyNames: { "x-columnpicker": {} } },
      {},
    );
    expect(wrong(dict, { age: 1, no: "b" }).map((one) => one.split(":")[0])).toEqual(["x[no]", "x[no]"]);
  });
});

describe("what a person types", () => {
  it("is a number where it reads as one, and stays as typed where it does not", () => {
    const kind = { kind: "number", integer: false } as const;
    expect(["1.5", " 2 ", "1,5", "1e3", "-.5", "1 000"].map((text) => readNumber(text, kind, false))).toEqual([
      1.5, 2, 1.5, 1000, -0.5, 1000,
    ]);
    expect(["many", "", "1.2.3"].map((text) => readNumber(text, kind, false))).toEqual(["many", "", "1.2.3"]);
    expect(readNumber("", kind, true)).toBeNull();
  });

  it("is a list, with quotation marks around what would be split", () => {
    for (const list of [["a", "b c"], ["", "NA"], ["a, b", 'say "x"', " y "], []])
      expect(readList(writeList(list))).toEqual(list);
    expect(readList("10, 20,30")).toEqual(["10", "20", "30"]);
  });

  it("moves an entry to another place", () => {
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  });
});

describe("completing a formula", () => {
  it("knows the word at the cursor, and says nothing within a text", () => {
    expect(wordAt("upper(na", 8)).toEqual({ word: "na", start: 6 });
    expect(wordAt("x = 'ab", 7)).toBeNull();
    expect(wordAt('sum + "mean d', 13)).toEqual({ word: "mean d", start: 6 });
  });

  it("offers columns before functions and puts names in quotation marks where they need them", () => {
    const found = completions("me", columns(), false);
    expect(found[0]).toMatchObject({ value: "mean delay", insert: '"mean delay"' });
    const [first] = completions("upp", columns(), false);
    expect(first).toMatchObject({ value: "upper", insert: "upper()" });
    expect(first && inserted("upp", 3, 0, first)).toEqual(["upper()", 6]);
    expect(found[0] && inserted('"mean d"', 7, 0, found[0])).toEqual(['"mean delay"', 12]);
  });
});
