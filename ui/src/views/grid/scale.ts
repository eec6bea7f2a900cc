// Scrolling through more rows than a browser can lay out: elements taller than some tens of millions of pixels are cut,
// so that a very tall table is drawn at a smaller scale, and the wheel moves through the true height.

export const ROW = 28;
const TALLEST = 8_000_000; // pixels that every browser lays out

export interface Scale {
  /** Height of all rows as if they could be laid out. */
  full: number;
  /** Height that is laid out. */
  laid: number;
}

export function scaleOf(rows: number, row: number): Scale {
  const full = rows * row;
  return { full, laid: Math.min(full, TALLEST) };
}

/** Where the true top is when the element is scrolled to `scrolled`; `view`: height that is seen. */
export function trueTop({ full, laid }: Scale, scrolled: number, view: number): number {
  if (full <= laid) return scrolled;
  return (scrolled / Math.max(1, laid - view)) * Math.max(0, full - view);
}

/** Where the element has to be scrolled to for a true top. */
export function scrolledTop({ full, laid }: Scale, top: number, view: number): number {
  if (full <= laid) return top;
  return (top / Math.max(1, full - view)) * Math.max(0, laid - view);
}

/** The rows that are seen, [first, after the last), with a few more on either side. */
export function seenRows(top: number, view: number, row: number, rows: number, more = 4): [number, number] {
  const first = Math.max(0, Math.floor(top / row) - more);
  return [Math.min(first, rows), Math.min(rows, Math.ceil((top + view) / row) + more)];
}
