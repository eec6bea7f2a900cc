// A place in sight that nothing lies on yet.

import type { Rect } from "./overview";

const GAP = 16; // pixels of the canvas that stay free around a box
const STEPS = 48; // how finely the view is searched, along each side
const LEAST = 16; // pixels of the canvas, between two places that are tried

interface Spot {
  x: number;
  y: number;
}

/** A place for a box of this size that covers none of the others: the wished one, else the nearest to it that is seen whole.
 * Where nothing in sight is free, below all that it would cover. */
export function freeSpot(
  others: readonly Rect[],
  size: { width: number; height: number },
  wished: Spot,
  view: Rect,
): Spot {
  const covered = ({ x, y }: Spot): Rect | undefined =>
    others.find(
      (b) =>
        x < b.x + b.width + GAP &&
        x + size.width + GAP > b.x &&
        y < b.y + b.height + GAP &&
        y + size.height + GAP > b.y,
    );
  const right = Math.max(view.x, view.x + view.width - size.width);
  const bottom = Math.max(view.y, view.y + view.height - size.height);
  const start = {
    x: Math.round(Math.min(right, Math.max(view.x, wished.x))),
    y: Math.round(Math.min(bottom, Math.max(view.y, wished.y))),
  };
  if (!covered(wished)) return { x: Math.round(wished.x), y: Math.round(wished.y) };
  const places = along(start.x, view.x, right).flatMap((x) => along(start.y, view.y, bottom).map((y) => ({ x, y })));
  const far = ({ x, y }: Spot): number => (x - start.x) ** 2 + (y - start.y) ** 2;
  const found = places.sort((a, b) => far(a) - far(b)).find((place) => !covered(place));
  if (found) return found;
  let place = start;
  for (let hit = covered(place); hit; hit = covered(place))
    place = { x: place.x, y: Math.ceil(hit.y + hit.height + GAP) };
  return place;
}

/** Places along one side: where it starts, and steps from there as far as the view goes. */
function along(start: number, low: number, high: number): number[] {
  const step = Math.max(LEAST, Math.round((high - low) / STEPS));
  const found = [start];
  for (let at = start - step; at >= low; at -= step) found.push(at);
  for (let at = start + step; at <= high; at += step) found.push(at);
  return found;
}
