import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NodeType } from "../api/generated";
import { apply } from "./apply";
import { aligned, arranged, placesForAll } from "./arrange";
import { asText, copied, fromText, pasted } from "./clipboard";
import { type Document, documentOf, freshId, wireOf, wireText } from "./document";
import { faceOf } from "./faces";
import { asksForLoop, found } from "./find";
import { healing, intoWire, joining, partners } from "./fits";
import type { Op } from "./ops";

const plain = { icon: "", drawing: "", version: 1, summary: "", doc: "", schema: {}, defaults: {}, setting_docs: {} };
const more = {
  runs: "engine" as const,
  data_dependent: false,
  effect: false,
  has_code: false,
  lasts: "",
  missing: [],
  also: [],
};
const type = (name: string, inputs: [string, string, boolean?][], outputs: [string, string][]): NodeType => ({
  ...plain,
  ...more,
  type: name,
  title: name,
  family: "test",
  schema: { properties: { limit: {} } },
  inputs: inputs.map(([port, kind, many = false]) => ({ name: port, type: kind, doc: "", optional: false, many })),
  outputs: outputs.map(([port, kind]) => ({ name: port, type: kind, doc: "" })),
});
const types = new Map(
  [
    type("read", [], [["table", "Table"]]),
    type("sort", [["table", "Table"]], [["table", "Table"]]),
    type(
      "join",
      [
        ["left", "Table"],
        ["right", "Table"],
      ],
      [["table", "Table"]],
    ),
    type("stack", [["tables", "Table", true]], [["table", "Table"]]),
    type("learn", [["table", "Table"]], [["model", "Model"]]),
    type("number", [], [["value", "Variable"]]),
  ].map((one) => [one.type, one]),
);

const flow = (nodes: Record<string, string>, wires: string[] = []): Document =>
  documentOf({ nodes: Object.fromEntries(Object.entries(nodes).map(([id, kind]) => [id, { type: kind }])), wires });
const done = (document: Document, ops: Op[]): Document => ops.reduce((now, op) => apply(now, op)[0], document);

describe("joining", () => {
  const document = flow({ a: "read", s: "sort", l: "learn", j: "join", n: "number", k: "stack" }, [
    "a.table -> s.table",
    "s.table -> j.left",
  ]);
  const why = (text: string): string => {
    const how = joining(document, wireOf(text), types);
    return how.ok ? "" : how.reason;
  };
  it("refuses what does not fit, and says why", () => {
    expect(why("l.model -> j.right")).toBe('join: "right" takes a Table, and this is a Model.');
    expect(why("j.table -> s.table")).toBe("That would make a loop: join depends on sort.");
    expect(why("s.table -> s.table")).toBe("A node cannot be connected to itself.");
    expect(why("a.table -> s.table")).toBe("These two are connected already.");
    expect(why("a.table -> s.settings.limit")).toBe("sort: setting limit takes a Variable, and this is a Table.");
    expect(why("n.value -> s.settings.limit")).toBe("");
  });
  it("lets a port that takes one wire give up the old one, and keeps those of a port that takes many", () => {
    const single = joining(document, wireOf("a.table -> j.left"), types);
    expect(single.ok && single.edits.map((one) => one.op)).toEqual(["disconnect", "connect"]);
    const first = joining(document, wireOf("a.table -> k.tables"), types);
    const stacked = done(document, first.ok ? first.edits : []);
    const second = joining(stacked, wireOf("j.table -> k.tables"), types);
    expect(second.ok && second.edits).toEqual([{ op: "connect", wire: "j.table -> k.tables", many: true }]);
  });
  it("lists every port that fits", () => {
    expect(partners(document, "l", "model", "out", types)).toEqual([]);
    expect(partners(document, "l", "table", "in", types).map((one) => one.node)).toEqual(["a", "s", "j", "k"]);
  });
});

describe("wires heal", () => {
  it("when what stood between goes, and take up what is put into them", () => {
    const chain = flow({ a: "read", s: "sort", t: "sort", l: "learn" }, [
      "a.table -> s.table",
      "s.table -> t.table",
      "t.table -> l.table",
    ]);
    const mended = healing(chain, ["s", "t"], types);
    expect(mended).toEqual([{ op: "connect", wire: "a.table -> l.table", many: false }]);
    const after = done(chain, [{ op: "remove", ids: ["s", "t"] }, ...mended]);
    const again = done(after, [{ op: "add", id: "new", node: { type: "sort" } }]);
    const put = done(again, intoWire(again, "new", "a.table -> l.table", types));
    expect(put.wires).toEqual(["a.table -> new.table", "new.table -> l.table"]);
  });
  it("not where the types differ", () => {
    const chain = flow({ a: "read", l: "learn", p: "sort" }, ["a.table -> l.table", "l.model -> p.table"]);
    expect(healing(chain, ["l"], types)).toEqual([]);
  });
});

it("a component shows the ports and the types of what lies in it", () => {
  const chain = flow({ a: "read", s: "sort", l: "learn" }, ["a.table -> s.table", "s.table -> l.table"]);
  const [whole] = apply(chain, { op: "collapse", ids: ["s"], id: "part", title: "Part" });
  const block = whole.nodes.part;
  const face = block && faceOf(block, types);
  expect(face?.inputs.map(({ name, type: kind, optional }) => [name, kind, optional])).toEqual([
    ["table", "Table", false],
  ]);
  expect(face?.outputs.map(({ name, type: kind }) => [name, kind])).toEqual([["table", "Table"]]);
});

describe("copy and paste", () => {
  it("goes through text, and gives free ids", () => {
    const chain = flow({ a: "read", s: "sort" }, ["a.table -> s.table"]);
    const piece = fromText(asText(copied(chain, ["a", "s"])));
    expect(piece).toEqual(copied(chain, ["a", "s"]));
    const twice = piece ? done(chain, [pasted(chain, piece)]) : chain;
    expect(twice.wires).toEqual(["a.table -> s.table", "a_2.table -> s_2.table"]);
    expect(fromText("peephole-workflow")).toBeNull();
    expect(fromText('{"nodes": {}}')).toBeNull();
  });
  it("counts on from what is taken", () => {
    const used = new Set(["read_csv", "read_csv_2"]);
    expect(freshId("Read CSV", (id) => used.has(id))).toBe("read_csv_3");
    expect(freshId("package/2nd", () => false)).toBe("n_2nd");
  });
});

describe("arranging", () => {
  const size = () => ({ width: 200, height: 80 });
  const workflows = fc
    .tuple(fc.integer({ min: 1, max: 14 }), fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 24 }))
    .map(([count, pairs]) =>
      flow(
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, "sort"])),
        pairs
          .filter(([a, b]) => a < count && b < count && a !== b)
          .map(([a, b]) => wireText(`n${a}`, "table", `n${b}`, "table")),
      ),
    );
  it("never lays one box over another, whatever the wires, loops included", () => {
    fc.assert(
      fc.property(workflows, (document) => {
        const ids = Object.keys(document.nodes);
        const places = Object.entries(arranged(document, ids, size));
        expect(places.map(([id]) => id).sort()).toEqual([...ids].sort());
        for (const [i, [, [x, y]]] of places.entries())
          for (const [, [other, below]] of places.slice(i + 1))
            expect(Math.abs(x - other) >= 200 || Math.abs(y - below) >= 80).toBe(true);
      }),
    );
  });
  it("lets wires run to the right where they can", () => {
    fc.assert(
      fc.property(workflows, (document) => {
        const forward = document.wires.map(wireOf).filter((w) => Number(w.source.slice(1)) < Number(w.target.slice(1)));
        const acyclic = { ...document, wires: forward.map((w) => wireText(w.source, w.output, w.target, w.input)) };
        const places = arranged(acyclic, Object.keys(acyclic.nodes), size);
        for (const { source, target } of forward) expect(places[source]?.[0]).toBeLessThan(places[target]?.[0] ?? 0);
      }),
    );
  });
  it("leaves alone what has a place", () => {
    const document = { ...flow({ a: "read", b: "sort" }), layout: { a: [5, 5] as [number, number] } };
    expect(Object.keys(placesForAll(document, size))).toEqual(["b"]);
  });
  it("aligns and spreads evenly", () => {
    const boxes = [0, 30, 300].map((x, i) => ({ id: `n${i}`, x, y: i * 7, width: 100, height: 50 }));
    expect(aligned(boxes, "top")).toEqual({ n0: [0, 0], n1: [30, 0], n2: [300, 0] });
    expect(aligned(boxes, "across")).toEqual({ n0: [0, 0], n1: [150, 7], n2: [300, 14] });
  });
});

it("nodes are found by the words that begin their names", () => {
  const titles = (typed: string): string[] => found(typed, types.values(), (name) => name).map((one) => one.title);
  expect(titles("so")).toEqual(["sort"]);
  expect(titles("test")).toHaveLength(types.size);
  expect(titles("nothing")).toEqual([]);
});

it("who looks for a loop is told of components that are repeated", () => {
  for (const typed of ["Group Loop Start", "chunk loop", "Recursive Loop End", "iterate"])
    expect(asksForLoop(typed)).toBe(true);
  for (const typed of ["lookup", "", "group by"]) expect(asksForLoop(typed)).toBe(false);
});

it("the node called just so comes before one that is called so elsewhere", () => {
  const nodes = ["merge", "join"].map((title) => ({ ...type(title, [], []), also: title === "join" ? ["Merge"] : [] }));
  expect(found("merge", nodes, (name) => name).map((one) => one.title)).toEqual(["merge", "join"]);
});
