import { describe, expect, it } from "vitest";
import { freeSpot } from "./free";
import type { Rect } from "./overview";

const view = { x: 0, y: 0, width: 1000, height: 600 };
const size = { width: 220, height: 120 };
const over = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && a.x + a.width > b.x && a.y < b.y + b.height && a.y + a.height > b.y;

describe("a free place", () => {
  it("is the wished one where nothing lies there", () => {
    expect(freeSpot([{ x: 500, y: 0, width: 224, height: 80 }], size, { x: 100, y: 100 }, view)).toEqual({
      x: 100,
      y: 100,
    });
  });

  it("is near the wished one, in sight, and covers no box", () => {
    const boxes = [0, 1, 2].map((i) => ({ x: 300, y: 100 * i + 60, width: 224, height: 80 }));
    const found = { ...freeSpot(boxes, size, { x: 320, y: 100 }, view), ...size };
    for (const box of boxes) expect(over(found, box)).toBe(false);
    expect(found.x).toBeGreaterThanOrEqual(0);
    expect(found.x + found.width).toBeLessThanOrEqual(1000);
    expect(Math.hypot(found.x - 320, found.y - 100)).toBeLessThan(300);
  });

  it("is in sight where the wished one is not and something lies there", () => {
    const found = freeSpot([{ x: 1100, y: 0, width: 224, height: 80 }], size, { x: 1100, y: 0 }, view);
    expect(found).toEqual({ x: 780, y: 0 });
  });

  it("is below everything where nothing in sight is free", () => {
    const all = { x: -10, y: -10, width: 1020, height: 620 };
    const found = freeSpot([all], size, { x: 400, y: 300 }, view);
    expect(found).toEqual({ x: 400, y: 626 });
  });
});
