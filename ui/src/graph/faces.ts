// What a node shows to its neighbours, be it declared or a component: as in peephole/workflow/faces.py.

import type { NodeType } from "../api/generated";
import { type Block, type Document, exposed, fedSetting, SETTINGS, type Wire, wireOf } from "./document";

export const VARIABLE = "Variable";
/** What is put together of the runs of a repeated component. */
const COLLECTED: Record<string, string> = { Table: "Table", Variable: "Table", Figure: "Report" };
/** The two ends of a component, drawn as boxes while it is looked into; no node can have such an id. */
export const EDGE_IN = "$in";
export const EDGE_OUT = "$out";

export interface PortFace {
  name: string;
  /** name of its port type, null where it is not known */
  type: string | null;
  doc: string;
  optional: boolean;
  many: boolean;
}

export interface Face {
  title: string;
  inputs: PortFace[];
  outputs: PortFace[];
  settings: string[];
  /** what the node is, where it is installed */
  nodeType: NodeType | null;
}

export type Types = ReadonlyMap<string, NodeType>;

const output = (name: string, type: string | null, doc = ""): PortFace => ({
  name,
  type,
  doc,
  optional: true,
  many: true,
});

let memo = new WeakMap<Block, Face>();
let memoFor: Types | null = null;

/** The face of a node; of one that is not installed only the title is known. */
export function faceOf(block: Block, types: Types): Face {
  if (memoFor !== types) {
    memo = new WeakMap();
    memoFor = types;
  }
  let face = memo.get(block);
  if (!face) {
    face = block.inside ? componentFace(block, block.inside, types) : declaredFace(block, types);
    memo.set(block, face);
  }
  return face;
}

function declaredFace(block: Block, types: Types): Face {
  const nodeType = block.$kept === null ? types.get(block.type) : undefined;
  if (!nodeType) return { title: block.title || block.type, inputs: [], outputs: [], settings: [], nodeType: null };
  return {
    title: block.title || nodeType.title,
    inputs: nodeType.inputs.map((one) => ({ ...one })),
    outputs: nodeType.outputs.map(({ name, type, doc }) => output(name, type, doc)),
    settings: Object.keys((nodeType.schema.properties as object | undefined) ?? {}),
    nodeType,
  };
}

function componentFace(block: Block, inside: Document, types: Types): Face {
  const shown = exposed(inside);
  const together = block.repeat && block.repeat.over !== "rounds";
  const collected = (type: string | null): string | null => (together && type ? (COLLECTED[type] ?? type) : type);
  return {
    title: block.title || "Component",
    inputs: [...shown.inputs].map(([name, wires]) => joined(name, wires, inside, types)),
    outputs: [...shown.outputs].map(([name, [wire]]) =>
      output(name, wire ? collected(given(inside, wire, types)) : null),
    ),
    settings: [...shown.settings.keys()],
    nodeType: null,
  };
}

/** One port that feeds several: as demanding as the most demanding of them. */
function joined(name: string, wires: Wire[], inside: Document, types: Types): PortFace {
  const fed = wires.map((wire) => input(inside, wire.target, wire.input, types));
  return {
    name,
    type: fed.find((one) => one.type !== null)?.type ?? null,
    doc: fed.find((one) => one.doc)?.doc ?? "",
    optional: fed.every((one) => one.optional),
    many: fed.every((one) => one.many),
  };
}

const has = (document: Document, id: string): boolean => Object.hasOwn(document.nodes, id);

/** An input port of a node, or the setting of that name as a port. */
export function input(document: Document, id: string, name: string, types: Types): PortFace {
  const unknown: PortFace = { name, type: null, doc: "", optional: true, many: true };
  if (name.startsWith(SETTINGS)) return { ...unknown, type: VARIABLE, many: false };
  const block = has(document, id) ? document.nodes[id] : undefined;
  if (!block) return unknown;
  return faceOf(block, types).inputs.find((one) => one.name === name) ?? unknown;
}

/** The port type that a wire carries, as far as it is known. */
export function given(document: Document, wire: Wire, types: Types): string | null {
  if (wire.source === "") {
    if (wire.output.startsWith(SETTINGS)) return VARIABLE;
    const fed = document.wires.map(wireOf).filter((one) => one.source === "" && one.output === wire.output);
    return fed.map((one) => input(document, one.target, one.input, types).type).find((one) => one !== null) ?? null;
  }
  const block = has(document, wire.source) ? document.nodes[wire.source] : undefined;
  return block ? (faceOf(block, types).outputs.find((one) => one.name === wire.output)?.type ?? null) : null;
}

/** The ports to draw: those of the face, and those that wires lead to although nobody declared them. */
export function shownPorts(
  face: Face,
  id: string,
  wires: readonly Wire[],
): { inputs: PortFace[]; outputs: PortFace[] } {
  const inputs = [...face.inputs];
  const outputs = [...face.outputs];
  for (const wire of wires) {
    if (wire.target === id && !inputs.some((one) => one.name === wire.input)) {
      const type = fedSetting(wire) === null ? null : VARIABLE;
      inputs.push({ name: wire.input, type, doc: "", optional: true, many: false });
    }
    if (wire.source === id && !outputs.some((one) => one.name === wire.output)) outputs.push(output(wire.output, null));
  }
  return { inputs, outputs };
}

/** The boxes for the two ends of a component that is looked into. */
export function edgeFaces(inside: Document, types: Types): { in: PortFace[]; out: PortFace[] } {
  const shown = exposed(inside);
  return {
    in: [
      ...[...shown.inputs].map(([name, wires]) => joined(name, wires, inside, types)),
      ...[...shown.settings.keys()].map((name) => output(SETTINGS + name, VARIABLE)),
    ],
    out: [...shown.outputs].map(([name, wires]) => ({
      ...output(name, wires[0] ? given(inside, wires[0], types) : null),
      many: false,
    })),
  };
}
