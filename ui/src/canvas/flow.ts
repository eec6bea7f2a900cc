// The level as React Flow takes it: its nodes and edges, made anew only where something has changed.

import type { Edge, Node } from "@xyflow/react";
import { type Block, type Document, type Frame, type Note, pathOf, type Wire, wireOf } from "../graph/document";
import {
  EDGE_IN,
  EDGE_OUT,
  edgeFaces,
  type Face,
  faceOf,
  given,
  type PortFace,
  shownPorts,
  type Types,
} from "../graph/faces";
import { canvasTexts as texts } from "../texts/canvas";
import { placeOf } from "./places";
import { BOX_WIDTH, boxHeight, edgeSize, FRAME, NOTE } from "./sizes";

export type BoxNode = Node<
  {
    block: Block;
    path: string;
    face: Face;
    inputs: PortFace[];
    outputs: PortFace[];
    key: string;
    /** the whole box, where what comes out is shown on it */
    size: { width: number; height: number } | null;
  },
  "box"
>;
export type NoteNode = Node<{ note: Note }, "note">;
export type FrameNode = Node<{ frame: Frame }, "frame">;
export type EdgeNode = Node<{ side: "in" | "out"; ports: PortFace[]; key: string }, "edge">;
export type FlowNode = BoxNode | NoteNode | FrameNode | EdgeNode;
export type WireEdge = Edge<{ type: string | null }, "wire">;

/** How large a box is drawn; before it was ever measured, as large as it is taken to be. */
export const drawnSize = (one: FlowNode): { width: number; height: number } => ({
  width: one.measured?.width ?? one.width ?? one.initialWidth ?? 0,
  height: one.measured?.height ?? one.height ?? one.initialHeight ?? 0,
});

const byNode = (wires: readonly Wire[]): Map<string, Wire[]> => {
  const found = new Map<string, Wire[]>();
  for (const wire of wires)
    for (const id of [wire.source, wire.target]) {
      const list = found.get(id);
      if (list) list.push(wire);
      else found.set(id, [wire]);
    }
  return found;
};

const portsKey = (ports: readonly PortFace[]): string => ports.map((one) => `${one.name}:${one.type}`).join(" ");

/** The boxes of a level. `old`: those drawn so far; what has not changed is taken over, what is dragged stays in the hand. */
export function nodesOf(
  level: Document,
  within: string,
  types: Types,
  chosen: ReadonlySet<string>,
  old: readonly FlowNode[],
): FlowNode[] {
  const before = new Map(old.map((one) => [one.id, one]));
  const wires = byNode(level.wires.map(wireOf));
  const nodes: FlowNode[] = [];
  for (const [id, frame] of Object.entries(level.frames)) {
    const [x, y, width = FRAME.width, height = FRAME.height] = level.layout[id] ?? [0, 0];
    nodes.push(
      kept(before.get(id), { id, type: "frame", position: { x, y }, width, height, data: { frame }, zIndex: -1 }),
    );
  }
  for (const [id, note] of Object.entries(level.notes)) {
    const [x, y, width = NOTE.width, height = NOTE.height] = level.layout[id] ?? [0, 0];
    nodes.push(
      kept(before.get(id), { id, type: "note", position: { x, y }, width, height, data: { note }, zIndex: 0 }),
    );
  }
  for (const [id, block] of Object.entries(level.nodes)) {
    const [x, y, width, height] = placeOf(level, types, id);
    const face = faceOf(block, types);
    const { inputs, outputs } = shownPorts(face, id, wires.get(id) ?? []);
    const key = `${within} ${portsKey(inputs)} > ${portsKey(outputs)}`;
    const size = width && height ? { width, height } : null;
    const data = { block, path: pathOf(within, id), face, inputs, outputs, key, size };
    const node: BoxNode = {
      id,
      type: "box",
      position: { x, y },
      data,
      initialWidth: BOX_WIDTH,
      initialHeight: boxHeight(inputs.length, outputs.length),
      ariaLabel: texts.node(face.title),
      // one that shows what comes out stands above the boxes that it may cover
      ...(size ? { ...size, zIndex: 1 } : {}),
    };
    nodes.push(kept(before.get(id), node));
  }
  if (within) nodes.push(...edgeNodes(level, types, nodes, before));
  const [first] = chosen;
  const reached = first !== undefined && nodes.some((one) => one.id === first) ? first : nodes[0]?.id;
  return nodes.map((node) => withChoice(node, chosen.has(node.id), node.id === reached));
}

/** Chosen or not; of all boxes one is reached with the Tab key, the arrows go on from there. */
function withChoice(node: FlowNode, selected: boolean, reached: boolean): FlowNode {
  const tabIndex = reached ? 0 : -1;
  if ((node.selected ?? false) === selected && node.domAttributes?.tabIndex === tabIndex) return node;
  return { ...node, selected, domAttributes: { tabIndex } };
}

/** The box drawn before, where nothing about it is different. */
function kept(old: FlowNode | undefined, now: FlowNode): FlowNode {
  if (!old || old.type !== now.type) return now;
  const position = old.dragging ? old.position : now.position;
  const moved = old.position.x !== position.x || old.position.y !== position.y;
  const resized = !old.resizing && (old.width !== now.width || old.height !== now.height);
  const same = sameData(old, now);
  if (same && !moved && !resized) return old;
  const size = old.resizing ? { width: old.width, height: old.height } : { width: now.width, height: now.height };
  const { selected, dragging, measured, domAttributes } = old;
  const carried = { selected, dragging, measured, domAttributes };
  return { ...now, ...size, ...carried, position, data: same ? old.data : now.data } as FlowNode;
}

function sameData(old: FlowNode, now: FlowNode): boolean {
  if (old.type === "box" && now.type === "box")
    return (
      old.data.block === now.data.block &&
      old.data.key === now.data.key &&
      old.data.face === now.data.face &&
      old.data.size?.width === now.data.size?.width &&
      old.data.size?.height === now.data.size?.height
    );
  if (old.type === "note" && now.type === "note") return old.data.note === now.data.note;
  if (old.type === "frame" && now.type === "frame") return old.data.frame === now.data.frame;
  return old.type === "edge" && now.type === "edge" && old.data.key === now.data.key;
}

/** The two ends of the component, left and right of all that lies in it. */
function edgeNodes(
  level: Document,
  types: Types,
  nodes: readonly FlowNode[],
  before: Map<string, FlowNode>,
): EdgeNode[] {
  const boxes = nodes.filter((one): one is BoxNode => one.type === "box");
  const xs = boxes.map((one) => one.position.x);
  const ys = boxes.map((one) => one.position.y);
  const left = boxes.length > 0 ? Math.min(...xs) : 0;
  const right = boxes.length > 0 ? Math.max(...xs) + BOX_WIDTH : 300;
  const middle = boxes.length > 0 ? (Math.min(...ys) + Math.max(...ys) + 80) / 2 : 0;
  const ports = edgeFaces(level, types);
  return (["in", "out"] as const).map((side) => {
    const size = edgeSize(ports[side].length);
    const x = side === "in" ? left - size.width - 96 : right + 96;
    const now: EdgeNode = {
      id: side === "in" ? EDGE_IN : EDGE_OUT,
      type: "edge",
      position: { x, y: Math.round(middle - size.height / 2) },
      data: { side, ports: ports[side], key: portsKey(ports[side]) },
      ariaLabel: side === "in" ? texts.inputs : texts.outputs,
      draggable: false,
      deletable: false,
      initialWidth: size.width,
      initialHeight: size.height,
    };
    return kept(before.get(now.id), now) as EdgeNode;
  });
}

const nameIn = (level: Document, id: string, types: Types): string => {
  const block = level.nodes[id];
  return block ? faceOf(block, types).title : texts.edge;
};

const edgeMemo = new Map<string, WireEdge>();

/** The wires of a level. */
export function edgesOf(level: Document, types: Types, chosen: ReadonlySet<string>): WireEdge[] {
  if (edgeMemo.size > 10_000) edgeMemo.clear();
  const seen = new Set<string>();
  return level.wires.map((text, i) => {
    const id = seen.has(text) ? `${text} (${i})` : text; // a damaged document may have one twice
    seen.add(text);
    const wire = wireOf(text);
    const type = given(level, wire, types);
    const selected = chosen.has(text);
    const ariaLabel = texts.wire(nameIn(level, wire.source, types), nameIn(level, wire.target, types));
    const old = edgeMemo.get(id);
    if (old && old.selected === selected && old.data?.type === type && old.ariaLabel === ariaLabel) return old;
    const made: WireEdge = {
      id,
      type: "wire",
      source: wire.source || EDGE_IN,
      sourceHandle: `out:${wire.output}`,
      target: wire.target || EDGE_OUT,
      targetHandle: `in:${wire.input}`,
      data: { type },
      selected,
      ariaLabel,
    };
    edgeMemo.set(id, made);
    return made;
  });
}
