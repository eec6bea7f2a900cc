import { describe, expect, it } from "vitest";
import { documentOf } from "../../graph/document";
import { fieldOf, fieldsOf } from "../form/fields";
import { fedSettings, sourceOf } from "./incoming";
import { noticesOf } from "./notices";
import { freshRepeat, type Over, type Repeat, unfinished } from "./repeats";
import { suggestion } from "./suggest";
import { wrongsOf } from "./wrongs";

const document = documentOf({
  nodes: {
    read: { type: "read_csv" },
    part: {
      type: "component",
      inside: {
        nodes: { a: { type: "sort" }, b: { type: "filter_rows" } },
        wires: [".rows -> a.table", "a.table -> b.table", "b.table -> .out", ".settings.limit -> b.settings.where"],
      },
    },
    last: { type: "sort" },
    number: { type: "variable" },
  },
  wires: ["read.table -> part.rows", "part.out -> last.table", "number.value -> last.settings.missing"],
} as never);

describe("where a value comes from", () => {
  it("leads out of a component and into one", () => {
    expect(sourceOf(document, "part", "a", "table")).toEqual({ node: "read", port: "table" });
    expect(sourceOf(document, "part", "b", "table")).toEqual({ node: "part/a", port: "table" });
    expect(sourceOf(document, "", "last", "table")).toEqual({ node: "part/b", port: "table" });
    expect(sourceOf(document, "", "read", "table")).toBeNull();
  });

  it("knows the settings that are fed by wire", () => {
    expect([...fedSettings(document, "", "last")]).toEqual([["missing", { node: "number", port: "value" }]]);
    expect([...fedSettings(document, "part", "b").keys()]).toEqual(["where"]);
  });
});

const finding = (id: string, setting: string, what: string, remedy = "", position: number | null = null) =>
  ({ id, severity: "error", node: "n", what, remedy, setting, position, wire: null }) as const;

const picker = (port: string) => ({ type: "string", "x-columnpicker": { port } });

describe("what is wrong with each setting", () => {
  const fields = fieldsOf({
    properties: {
      keys: { type: "array", items: { type: "string" }, "x-columnpicker": {} },
      trees: { type: "integer", minimum: 1 },
      where: { type: "string", minLength: 1, "x-formulatext": {} },
    },
    required: ["keys", "where"],
  });
  const given = {
    fields,
    fed: new Set<string>(),
    columns: () => [{ name: "age", type: "integer" }],
    titles: ["Group by"],
    problem: null,
  };

  it("is the server's word on columns and formulas, and the page's on the rest", () => {
    const found = wrongsOf({
      ...given,
      settings: { keys: ["Age"], trees: "many", where: "a <" },
      findings: [
        finding(
          "column",
          "keys",
          'Group by: there is no column "Age".',
          'Did you mean "age"? Columns: age, sex ... (15 in all).',
        ),
        finding("setting", "trees", "Group by: trees cannot be 'many'.", "Give a whole number."),
        finding("formula", "where", 'The formula cannot be used: near "<".', "", 2),
      ],
    });
    expect(found.at("keys")).toBe('There is no column "Age". Did you mean "age"?');
    expect(found.at("trees")).toContain('"many" is not a whole number');
    expect(found.at("where")).toBe('The formula cannot be used: near "<".');
    expect(found.position("where")).toBe(2);
  });

  it("is no fault while no column has been chosen, and said alike on both sides", () => {
    const pair = {
      type: "object",
      properties: { left: picker("left"), right: picker("right") },
      required: ["left", "right"],
    };
    const [keys] = fieldsOf({ properties: { keys: { type: "array", items: pair } } });
    const found = wrongsOf({
      ...given,
      fields: keys ? [keys] : [],
      settings: { keys: [{ left: "", right: "" }] },
      findings: [finding("unset", "keys[0].left", "Join: no column is chosen.", "Columns: age.")],
    });
    expect(found.at("keys[0].left")).toBe("Choose a column.");
    expect(found.at("keys[0].right")).toBe("Choose a column.");
    expect(["keys[0].left", "keys[0].right", "keys"].map(found.unset)).toEqual([true, true, false]);
  });

  it("tells what is missing apart from what is wrong", () => {
    const found = wrongsOf({ ...given, settings: { keys: [], trees: 0, where: "" }, findings: [] });
    expect(["keys", "trees", "where"].map(found.unset)).toEqual([false, false, true]);
    const server = wrongsOf({ ...given, settings: { keys: [] }, findings: [finding("unset", "keys", "No keys.")] });
    expect([server.at("keys"), server.unset("keys")]).toEqual(["No keys.", true]);
  });

  it("says what is missing, and nothing of what comes by wire", () => {
    expect(wrongsOf({ ...given, settings: {}, findings: [] }).at("keys")).toBe("This is needed.");
    const fed = new Set(["keys", "where"]);
    expect(
      wrongsOf({ ...given, fed, settings: { keys: ["no"] }, findings: [finding("column", "keys", "no")] }).any,
    ).toBe(false);
  });
});

describe("what stands above the settings", () => {
  const problem = { id: "wire", what: 'Join: nothing is connected to "right".', remedy: "Connect a Table." } as never;
  const wire = {
    ...finding("input-missing", "", 'Join: nothing is connected to "right".', "Connect a Table."),
    setting: null,
  };
  const given = { type: "join", missing: [], findings: [wire], problem, toDo: () => false };

  it("is said once, though the check and the plan both say it, and without the title above it", () => {
    expect(noticesOf({ ...given, titles: ["", "Join"] })).toEqual([
      { tone: "bad", what: 'Nothing is connected to "right".', remedy: "Connect a Table.", trace: "" },
    ]);
  });

  it("is no fault while it is only to be done", () => {
    const told = noticesOf({ ...given, titles: ["", "Join"], toDo: ({ id }) => id === "input-missing" });
    expect(told.map(({ tone }) => tone)).toEqual(["todo"]);
  });

  it("tells of a node that is not installed in one place, with the name that was perhaps meant", () => {
    const unknown = {
      ...finding("unknown-type", "", 'There is no node type "joyn".', 'Did you mean "join"?'),
      setting: null,
    };
    const lost = { id: "unknown-node", what: 'The node "joyn" is not installed.', remedy: "Install it." } as never;
    const told = noticesOf({
      titles: null,
      type: "joyn",
      missing: [],
      findings: [unknown],
      problem: lost,
      toDo: () => false,
    });
    expect(told).toHaveLength(1);
    expect(told[0]?.remedy).toMatch(/^Did you mean "join"\? /);
  });
});

describe("a hint taken", () => {
  const said = 'There is no column "Age". Did you mean "age"?';
  it("puts the name in the place of the wrong one, in a picker and in a formula", () => {
    const one = fieldOf({ type: "string", "x-columnpicker": {} }, {});
    const many = fieldOf({ type: "array", items: { type: "string" }, "x-columnpicker": {} }, {});
    const formula = fieldOf({ type: "string", "x-formulatext": {} }, {});
    expect(suggestion(one, "Age", said)?.value).toBe("age");
    expect(suggestion(many, ["sex", "Age"], said)?.value).toEqual(["sex", "age"]);
    expect(suggestion(formula, "Age > 3 and Ages = 'Age' and \"Age\" < 2", said)?.value).toBe(
      "age > 3 and Ages = 'Age' and age < 2",
    );
    expect(suggestion(one, "Age", "Choose a column.")).toBeNull();
  });
});

describe("how often a component runs", () => {
  const face = { inputs: ["rows"], outputs: ["rows", "score"], settings: ["depth"] };

  it("is no part of the document before it is complete", () => {
    const missing = (over: Over) => Object.keys(unfinished(freshRepeat(over, face), face));
    expect(missing("count")).toEqual([]);
    expect(missing("chunks")).toEqual([]);
    expect(missing("groups")).toEqual(["columns"]);
    expect(missing("columns")).toEqual(["columns"]);
    expect(missing("values")).toEqual(["values"]);
    expect(missing("rounds")).toEqual([]);
  });

  it("goes round by the first ports, without a condition or a best run unless one is chosen", () => {
    const fresh = { over: "rounds", times: 10, until: null, input: "rows", output: "rows" };
    expect(freshRepeat("rounds", face)).toEqual(fresh);
    expect(freshRepeat("chunks", face)).toMatchObject({ best: null, lowest: false });
    expect(unfinished({ ...fresh, until: "score" } as Repeat, face)).toEqual({});
    expect(Object.keys(unfinished({ ...fresh, times: 2000 } as Repeat, face))).toEqual(["times"]);
    expect(Object.keys(unfinished({ ...fresh, until: "gone" } as Repeat, face))).toEqual(["until"]);
  });

  it("is complete with columns, values, and numbers that a count can be", () => {
    const wrong = (repeat: object) => unfinished(repeat as Repeat, face);
    expect(wrong({ over: "groups", columns: ["town"], input: "rows" })).toEqual({});
    expect(wrong({ over: "values", values: { depth: [2, 4] } })).toEqual({});
    expect(Object.keys(wrong({ over: "values", values: { depth: [] } }))).toEqual(["values"]);
    expect(Object.keys(wrong({ over: "count", times: "many", name: "depth" }))).toEqual(["times"]);
    expect(Object.keys(wrong({ over: "chunks", rows: 0, input: "rows" }))).toEqual(["rows"]);
  });
});
