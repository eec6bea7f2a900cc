// What a workflow is, as in peephole/workflow/document.py: plain data, exactly as it travels, with nothing left out.
// Values are never changed in place. `wires` are texts, `flights.table -> join.left`: they compare, and are their own keys.

import type {
  Document,
  DocumentInput,
  Frame,
  FrameInput,
  Json,
  NodeBlock,
  NodeBlockInput,
  Note,
  NoteInput,
} from "../api/generated";

export const COMPONENT = "component";
export const SETTINGS = "settings.";
export const MAX_NESTING = 20;

/** [x, y] or [x, y, width, height] */
export type Place = [number, number] | [number, number, number, number];
export type { Document, DocumentInput, Frame, Json, NodeBlock as Block, NodeBlockInput, Note };

const mapped = <A, B>(part: Record<string, A> | undefined, make: (one: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(part ?? {}).map(([id, one]) => [id, make(one)]));

export const noteOf = (data: NoteInput): Note => ({ text: "", colour: "", ...data });

export const frameOf = (data: FrameInput): Frame => ({ title: "", colour: "", ...data });

export type Repeat = NonNullable<NodeBlock["repeat"]>;
export type RepeatInput = NonNullable<NodeBlockInput["repeat"]>;

/** How a component is repeated, with everything said that may be left out. */
export function repeatOf(data: RepeatInput): Repeat {
  const sideBySide = { best: null, lowest: false };
  switch (data.over) {
    case "count":
      return { ...sideBySide, name: "iteration", ...data };
    case "columns":
      return { ...sideBySide, setting: "column", ...data };
    case "groups":
      return { ...sideBySide, input: "table", ...data };
    case "chunks":
      return { ...sideBySide, input: "table", ...data };
    case "values":
      return { ...sideBySide, ...data };
    case "rounds":
      return { until: null, input: "table", output: "table", name: "iteration", ...data };
  }
}

/** A block with everything said that may be left out. */
export function blockOf(data: NodeBlockInput): NodeBlock {
  const inside = data.inside ? documentOf(data.inside) : null;
  const repeat = data.repeat ? repeatOf(data.repeat) : null;
  return { version: 1, title: "", note: "", pinned: false, settings: {}, $kept: null, ...data, inside, repeat };
}

/** A document with everything said that may be left out. */
export function documentOf(data: DocumentInput): Document {
  return {
    version: 1,
    title: "",
    description: "",
    wires: [],
    layout: {},
    $kept: {},
    ...data,
    format: "peephole-workflow",
    nodes: mapped(data.nodes, blockOf),
    notes: mapped(data.notes, noteOf),
    frames: mapped(data.frames, frameOf),
  };
}

/** From an output port to an input port; an empty node is the edge of the component that is looked into. */
export interface Wire {
  readonly source: string;
  readonly output: string;
  readonly target: string;
  readonly input: string;
}

const WIRE = /^([A-Za-z][\w-]*)?\.(\S+) -> ([A-Za-z][\w-]*)?\.(\S+)$/;
const parsed = new Map<string, Wire>();

export function wireOf(text: string): Wire {
  const known = parsed.get(text);
  if (known) return known;
  const [, source = "", output = "", target = "", input = ""] = WIRE.exec(text) ?? [];
  if (parsed.size > 20_000) parsed.clear();
  const wire = { source, output, target, input };
  parsed.set(text, wire);
  return wire;
}

export const wireText = (source: string, output: string, target: string, input: string): string =>
  `${source}.${output} -> ${target}.${input}`;

/** The setting that a wire feeds, if it feeds one. */
export const fedSetting = (wire: Wire): string | null =>
  wire.input.startsWith(SETTINGS) ? wire.input.slice(SETTINGS.length) : null;

export const has = (document: Document, id: string): boolean =>
  Object.hasOwn(document.nodes, id) || Object.hasOwn(document.notes, id) || Object.hasOwn(document.frames, id);

/** Whether an id is in use, be it for something that this version cannot read. */
export function taken(document: Document, id: string): boolean {
  if (has(document, id) || Object.hasOwn(document.layout, id)) return true;
  return Object.values(document.$kept).some(
    (section) => typeof section === "object" && section !== null && Object.hasOwn(section, id),
  );
}

/** A component's own ports and settings by name, each with the wires that lead to them inside. */
export interface Exposed {
  readonly inputs: Map<string, Wire[]>;
  readonly outputs: Map<string, Wire[]>;
  readonly settings: Map<string, Wire[]>;
}

export function exposed(inside: Document): Exposed {
  const found: Exposed = { inputs: new Map(), outputs: new Map(), settings: new Map() };
  const into = (map: Map<string, Wire[]>, name: string, wire: Wire): void => {
    map.set(name, [...(map.get(name) ?? []), wire]);
  };
  for (const wire of inside.wires.map(wireOf)) {
    if (wire.source === "") {
      const setting = wire.output.startsWith(SETTINGS);
      if (setting) into(found.settings, wire.output.slice(SETTINGS.length), wire);
      else into(found.inputs, wire.output, wire);
    }
    if (wire.target === "") into(found.outputs, wire.input, wire);
  }
  return found;
}

/** A free id made of a name: `read_csv`, then `read_csv_2` ...; `package/name` gives `name`. */
export function freshId(wanted: string, used: (id: string) => boolean): string {
  const last = wanted.slice(wanted.lastIndexOf("/") + 1).toLowerCase();
  const plain = last.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "") || "node";
  const base = (/^[a-z]/.test(plain) ? plain : `n_${plain}`).slice(0, 80);
  if (!used(base)) return base;
  const stem = base.replace(/_\d+$/, "");
  let number = 2;
  while (used(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/** How deep components lie in components: 0 where there are none. */
export function nesting(document: Document): number {
  return Math.max(0, ...Object.values(document.nodes).map((one) => (one.inside ? 1 + nesting(one.inside) : 0)));
}

/** The path of a node in the whole workflow. */
export const pathOf = (within: string, id: string): string => (within ? `${within}/${id}` : id);

/** The component a node lies in, and its id there. */
export function splitPath(path: string): { within: string; id: string } {
  const cut = path.lastIndexOf("/");
  return { within: path.slice(0, Math.max(0, cut)), id: path.slice(cut + 1) };
}

/** The same place, its corner elsewhere; what has a size keeps it. */
export const movedTo = (old: Place | undefined, x: number, y: number): Place => {
  const corner: Place = [Math.round(x), Math.round(y)];
  return old?.length === 4 ? [...corner, old[2], old[3]] : corner;
};

/** How many nodes a workflow has; a component counts as the nodes in it. */
export const countNodes = (document: Document): number =>
  Object.values(document.nodes).reduce((sum, { inside }) => sum + (inside ? countNodes(inside) : 1), 0);
