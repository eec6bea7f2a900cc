import type { Numbers } from "../source/arrays";
import { colour, errorShare, type Kind, type Theme, valueShare } from "./colours";

/** A matrix (rows, columns) as an image of one pixel a number; first row at the top, as matrices are read. */
export function imageOf(
  values: Numbers,
  rows: number,
  columns: number,
  kind: Kind,
  theme: Theme,
  largest: number,
  bounded: boolean,
): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, columns);
  canvas.height = Math.max(1, rows);
  const context = canvas.getContext("2d");
  if (!context || !rows || !columns) return canvas;
  const image = context.createImageData(columns, rows);
  const ramp = rampOf(kind, theme);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const value = values[r * columns + c] ?? 0;
      const share = kind === "error" ? errorShare(value, largest) : valueShare(value, bounded);
      const step = Math.round((Math.max(-1, Math.min(1, share || 0)) + 1) * 127.5) * 3;
      const at = (r * columns + c) * 4;
      image.data[at] = ramp[step] ?? 0;
      image.data[at + 1] = ramp[step + 1] ?? 0;
      image.data[at + 2] = ramp[step + 2] ?? 0;
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

const ramps = new Map<string, Uint8ClampedArray>();

function rampOf(kind: Kind, theme: Theme): Uint8ClampedArray {
  const key = `${kind} ${theme}`;
  const known = ramps.get(key);
  if (known) return known;
  const ramp = new Uint8ClampedArray(256 * 3);
  for (let k = 0; k < 256; k++) ramp.set(colour(k / 127.5 - 1, kind, theme), k * 3);
  ramps.set(key, ramp);
  return ramp;
}

/** A canvas sized for the screen's pixels, ready to draw on in CSS pixels. */
export function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const density = Math.min(2, window.devicePixelRatio || 1);
  const [w, h] = [Math.max(1, Math.round(width * density)), Math.max(1, Math.round(height * density))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  return context;
}
