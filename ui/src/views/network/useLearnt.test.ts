import { expect, it } from "vitest";
import { curvesOf } from "./useLearnt";

it("a long history is thinned, and how long it was is known", () => {
  const loss = Array.from({ length: 1001 }, (_, epoch) => epoch);
  const { curves, points } = curvesOf({ loss });
  expect(curves.loss).toHaveLength(251);
  expect(curves.loss?.slice(0, 3)).toEqual([0, 4, 8]);
  expect(points).toBe(1001);
  expect(curvesOf({ loss: [3, null, 1] })).toEqual({ curves: { loss: [3, null, 1] }, points: 3, per: "epoch" });
  expect(curvesOf({})).toEqual({ curves: {}, points: 0, per: "epoch" });
});
