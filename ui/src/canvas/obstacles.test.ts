import { expect, test } from "vitest";
import type { FlowNode } from "./flow";
import { restingOf } from "./obstacles";

const box = (id: string, more: Partial<FlowNode> = {}): FlowNode =>
  ({ id, type: "box", position: { x: 0, y: 0 }, data: {}, initialWidth: 224, initialHeight: 76, ...more }) as FlowNode;

test("a box is in the way as large as it is drawn, and one that grows is seen to grow", () => {
  const a = box("a");
  expect(restingOf([a])).toEqual([{ x: 0, y: 0, width: 224, height: 76 }]);
  const grown = box("a", { measured: { width: 224, height: 131 } });
  expect(restingOf([grown])).toEqual([{ x: 0, y: 0, width: 224, height: 131 }]);
});

test("what is in the hand is in nobody's way, and while it moves nothing else is looked for anew", () => {
  const [a, b] = [box("a"), box("b", { position: { x: 300, y: 0 } })];
  const before = restingOf([a, b]);
  expect(before).toHaveLength(2);
  const held = restingOf([a, { ...b, dragging: true }]);
  expect(held).toEqual([before[0]]);
  expect(restingOf([a, { ...b, dragging: true, position: { x: 310, y: 5 } }])).toBe(held);
  expect(restingOf([{ ...a }, b])).toEqual(before);
});

test("notes and frames are in nobody's way", () => {
  expect(restingOf([box("n", { type: "note" }), box("f", { type: "frame" })])).toEqual([]);
});
