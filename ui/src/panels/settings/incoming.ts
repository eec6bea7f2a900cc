// Where the value at an input port comes from, through the edges of components.

import { level } from "../../graph/apply";
import { type Document, pathOf, SETTINGS, splitPath, wireOf } from "../../graph/document";

export interface Source {
  /** path of the node */
  node: string;
  port: string;
}

/** The output that feeds an input (or, as `settings.NAME`, a setting) of a node; null where nothing is wired to it. */
export function sourceOf(document: Document, within: string, id: string, input: string): Source | null {
  const wire = level(document, within)
    .wires.map(wireOf)
    .find((one) => one.target === id && one.input === input);
  if (!wire) return null;
  if (wire.source !== "") return inside(document, pathOf(within, wire.source), wire.output);
  if (within === "") return null;
  const outer = splitPath(within);
  return sourceOf(document, outer.within, outer.id, wire.output);
}

/** An output of a component is an output of a node in it. */
function inside(document: Document, node: string, port: string): Source {
  const { within, id } = splitPath(node);
  const block = level(document, within).nodes[id];
  const wire = block?.inside?.wires.map(wireOf).find((one) => one.target === "" && one.input === port);
  return wire && wire.source !== "" ? inside(document, pathOf(node, wire.source), wire.output) : { node, port };
}

/** The settings of a node that come by wire, each with where from. */
export function fedSettings(document: Document, within: string, id: string): Map<string, Source> {
  const found = new Map<string, Source>();
  for (const wire of level(document, within).wires.map(wireOf)) {
    if (wire.target !== id || !wire.input.startsWith(SETTINGS)) continue;
    const source = sourceOf(document, within, id, wire.input);
    found.set(wire.input.slice(SETTINGS.length), source ?? { node: "", port: wire.output });
  }
  return found;
}
