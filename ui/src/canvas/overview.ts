// The whole workflow in small: how it fits into the overview, and where the view lies in it.

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How points of the canvas come to lie in the overview: `at * scale + x` and `+ y`. */
export interface Fit {
  scale: number;
  x: number;
  y: number;
}

const MARGIN = 12; // pixels that stay free around everything

/** The least rectangle around all of them; null for none. */
export function around(rects: Iterable<Rect>): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return left <= right && top <= bottom ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

/** The part of the canvas that is seen. */
export function viewOf([x, y, zoom]: readonly [number, number, number], width: number, height: number): Rect {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

/** All boxes and the view, as large as they fit into `width` by `height`, in its middle. */
export function fitted(boxes: Rect | null, view: Rect, width: number, height: number): Fit {
  const whole = around(boxes ? [boxes, view] : [view]) ?? view;
  const scale = Math.min(
    Math.max(1, width - 2 * MARGIN) / Math.max(1, whole.width),
    Math.max(1, height - 2 * MARGIN) / Math.max(1, whole.height),
  );
  return {
    scale,
    x: width / 2 - (whole.x + whole.width / 2) * scale,
    y: height / 2 - (whole.y + whole.height / 2) * scale,
  };
}

/** A rectangle of the canvas as it lies in the overview. */
export function within({ x, y, width, height }: Rect, fit: Fit): Rect {
  return { x: x * fit.scale + fit.x, y: y * fit.scale + fit.y, width: width * fit.scale, height: height * fit.scale };
}
