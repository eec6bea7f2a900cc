import type { Layout } from "../layout";

const LINE = 260;

/** One line: the last state and the input meet, are squashed, and go on. */
export const rnnCircuit: Layout = {
  width: 1070,
  height: 520,
  frame: { x: 170, y: 60, width: 690, height: 370 },
  at: {
    "h-1": { x: 64, y: LINE, side: "above" },
    x: { x: 400, y: 488, side: "right" },
    a: { x: 400, y: LINE, side: "right" },
    h: { x: 600, y: LINE, side: "above" },
  },
  via: {},
  starts: {},
  each: {},
  ends: { h: { at: { x: 950, y: LINE }, label: "h" } },
  up: {
    from: "h",
    via: [
      { x: 760, y: LINE },
      { x: 760, y: 12 },
    ],
  },
  next: { a: { x: 1012, y: LINE + 80 } },
};

/** The state in the centre, with the loop by which it sees itself. */
export const rnnOdyssey: Layout = {
  width: 1070,
  height: 560,
  frame: { x: 220, y: 48, width: 620, height: 440 },
  at: {
    h: { x: 520, y: 180, side: "inside" },
    a: { x: 520, y: 360, side: "left" },
    x: { x: 520, y: 530, side: "right" },
    "h-1": { x: 690, y: 270, side: "right" },
  },
  via: { "h-1>a": [{ x: 690, y: 360 }] },
  starts: {},
  each: {},
  ends: { h: { at: { x: 690, y: 270 }, via: [{ x: 690, y: 180 }], label: "" } },
  up: { from: "h", via: [{ x: 520, y: 12 }] },
  next: { a: { x: 1012, y: 330 } },
};
