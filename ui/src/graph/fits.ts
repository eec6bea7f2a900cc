// Whether a wire may be drawn, and why not; and the edits that draw, mend and reroute wires.

import { type Document, exposed, SETTINGS, type Wire, wireOf, wireText } from "./document";
import { type Face, faceOf, given, input, type PortFace, type Types, VARIABLE } from "./faces";
import type { Plain } from "./ops";
import { ancestors } from "./order";

export type Fit = { ok: true; edits: Plain[] } | { ok: false; reason: string };

/** "a Table", "an Image" */
const one = (type: string): string => `${/^[AEIOU]/.test(type) ? "an" : "a"} ${type}`;

const titleOf = (document: Document, id: string, types: Types): string => {
  const block = document.nodes[id];
  return block ? faceOf(block, types).title : "The component";
};

/** May this wire be drawn?  A port that takes one wire lets the old one go. */
export function joining(document: Document, wire: Wire, types: Types): Fit {
  const no = (reason: string): Fit => ({ ok: false, reason });
  if (wire.source === wire.target) return no("A node cannot be connected to itself.");
  const gives = given(document, wire, types);
  const port: PortFace =
    wire.target === ""
      ? { name: wire.input, type: null, doc: "", optional: true, many: false }
      : input(document, wire.target, wire.input, types);
  if (gives && port.type && gives !== port.type) {
    const name = wire.input.startsWith(SETTINGS) ? `setting ${wire.input.slice(SETTINGS.length)}` : `"${wire.input}"`;
    return no(`${titleOf(document, wire.target, types)}: ${name} takes ${one(port.type)}, and this is ${one(gives)}.`);
  }
  if (wire.source && wire.target && ancestors(document, [wire.source]).has(wire.target))
    return no(
      `That would make a loop: ${titleOf(document, wire.source, types)} depends on ${titleOf(document, wire.target, types)}.`,
    );
  const text = wireText(wire.source, wire.output, wire.target, wire.input);
  const there = document.wires.filter((old) => wireOf(old).target === wire.target && wireOf(old).input === wire.input);
  if (there.includes(text)) return no("These two are connected already.");
  const gone = port.many ? [] : there;
  return {
    ok: true,
    edits: [
      ...gone.map((old): Plain => ({ op: "disconnect", wire: old })),
      { op: "connect", wire: text, many: port.many },
    ],
  };
}

/** Whether a port of this type can go into one of the node's inputs; which.  Free ones before those that are taken. */
export function inputFor(face: Face, type: string | null, taken: ReadonlySet<string> = new Set()): PortFace | null {
  const fitting = face.inputs.filter((port) => !type || !port.type || port.type === type);
  return fitting.find((port) => port.many || !taken.has(port.name)) ?? fitting[0] ?? null;
}

export const outputFor = (face: Face, type: string | null): PortFace | null =>
  face.outputs.find((port) => !type || !port.type || port.type === type) ?? null;

/** The edits that put a node (already there, its ports free) into a wire; none where it does not fit. */
export function intoWire(document: Document, id: string, text: string, types: Types): Plain[] {
  const block = document.nodes[id];
  const wire = wireOf(text);
  if (!block || wire.source === id || wire.target === id) return [];
  const type = given(document, wire, types);
  const face = faceOf(block, types);
  const into = inputFor(face, type);
  const out = outputFor(face, type);
  if (!into || !out) return [];
  const many = wire.target === "" ? false : input(document, wire.target, wire.input, types).many;
  return [
    { op: "disconnect", wire: text },
    { op: "connect", wire: wireText(wire.source, wire.output, id, into.name), many: into.many },
    {
      op: "connect",
      wire: wireText(id, out.name, wire.target, wire.input),
      many,
      index: many ? document.wires.indexOf(text) : null,
    },
  ];
}

/** The wires that close the gap when nodes go: what came in goes to where the same type went out. */
export function healing(document: Document, ids: readonly string[], types: Types): Plain[] {
  let wires = document.wires.map(wireOf);
  const before = new Set(document.wires);
  for (const id of ids.filter((one) => Object.hasOwn(document.nodes, one))) {
    const into = wires.filter((wire) => wire.target === id && !wire.input.startsWith(SETTINGS));
    const healed = wires.flatMap((wire): Wire[] => {
      if (wire.source !== id) return [];
      const type = given(document, wire, types);
      const from = into.find((old) => type !== null && given(document, old, types) === type);
      return from && from.source !== wire.target ? [{ ...from, target: wire.target, input: wire.input }] : [];
    });
    wires = [...wires.filter((wire) => wire.source !== id && wire.target !== id), ...healed];
  }
  return wires
    .map((wire) => wireText(wire.source, wire.output, wire.target, wire.input))
    .filter((text, i, all) => !before.has(text) && all.indexOf(text) === i)
    .map((text) => {
      const { target, input: name } = wireOf(text);
      return { op: "connect", wire: text, many: target === "" ? false : input(document, target, name, types).many };
    });
}

/** A name for a new port of the component that is looked into. */
export function freshPort(document: Document, wanted: string, side: "in" | "out"): string {
  const shown = exposed(document);
  const used = side === "out" ? shown.outputs : wanted.startsWith(SETTINGS) ? shown.settings : shown.inputs;
  const [prefix, base] = wanted.startsWith(SETTINGS) ? [SETTINGS, wanted.slice(SETTINGS.length)] : ["", wanted];
  let name = base;
  for (let number = 2; used.has(name); number += 1) name = `${base}_${number}`;
  return prefix + name;
}

export interface Partner {
  wire: Wire;
  /** the node at the other end */
  node: string;
  title: string;
  port: PortFace;
  type: string | null;
  /** it would take the place of another wire */
  replaces: boolean;
}

/** Every port that a port of a node may be connected to. */
export function partners(document: Document, id: string, port: string, side: "in" | "out", types: Types): Partner[] {
  const found: Partner[] = [];
  for (const [other, block] of Object.entries(document.nodes)) {
    if (other === id) continue;
    const face = faceOf(block, types);
    for (const theirs of side === "out" ? face.inputs : face.outputs) {
      const wire =
        side === "out"
          ? { source: id, output: port, target: other, input: theirs.name }
          : { source: other, output: theirs.name, target: id, input: port };
      const how = joining(document, wire, types);
      if (!how.ok) continue;
      found.push({
        wire,
        node: other,
        title: face.title,
        port: theirs,
        type: theirs.type,
        replaces: how.edits.length > 1,
      });
    }
    if (side === "out" && outputType(document, id, port, types) === VARIABLE)
      for (const setting of face.settings) {
        const wire = { source: id, output: port, target: other, input: SETTINGS + setting };
        const how = joining(document, wire, types);
        const theirs = { name: SETTINGS + setting, type: VARIABLE, doc: "", optional: true, many: false };
        if (how.ok)
          found.push({
            wire,
            node: other,
            title: face.title,
            port: theirs,
            type: VARIABLE,
            replaces: how.edits.length > 1,
          });
      }
  }
  return found;
}

const outputType = (document: Document, id: string, port: string, types: Types): string | null =>
  given(document, { source: id, output: port, target: "", input: "" }, types);
