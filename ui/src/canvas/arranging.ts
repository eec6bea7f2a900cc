// Where things stand and what they are grouped into: aligning, tidying, components, notes and frames.

import { type Alignment, aligned, arranged } from "../graph/arrange";
import { type Document, freshId, movedTo, type Place, taken } from "../graph/document";
import { faceOf } from "../graph/faces";
import type { Plain } from "../graph/ops";
import { useSelection } from "../store/selection";
import { canvasTexts as texts } from "../texts/canvas";
import { act, here, select } from "./act";
import { type Box, boxOf, placeOf, settled } from "./places";
import { boxSize, FRAME, NOTE, previewSize } from "./sizes";
import { type Point, show } from "./state";

export function align(how: Alignment): void {
  const { ids } = useSelection.getState();
  const { level, types } = here();
  const boxes = ids.map((id) => boxOf(level, types, id));
  if (boxes.length < 2) return;
  const places = aligned(boxes, how);
  act([...settled(), { op: "move", layout: moved(level, places) }]);
}

/** Places that have changed, with the sizes there were. */
const moved = (level: Document, places: Readonly<Record<string, Place>>): Record<string, Place> =>
  Object.fromEntries(Object.entries(places).map(([id, [x, y]]) => [id, movedTo(level.layout[id], x, y)]));

/** Arrange what is chosen, or everything. */
export function tidy(): void {
  const { level, types } = here();
  const chosen = useSelection.getState().ids.filter((id) => level.nodes[id]);
  const ids = chosen.length > 1 ? chosen : Object.keys(level.nodes);
  const boxes = ids.map((id) => boxOf(level, types, id));
  if (boxes.length === 0) return;
  const origin = [Math.min(...boxes.map((b) => b.x)), Math.min(...boxes.map((b) => b.y))] as const;
  const size = (id: string) => ({
    ...(level.nodes[id] ? boxSize(level.nodes[id], types) : NOTE),
    ...extent(boxOf(level, types, id)),
  });
  act([{ op: "move", layout: moved(level, arranged(level, ids, size, origin)) }]);
}

const extent = ({ width, height }: Box) => ({ width, height });

export function collapse(): void {
  const { ids } = useSelection.getState();
  const { level } = here();
  if (!ids.some((id) => level.nodes[id])) return;
  const id = freshId("component", (name) => taken(level, name));
  if (act([...settled(), { op: "collapse", ids: [...ids], id, title: texts.component }])) {
    select([id]);
    show({ renaming: id });
  }
}

export function expandChosen(): void {
  const { level } = here();
  const ids = useSelection.getState().ids.filter((id) => level.nodes[id]?.inside);
  act([...settled(), ...ids.map((id): Plain => ({ op: "expand", id }))]);
}

/** An empty note. */
export function addNote(at: Point): void {
  const { level } = here();
  const id = freshId("note", (name) => taken(level, name));
  const place: Place = [Math.round(at.x), Math.round(at.y), NOTE.width, NOTE.height];
  if (act([{ op: "add-note", id, note: { text: "" }, at: place }])) {
    select([id]);
    show({ renaming: id });
  }
}

/** A frame around what is chosen, or an empty one. */
export function addFrame(at: Point): void {
  const { level, types } = here();
  const { ids } = useSelection.getState();
  const boxes = ids.map((one) => boxOf(level, types, one));
  const id = freshId("frame", (name) => taken(level, name));
  const margin = 24;
  const left = Math.min(...boxes.map((b) => b.x)) - margin;
  const top = Math.min(...boxes.map((b) => b.y)) - margin - 24;
  const right = Math.max(...boxes.map((b) => b.x + b.width)) + margin;
  const bottom = Math.max(...boxes.map((b) => b.y + b.height)) + margin;
  const place: Place =
    boxes.length > 0
      ? [left, top, right - left, bottom - top]
      : [Math.round(at.x), Math.round(at.y), FRAME.width, FRAME.height];
  if (act([...settled(), { op: "add-frame", id, frame: { title: "" }, at: place }])) {
    select([id]);
    show({ renaming: id });
  }
}

/** Show what comes out of the chosen nodes on them, or hide it where all of them show it. */
export function togglePreview(ids: readonly string[] = useSelection.getState().ids): void {
  const { level, types } = here();
  const open = ids.filter((id) => level.nodes[id] && level.layout[id]?.length === 4);
  const shut = ids.filter((id) => previewed(id) && !open.includes(id));
  const layout: Record<string, Place> = {};
  for (const id of shut.length > 0 ? shut : open) {
    const [x, y] = placeOf(level, types, id);
    const block = level.nodes[id];
    const type = previewed(id);
    if (!block) continue;
    const more = previewSize(type);
    layout[id] = shut.length > 0 ? [x, y, more.width, boxSize(block, types).height + more.height] : [x, y];
  }
  if (Object.keys(layout).length > 0) act([...settled(), { op: "move", layout }]);
}

/** The type of what a preview of a node shows: its first output; null for one without outputs. */
export function previewed(id: string): string | null {
  const { level, types } = here();
  const block = level.nodes[id];
  const first = block ? faceOf(block, types).outputs[0] : undefined;
  return first ? (first.type ?? "") : null;
}

export function nudge(x: number, y: number): void {
  const { level, types } = here();
  const ids = useSelection.getState().ids.filter((id) => level.nodes[id] || level.notes[id] || level.frames[id]);
  const layout = Object.fromEntries(
    ids.map((id): [string, Place] => {
      const at = placeOf(level, types, id);
      return [id, movedTo(at, at[0] + x, at[1] + y)];
    }),
  );
  if (ids.length > 0) act([...settled(), { op: "move", layout }], `nudge ${ids.join(" ")}`.slice(0, 100));
}

/** A note, a frame or a node with a preview after its edge was dragged. */
export function resize(id: string, ...[x, y, width, height]: [number, number, number, number]): void {
  const place = [x, y, width, height].map(Math.round) as [number, number, number, number];
  act([{ op: "move", layout: { [id]: place } }]);
}
