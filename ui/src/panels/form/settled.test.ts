// Settings of another node: the form has that node's own fields, as far as it is known which node is meant.

import { beforeEach, expect, it } from "vitest";
import type { NodeType } from "../../api/generated";
import { useCatalog } from "../../store/catalog";
import { counts, type Field, fieldsOf, type Json, type NamedField } from "./fields";
import { settled } from "./settled";
import { problems } from "./validate";

const type = (name: string, properties: object, defaults: object) =>
  [
    name,
    { type: name, schema: { properties, required: ["target"] }, defaults, setting_docs: {} } as unknown as NodeType,
  ] as const;
const target = { type: "string" };
const mark = (named = "") => ({
  "x-settingsof": { chosen_by: "learner", nodes: { tree: "tree_node", bag: "bag_node" }, without: ["target"], named },
});
const learner = { enum: ["tree", "bag"], default: "tree" };
const settings = { type: "object", additionalProperties: {}, default: {}, ...mark() };
const any = { anyOf: [{ type: "integer" }, { type: "number" }, { type: "null" }] };
const schema = {
  properties: {
    learner,
    settings,
    members: { type: "array", items: { type: "object", properties: { learner, settings }, required: ["learner"] } },
    tried: {
      type: "array",
      items: {
        type: "object",
        properties: {
          name: { type: "string", ...mark() },
          values: { type: "array", items: any, default: [], ...mark("name") },
          low: { ...any, default: null, ...mark("name") },
        },
        required: ["name"],
      },
    },
  },
};

beforeEach(() =>
  useCatalog.setState({
    nodes: new Map([
      type(
        "tree_node",
        { target, depth: { type: "integer", minimum: 1 }, quality: { enum: ["gini", "entropy"] } },
        { depth: 10, quality: "gini" },
      ),
      type("bag_node", { target, trees: { type: "integer", minimum: 1 } }, { trees: 100 }),
    ]),
  }),
);

const fields = (values: Record<string, Json>) => settled(fieldsOf(schema), values);
const field = (values: Record<string, Json>, name: string) =>
  fields(values).find((one) => one.name === name)?.field as Field;
const names = (one: Field) => (one.kind === "others" ? one.fields.map(({ name }) => name) : one.kind);
const wrong = (values: Record<string, Json>, name: string) =>
  problems(field(values, name), values[name], name, () => undefined).map(({ path, text }) => `${path}: ${text}`);
const row = (values: Record<string, Json>, name: string, entry: Record<string, Json>): readonly NamedField[] => {
  const table = field(values, name);
  if (table.kind !== "table") throw new Error(table.kind);
  return settled(table.item.fields, entry);
};

it("are those of the node that is chosen, or usual, without what is not to be given", () => {
  expect(names(field({}, "settings"))).toEqual(["depth", "quality"]);
  expect(names(field({ learner: "bag" }, "settings"))).toEqual(["trees"]);
  expect(names(field({ learner: "gone" }, "settings"))).toBe("dict");
  expect(names(field({ learner: null }, "settings"))).toBe("dict"); // chosen by a wire
});

it("are chosen in each row by itself", () => {
  const inner = (entry: Record<string, Json>) => names(row({ learner: "tree" }, "members", entry)[1]?.field as Field);
  expect(inner({ learner: "bag" })).toEqual(["trees"]);
  expect(inner({ learner: "tree" })).toEqual(["depth", "quality"]);
});

it("say what is wrong at the setting itself", () => {
  expect(wrong({ settings: { depth: 0 } }, "settings")).toEqual(["settings.depth: At least 1."]);
  expect(wrong({ learner: "bag", settings: { depth: 3 } }, "settings")).toEqual([
    "settings.depth: The bag has no setting “depth”. Remove it, or choose another.",
  ]);
  expect(wrong({ members: [{ learner: "bag", settings: { trees: "many" } }] }, "members")[0]).toMatch(
    /^members\[0\]\.settings\.trees: "many" is not a whole number/,
  );
  expect(wrong({ tried: [{ name: "depth", values: [1, 0] }] }, "tried")).toEqual(["tried[0].values[1]: At least 1."]);
  expect(wrong({ tried: [{ name: "" }] }, "tried")).toEqual(["tried[0].name: Choose depth or quality."]);
});

it("are named in a choice, with values as that setting takes them", () => {
  const [name, values, low] = row({}, "tried", { name: "depth" });
  expect(name?.field).toMatchObject({ kind: "choice", options: ["depth", "quality"], titles: ["Depth", "Quality"] });
  expect(values?.field).toMatchObject({ kind: "list", item: { kind: "number", low: 1 } });
  expect(low?.field).toMatchObject({ kind: "number", low: 1, nullable: true, default: null });
  const words = row({}, "tried", { name: "quality" });
  expect(words[1]?.field).toMatchObject({ kind: "choices", options: ["gini", "entropy"] });
  expect(words.map((one) => counts(one, { name: "quality" }, words))).toEqual([true, true, false]); // no low word
});
