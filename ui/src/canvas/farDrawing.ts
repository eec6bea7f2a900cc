// Boxes and wires as they are drawn from far away: plain, all on one sheet.

import { type At, BESIDE } from "../graph/route";
import type { useCatalog } from "../store/catalog";
import type { useStatus } from "../store/status";
import type { Line } from "./farCourses";
import { drawIcon, drawName, nameOn, STRIPE } from "./farWords";
import { drawnSize, type FlowNode, type WireEdge } from "./flow";
import { frameGround, noteGround } from "./grounds";
import { STATE_COLOURS } from "./stateColours";

export type Transform = readonly [number, number, number];
type Kinds = ReturnType<typeof useCatalog.getState>["portTypes"];
type States = ReturnType<typeof useStatus.getState>["nodes"];

/** The colours and the letters of the theme in use, looked up once. */
export interface Look {
  states: ReadonlyMap<string, string>;
  /** grounds of boxes that are too small for a name */
  tints: ReadonlyMap<string, string>;
  /** the same in all other states */
  tint: string;
  wires: ReadonlyMap<string, string>;
  panel: string;
  note: string;
  /** the ground of a note with a colour of its own */
  ownNote: (colour: string) => string;
  line: string;
  frame: string;
  accent: string;
  text: string;
  faint: string;
  /** the family of the letters */
  sans: string;
}

export function lookOf(theme: "light" | "dark", kinds: Kinds): Look {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const tint = (one: string): string => `color-mix(in srgb, ${one} 18%, ${colour("--panel")})`;
  return {
    states: new Map(Object.entries(STATE_COLOURS).map(([state, name]) => [state, colour(name)])),
    tints: new Map(Object.entries(STATE_COLOURS).map(([state, name]) => [state, tint(colour(name))])),
    tint: tint(colour("--faint")),
    wires: new Map([...kinds].map(([name, kind]) => [name, theme === "dark" ? kind.on_dark : kind.on_light])),
    panel: colour("--panel"),
    note: theme === "dark" ? tint(colour("--warn")) : colour("--warn-soft"),
    ownNote: (own) => noteGround(theme, own, colour("--panel")),
    line: colour("--line-strong"),
    frame: `color-mix(in srgb, ${colour("--line-strong")} 20%, transparent)`,
    accent: colour("--accent"),
    text: colour("--text"),
    faint: colour("--faint"),
    sans: colour("--sans"),
  };
}

/** What is drawn.  ends: the boxes that the wires lead to, by id. */
export interface Drawn {
  nodes: readonly FlowNode[];
  edges: readonly WireEdge[];
  ends: ReadonlyMap<string, FlowNode>;
  states: States;
  courseOf: (edge: WireEdge, from: At, to: At) => Line;
}

/** Draw all that lies on a sheet of that size, in pixels of the page. */
export function drawFar(
  pen: CanvasRenderingContext2D,
  { nodes, edges, ends, states, courseOf }: Drawn,
  look: Look,
  [x, y, zoom]: Transform,
  size: { width: number; height: number },
): void {
  const ratio = devicePixelRatio;
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (pen.canvas.width !== width || pen.canvas.height !== height) {
    pen.canvas.width = width;
    pen.canvas.height = height;
    pen.canvas.style.width = `${size.width}px`;
    pen.canvas.style.height = `${size.height}px`;
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio);
  const seen = { left: -x / zoom, top: -y / zoom, right: (size.width - x) / zoom, bottom: (size.height - y) / zoom };
  const outside = (left: number, top: number, right: number, bottom: number): boolean =>
    left > seen.right || right < seen.left || top > seen.bottom || bottom < seen.top;

  pen.lineWidth = 1.6 / Math.max(zoom, 0.16);
  for (const edge of edges) {
    const [source, target] = [ends.get(edge.source), ends.get(edge.target)];
    if (!source || !target) continue;
    const from = { x: source.position.x + drawnSize(source).width, y: source.position.y + 26 };
    const to = { x: target.position.x, y: target.position.y + 26 };
    // up and down, only its course says where it runs: looked for where it may be seen at all
    if (Math.max(from.x, to.x) + BESIDE < seen.left || Math.min(from.x, to.x) - BESIDE > seen.right) continue;
    const { line, left, top, right, bottom } = courseOf(edge, from, to);
    if (outside(left, top, right, bottom)) continue;
    pen.strokeStyle = edge.selected ? look.accent : (look.wires.get(edge.data?.type ?? "") ?? look.faint);
    pen.stroke(line);
  }
  for (const one of nodes) {
    const { width: w, height: h } = drawnSize(one);
    const { x: left, y: top } = one.position;
    if (outside(left, top, left + w, top + h)) continue;
    drawBox(pen, one, { left, top, w, h }, zoom, states, look);
  }
}

/** The ground of a note or a frame. */
function groundOf(one: FlowNode, look: Look): string | null {
  if (one.type === "note") return one.data.note.colour ? look.ownNote(one.data.note.colour) : look.note;
  if (one.type === "frame") return one.data.frame.colour ? frameGround(one.data.frame.colour) : look.frame;
  return null;
}

function drawBox(
  pen: CanvasRenderingContext2D,
  one: FlowNode,
  { left, top, w, h }: { left: number; top: number; w: number; h: number },
  zoom: number,
  states: States,
  look: Look,
): void {
  const state = one.type === "box" ? (states[one.data.path]?.state ?? "ready") : "";
  const name = nameOn(pen, one, { w, h }, zoom, look);
  const plain = name ? look.panel : (look.tints.get(state) ?? look.tint);
  pen.fillStyle = groundOf(one, look) ?? plain;
  pen.strokeStyle = one.selected ? look.accent : (one.type === "frame" && one.data.frame.colour) || look.line;
  pen.lineWidth = (one.selected ? 3 : 1.2) / Math.max(zoom, 0.16);
  pen.beginPath();
  pen.roundRect(left, top, w, h, 10);
  pen.fill();
  pen.stroke();
  if (one.type === "box") {
    pen.fillStyle = look.states.get(state) ?? look.faint;
    pen.beginPath();
    pen.roundRect(left, top, STRIPE, h, [10, 0, 0, 10]);
    pen.fill();
  }
  if (name) drawName(pen, name, left, top, look);
  else if (one.type === "box") drawIcon(pen, one, { left: left + STRIPE, top, w: w - STRIPE, h }, zoom, look);
}
