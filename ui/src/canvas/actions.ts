// Everything a person can do to a workflow on the canvas, each as one step of undo.

import { navigate, pathOfUnfolded } from "../app/router";
import { apply } from "../graph/apply";
import {
  COMPONENT,
  type Document,
  freshId,
  type Json,
  movedTo,
  type Place,
  pathOf,
  SETTINGS,
  splitPath,
  taken,
  type Wire,
  wireOf,
} from "../graph/document";
import { EDGE_IN, EDGE_OUT, edgeFaces, faceOf, input, type Types, VARIABLE } from "../graph/faces";
import { freshPort, healing, inputFor, intoWire, joining, outputFor } from "../graph/fits";
import type { Plain } from "../graph/ops";
import { useDocument } from "../store/document";
import { notify } from "../store/notices";
import { useSelection } from "../store/selection";
import { run } from "../store/session";
import { untouch } from "../store/touched";
import { canvasTexts as texts } from "../texts/canvas";
import { act, here, select } from "./act";
import { copy } from "./pasting";
import { boxOf, freePlace, placeOf, settled } from "./places";
import { boxSize } from "./sizes";
import { type Point, say, show, type WireEnd } from "./state";

export { act, here } from "./act";
export * from "./arranging";
export * from "./pasting";

/** The level as it will be after some edits, to see what else fits. */
const after = (level: Document, edits: readonly Plain[]): Document =>
  apply(level, { op: "batch", ops: edits.map((one) => ({ ...one, within: "" })) })[0];

interface Addition {
  type: string;
  at: Point;
  /** wired to this port at once */
  from?: WireEnd | undefined;
  /** put into this wire */
  into?: string | undefined;
  settings?: Record<string, Json>;
  title?: string;
}

/** Add a node of a type; gives its id. */
export function addNode({ type, at, from, into, settings = {}, title = "" }: Addition): string | null {
  const { level, types } = here();
  const nodeType = types.get(type);
  if (!nodeType) return null;
  const id = freshId(type, (name) => taken(level, name));
  const node = { type, version: nodeType.version, settings, title };
  const { height } = boxSize({ ...node, note: "", pinned: false, inside: null, repeat: null, $kept: null }, types);
  const place = into ? ([Math.round(at.x), Math.round(at.y)] as Place) : freePlace(level, types, at, height);
  const edits: Plain[] = [...settled(), { op: "add", id, node, at: place }];
  const next = after(level, edits);
  if (into) edits.push(...intoWire(next, id, into, types), ...makeRoom(next, id, into, types));
  else if (from) edits.push(...wiresTo(next, id, from, types));
  if (!act(edits)) return null;
  untouch(pathOf(useDocument.getState().within, id));
  select([id]);
  say(texts.added(nodeType.title));
  return id;
}

/** What stands right of a node that goes into a wire moves on, where there is no room. */
function makeRoom(level: Document, id: string, wire: string, types: Types): Plain[] {
  const { target } = wireOf(wire);
  const box = boxOf(level, types, id);
  if (!level.nodes[target]) return [];
  const next = boxOf(level, types, target);
  const lacks = box.x + box.width + 48 - next.x;
  const overlaps = next.y < box.y + box.height && box.y < next.y + next.height;
  if (lacks <= 0 || !overlaps) return [];
  const layout: Record<string, Place> = {};
  for (const other of Object.keys(level.nodes)) {
    const at = placeOf(level, types, other);
    if (other !== id && at[0] >= next.x) layout[other] = movedTo(at, at[0] + lacks, at[1]);
  }
  return [{ op: "move", layout }];
}

/** The edits that wire a new node to a port. */
function wiresTo(level: Document, id: string, from: WireEnd, types: Types): Plain[] {
  const block = level.nodes[id];
  if (!block) return [];
  const face = faceOf(block, types);
  if (from.side === "out") {
    const port = inputFor(face, from.type);
    return port ? edgeWire(level, { ...sourceOf(from), target: id, input: port.name }, types) : [];
  }
  const port = outputFor(face, from.type);
  return port ? edgeWire(level, { source: id, output: port.name, ...targetOf(from) }, types) : [];
}

const sourceOf = ({ node, port }: WireEnd) => ({ source: node, output: port });
const targetOf = ({ node, port }: WireEnd) => ({ target: node, input: port });

/** The edits for a wire, its ends as the canvas names them; throws away the reason where it does not fit. */
function edgeWire(level: Document, drawn: Wire, types: Types): Plain[] {
  const fit = joining(level, inDocument(level, drawn), types);
  return fit.ok ? fit.edits : [];
}

/** A wire as the document has it: the boxes at the component's edge are empty nodes, "+" there is a new port. */
function inDocument(level: Document, drawn: Wire): Wire {
  let { source, output, target, input: into } = drawn;
  if (source === EDGE_IN) {
    source = "";
    if (output === "+") output = freshPort(level, into, "in");
  }
  if (target === EDGE_OUT) {
    target = "";
    if (into === "+") into = freshPort(level, output, "out");
  }
  return { source, output, target, input: into };
}

/** Why a wire may not be drawn; "" where it may. */
export function misfit(drawn: Wire): string {
  const { level, types } = here();
  const fit = joining(level, inDocument(level, drawn), types);
  return fit.ok ? "" : fit.reason;
}

export function connect(drawn: Wire, instead?: string): boolean {
  const { level, types } = here();
  const gone: Plain[] = instead ? [{ op: "disconnect", wire: instead }] : [];
  const fit = joining(instead ? after(level, gone) : level, inDocument(level, drawn), types);
  if (!fit.ok) {
    notify({ tone: "bad", text: fit.reason });
    say(fit.reason);
    return false;
  }
  const done = act([...gone, ...fit.edits]);
  if (done) say(texts.connected(nameOf(drawn.source), nameOf(drawn.target)));
  return done;
}

export const nameOf = (id: string): string => {
  const { level, types } = here();
  const block = level.nodes[id];
  return block ? faceOf(block, types).title : texts.edge;
};

/** A wire dropped on a node, not on a port: the first port that fits takes it. */
export function connectToNode(from: WireEnd, node: string): void {
  const { level, types } = here();
  const block = level.nodes[node];
  if (!block || node === from.node) return;
  const face = faceOf(block, types);
  const wired = new Set(level.wires.map(wireOf).flatMap((w) => (w.target === node ? [w.input] : [])));
  const port = from.side === "out" ? inputFor(face, from.type, wired) : outputFor(face, from.type);
  if (port && from.side === "out") connect({ ...sourceOf(from), target: node, input: port.name });
  else if (port) connect({ source: node, output: port.name, ...targetOf(from) });
  else if (from.side === "out" && from.type === VARIABLE && face.settings.length > 0)
    show({ feed: { end: from, node } });
  else notify({ tone: "bad", text: texts.nothingFits(face.title, from.type ?? "", from.side) });
}

export const feedSetting = (from: WireEnd, node: string, setting: string): boolean =>
  connect({ ...sourceOf(from), target: node, input: SETTINGS + setting });

export function disconnect(wires: readonly string[]): void {
  act(wires.map((wire): Plain => ({ op: "disconnect", wire })));
}

/** Remove what is chosen; wires heal where types fit. */
export function removeChosen(): void {
  const { ids, wires } = useSelection.getState();
  const { level, types } = here();
  const there = ids.filter((id) => level.nodes[id] || level.notes[id] || level.frames[id]);
  const mended = healing(level, there, types);
  const loose = wires.filter((text) => {
    const { source, target } = wireOf(text);
    return level.wires.includes(text) && !there.includes(source) && !there.includes(target);
  });
  const edits: Plain[] = loose.map((wire) => ({ op: "disconnect", wire }));
  if (there.length > 0) edits.push({ op: "remove", ids: there }, ...mended);
  if (act(edits)) {
    select([]);
    say(texts.removed(there.length + loose.length));
  }
}

/** Put a node that is there already, with no wires, into a wire. */
export function insertIntoWire(id: string, wire: string, move: Plain): boolean {
  const { level, types } = here();
  const edits = intoWire(level, id, wire, types);
  return edits.length > 0 && act([move, ...edits]);
}

export async function cut(): Promise<void> {
  await copy();
  removeChosen();
}

const isComponent = (id: string): boolean => here().level.nodes[id]?.type === COMPONENT;

export function enter(id: string): void {
  const { within } = here();
  if (!isComponent(id)) return;
  useDocument.getState().enter(pathOf(within, id));
  select([]);
}

/** Whether a node has to do with a network that can be opened. */
export function canUnfold(id: string): boolean {
  const { level, types } = here();
  const type = types.get(level.nodes[id]?.type ?? "");
  return [...(type?.inputs ?? []), ...(type?.outputs ?? [])].some((port) => port.type === "Network");
}

/** Open the network that a node gives or reads, if it does. */
export function unfold(id: string): boolean {
  const { within } = here();
  const document = useDocument.getState().id;
  if (!document || !canUnfold(id)) return false;
  navigate(pathOfUnfolded(document, pathOf(within, id)));
  return true;
}

/** Out of the component that is looked into; it is chosen afterwards. */
export function leave(): void {
  const { within } = here();
  if (!within) return;
  const { within: outer, id } = splitPath(within);
  useDocument.getState().enter(outer);
  select([id]);
}

/** Pin what is chosen, or unpin it where all of it is pinned. */
export function togglePin(): void {
  const { level } = here();
  const ids = useSelection.getState().ids.filter((id) => level.nodes[id]);
  const pinned = !ids.every((id) => level.nodes[id]?.pinned);
  act(ids.map((node): Plain => ({ op: "pin", node, pinned })));
}

export function runChosen(again = false): void {
  const { level, within } = here();
  const ids = useSelection.getState().ids.filter((id) => level.nodes[id]);
  if (ids.length > 0)
    run(
      ids.map((id) => pathOf(within, id)),
      again,
    );
}

/** Wires at a node, as texts. */
export const wiresAt = (id: string): string[] =>
  here().level.wires.filter((text) => wireOf(text).source === id || wireOf(text).target === id);

/** The port type at one end of a drag. */
export function endOf(node: string, handle: string): WireEnd {
  const { level, types } = here();
  const side = handle.startsWith("in:") ? "in" : "out";
  const port = handle.slice(handle.indexOf(":") + 1);
  if (node === EDGE_IN || node === EDGE_OUT) {
    const ports = edgeFaces(level, types);
    const found = (node === EDGE_IN ? ports.in : ports.out).find((one) => one.name === port);
    return { node, port, side, type: found?.type ?? null };
  }
  const block = level.nodes[node];
  if (side === "in") return { node, port, side, type: input(level, node, port, types).type };
  const type = block ? (faceOf(block, types).outputs.find((one) => one.name === port)?.type ?? null) : null;
  return { node, port, side, type };
}

/** The wire between two handles, whichever the drag began at. */
export const drawnWire = (source: string, output: string, target: string, into: string): Wire => ({
  source,
  output: output.slice(output.indexOf(":") + 1),
  target,
  input: into.slice(into.indexOf(":") + 1),
});
