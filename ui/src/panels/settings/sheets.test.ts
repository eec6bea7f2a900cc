import { expect, it } from "vitest";
import { fieldsOf, type JsonSchema } from "../form/fields";
import { sheetNode, sheetOf } from "./sheets";

const kinds = { type: "string", enum: ["text", "integer"], default: "text" };
const schema = (mark: string): JsonSchema => ({
  properties: {
    heads: { type: "array", items: { $ref: "#/$defs/Head" } },
    cells: { type: "array", items: { type: "array", items: { type: "string" } }, "x-rowsof": { columns: mark } },
  },
  $defs: { Head: { type: "object", properties: { name: { type: "string" }, type: kinds } } },
});
const sheet = { columns: "heads", rows: "cells", types: ["text", "integer"], usual: "text" };

it("finds a sheet by the mark in the schema, whatever its settings are called", () => {
  const fields = fieldsOf(schema("heads"));
  expect(sheetOf(fields)).toEqual(sheet);
  expect(sheetOf(fieldsOf(schema("others")))).toBeNull();
  expect(sheetOf(fields, (name) => name === "heads")).toBeNull();
  expect(sheetOf(fields, (name) => name === "cells")).toBeNull();
});

it("finds the node that holds cells, among sources alone", () => {
  const mixes = { schema: schema("heads"), inputs: [{}] };
  const holds = { schema: schema("heads"), inputs: [] };
  expect(sheetNode([mixes, holds])).toEqual({ type: holds, sheet });
  expect(sheetNode([mixes])).toBeNull();
});
