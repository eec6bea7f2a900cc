// Which nodes of the library fit where a wire ends.

import type { NodeType } from "../api/generated";
import { wireOf } from "../graph/document";
import { faceOf, given, VARIABLE } from "../graph/faces";
import { here } from "./actions";
import type { WireEnd } from "./state";

/** Whether a node could be wired to a port. */
export function fitsTo(node: NodeType, end: WireEnd): boolean {
  if (end.side === "in") return node.outputs.some((port) => !end.type || port.type === end.type);
  if (end.type === VARIABLE && node.inputs.some((port) => port.type === VARIABLE)) return true;
  return node.inputs.some((port) => !end.type || port.type === end.type);
}

/** Whether a node of a type could go into a wire. */
export function fitsIntoWire(type: string, wire: string): boolean {
  const { level, types } = here();
  const node = types.get(type);
  const carried = given(level, wireOf(wire), types);
  const fits = (port: { type: string }): boolean => !carried || port.type === carried;
  return Boolean(node?.inputs.some(fits) && node.outputs.some(fits));
}

/** The first output of a node, for wiring the next one to it. */
export function nextOf(id: string | null): WireEnd | undefined {
  const { level, types } = here();
  const block = id ? level.nodes[id] : undefined;
  const port = block ? faceOf(block, types).outputs[0] : undefined;
  return id && port ? { node: id, port: port.name, side: "out", type: port.type } : undefined;
}
