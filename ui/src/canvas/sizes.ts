// How large boxes are: one place for the drawing, the arranging and the far view.

import type { Size } from "../graph/arrange";
import type { Block } from "../graph/document";
import { faceOf, type Types } from "../graph/faces";

export const BOX_WIDTH = 224;
const HEAD = 50;
export const PORT_ROW = 20;
const FOOT = 26;
const EDGE_WIDTH = 150;
export const NOTE: Size = { width: 220, height: 120 };
export const FRAME: Size = { width: 480, height: 260 };

/** Ports are listed where there are several on a side; a single one sits beside the title. */
export const portRows = (inputs: number, outputs: number): number => {
  const most = Math.max(inputs, outputs);
  return most > 1 ? most : 0;
};

export const boxHeight = (inputs: number, outputs: number): number =>
  HEAD + portRows(inputs, outputs) * PORT_ROW + (portRows(inputs, outputs) > 0 ? 6 : 0) + FOOT;

/** How high a port sits on its box. */
export const portY = (i: number, rows: number): number =>
  rows === 0 ? HEAD / 2 + 1 : HEAD + i * PORT_ROW + PORT_ROW / 2;

export function boxSize(block: Block, types: Types): Size {
  const face = faceOf(block, types);
  const { length: inputs } = face.inputs;
  const { length: outputs } = face.outputs;
  const rows = portRows(inputs, outputs);
  const middle = (ports: number): number => (portY(0, rows) + portY(Math.max(0, ports - 1), rows)) / 2;
  return { width: BOX_WIDTH, height: boxHeight(inputs, outputs), into: middle(inputs), out: middle(outputs) };
}

/** How large a preview is at first, by what comes out. No wider than the box, so that it covers no neighbour. */
export const previewSize = (type: string | null): Size => ({
  width: BOX_WIDTH,
  height: type === "Table" ? 148 : type === "Figure" ? 150 : 88,
});

export const edgeSize = (ports: number): Size => ({ width: EDGE_WIDTH, height: 40 + (ports + 1) * PORT_ROW });

/** The corner of a box whose head is at this point; or, after a wire, whose first port is. */
export const cornerAt = (at: { x: number; y: number }, side?: "in" | "out"): { x: number; y: number } => ({
  x: at.x - (side === "out" ? 0 : side === "in" ? BOX_WIDTH : BOX_WIDTH / 2),
  y: at.y - HEAD / 2,
});
