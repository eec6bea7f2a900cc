import fc from "fast-check";
import { expect, test } from "vitest";
import { around, fitted, viewOf, within } from "./overview";

test("the rectangle around some", () => {
  expect(around([])).toBeNull();
  const found = around([
    { x: -10, y: 5, width: 20, height: 10 },
    { x: 30, y: -5, width: 5, height: 5 },
  ]);
  expect(found).toEqual({ x: -10, y: -5, width: 45, height: 20 });
});

test("the view is what the transform leaves to be seen", () => {
  expect(viewOf([100, -50, 0.5], 800, 400)).toEqual({ x: -200, y: 100, width: 1600, height: 800 });
});

test("boxes and view lie inside the overview and touch two of its sides", () => {
  const place = fc.integer({ min: -20_000, max: 20_000 });
  const size = fc.integer({ min: 1, max: 20_000 });
  const rect = fc.record({ x: place, y: place, width: size, height: size });
  fc.assert(
    fc.property(rect, rect, (boxes, view) => {
      const fit = fitted(boxes, view, 232, 131);
      const shown = [within(boxes, fit), within(view, fit)];
      const left = Math.min(...shown.map((one) => one.x));
      const right = Math.max(...shown.map((one) => one.x + one.width));
      const top = Math.min(...shown.map((one) => one.y));
      const bottom = Math.max(...shown.map((one) => one.y + one.height));
      const free = [left, 232 - right, top, 131 - bottom];
      expect(Math.min(...free)).toBeCloseTo(12, 6);
      expect(left + right).toBeCloseTo(232, 6);
      expect(top + bottom).toBeCloseTo(131, 6);
    }),
  );
});
