// What a box that is seen from far says: its name, or where that cannot be read, its icon.

import { EDGE_IN, EDGE_OUT } from "../graph/faces";
import { drawing } from "../theme/icons";
import type { Look } from "./farDrawing";
import { LEADING, type SetName, setName } from "./farNames";
import type { BoxNode, FlowNode } from "./flow";

/** Width of the stripe at the left of a box that says its state. */
export const STRIPE = 16;

const READABLE = 7; // pixels of type
const LARGE = 11; // pixels of type
const ICON = 8; // pixels: smaller ones are a blot
const PAD = 8;
const EDGE = 3; // pixels that stay free beside a name

/** A name and where it begins, seen from the box's corner. */
export interface Placed extends SetName {
  x: number;
  y: number;
}

/** The name of a box of this size, set; null where it could not be read. */
export function nameOn(
  pen: CanvasRenderingContext2D,
  one: FlowNode,
  { w, h }: { w: number; h: number },
  zoom: number,
  look: Look,
): Placed | null {
  const pad = Math.max(PAD, EDGE / zoom);
  const x = (one.type === "box" ? STRIPE : 0) + pad;
  const above = one.type === "frame"; // boxes lie in a frame: its title stands on it
  const room = {
    width: w - x - pad,
    height: above ? (READABLE * 2 * LEADING - 1) / zoom : h - PAD,
    least: READABLE / zoom,
    most: (above ? 10 : LARGE) / zoom,
  };
  const set = setName(wordsOf(one), room, widths(pen, look.sans));
  if (!set) return null;
  const high = set.lines.length * set.size * LEADING;
  return { ...set, x, y: above ? -high : (h - high) / 2 };
}

export function drawName(pen: CanvasRenderingContext2D, name: Placed, left: number, top: number, look: Look): void {
  pen.font = `600 ${name.size}px ${look.sans}`;
  pen.fillStyle = look.text;
  pen.textBaseline = "middle";
  name.lines.forEach((line, k) => {
    pen.fillText(line, left + name.x, top + name.y + (k + 0.5) * name.size * LEADING);
  });
}

/** The icon of a node in the middle of a rectangle, as large as it fits. */
export function drawIcon(
  pen: CanvasRenderingContext2D,
  { data: { block, face } }: BoxNode,
  { left, top, w, h }: { left: number; top: number; w: number; h: number },
  zoom: number,
  look: Look,
): void {
  const size = Math.min(w, h, 20 / zoom) - PAD;
  if (size * zoom < ICON) return;
  const { nodeType } = face;
  const path = drawn(drawing(block.inside ? "component" : (nodeType?.icon ?? "missing"), nodeType?.family));
  pen.save();
  pen.translate(left + (w - size) / 2, top + (h - size) / 2);
  pen.scale(size / 24, size / 24);
  pen.strokeStyle = look.text;
  pen.lineWidth = 2.4;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.stroke(path);
  pen.restore();
}

const paths = new Map<string, Path2D>();

function drawn(path: string): Path2D {
  const known = paths.get(path);
  if (known) return known;
  const made = new Path2D(path);
  paths.set(path, made);
  return made;
}

const known = new Map<string, number>();
let family = "";

/** Widths in ems, each word measured once. */
function widths(pen: CanvasRenderingContext2D, sans: string): (text: string) => number {
  if (family !== sans || known.size > 10_000) known.clear();
  family = sans;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    pen.font = `600 100px ${sans}`;
    const width = pen.measureText(text).width / 100;
    known.set(text, width);
    return width;
  };
}

function wordsOf(one: FlowNode): string {
  if (one.type === "box") return one.data.face.title;
  if (one.type === "frame") return one.data.frame.title;
  if (one.type === "note") return firstLine(one.data.note.text);
  return one.id === EDGE_IN ? "in" : one.id === EDGE_OUT ? "out" : "";
}

/** The first line of a text in Markdown, without its marks. */
const firstLine = (text: string): string =>
  (text.split("\n").find((line) => line.trim() !== "") ?? "").replace(/^[#>\-\s]+|[*`_]/g, "").slice(0, 80);
