// What a workflow is, as in peephole/workflow/document.py: plain data, exactly as it travels, with nothing left out.

export const COMPONENT = "component";
export const SETTINGS = "settings.";
export const MAX_NESTING = 20;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** [x, y] or [x, y, width, height] */
export type Place = readonly [number, number] | readonly [number, number, number, number];
type Named<T> = Readonly<Record<string, T>>;

export interface Note {
  readonly text: string;
  readonly colour: string;
}

export interface Frame {
  readonly title: string;
  readonly colour: string;
}

export interface Block {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly note: string;
  readonly pinned: boolean;
  readonly settings: Named<Json>;
  /** the workflow within a component */
  readonly inside: Document | null;
  /** a block that a newer Peephole wrote, as it was found */
  readonly $kept: Json;
}

/** `wires` are texts, `flights.table -> join.left`: so they compare, and are their own keys. */
export interface Document {
  readonly format: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly nodes: Named<Block>;
  readonly wires: readonly string[];
  readonly notes: Named<Note>;
  readonly frames: Named<Frame>;
  readonly layout: Named<Place>;
  readonly $kept: Named<Json>;
}

/** Data as they arrive: what equals its default may be missing. */
export type Loose<T> = { readonly [K in keyof T]?: unknown };

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const mapped = <T>(value: unknown, make: (one: Record<string, unknown>) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record(value)).map(([name, one]) => [name, make(record(one))]));

export const noteOf = (data: Loose<Note>): Note => ({ text: "", colour: "", ...data }) as Note;

export const frameOf = (data: Loose<Frame>): Frame => ({ title: "", colour: "", ...data }) as Frame;

export function blockOf(data: Loose<Block>): Block {
  const { inside, ...rest } = data;
  const plain = { type: "", version: 1, title: "", note: "", pinned: false, settings: {}, $kept: null, ...rest };
  return { ...plain, inside: inside ? documentOf(record(inside)) : null } as Block;
}

export function documentOf(data: Loose<Document>): Document {
  return {
    title: "",
    description: "",
    ...data,
    format: "peephole-workflow",
    version: typeof data.version === "number" ? data.version : 1,
    nodes: mapped(data.nodes, blockOf),
    wires: Array.isArray(data.wires) ? data.wires.map(String) : [],
    notes: mapped(data.notes, noteOf),
    frames: mapped(data.frames, frameOf),
    layout: record(data.layout) as Record<string, Place>,
    $kept: record(data.$kept) as Record<string, Json>,
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
  return Object.values(document.$kept).some((section) => Object.hasOwn(record(section), id));
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
