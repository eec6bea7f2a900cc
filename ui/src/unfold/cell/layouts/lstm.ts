import type { Layout, Point } from "../layout";
import { BAR, BRANCH, circuit, GATE, HIGHWAY, loop, MIDDLE, nexts, stubs } from "./shared";

const F = 222;
const I = 386;
const Z = 550;
const O = 730;
const PLUS = 468;
const OUT = 838;
const MEET = 208;
const PEEP_OUT = 652;

/** The last gates, where every gate sees them, as short stubs.  place: of the first, second and third, relative to the reader. */
function lastGates(place: (k: number, reader: Point) => Point): Layout["each"] {
  const stub = (k: number) => (reader: Point) => {
    const by = place(k, reader);
    return { from: { x: reader.x + by.x, y: reader.y + by.y } };
  };
  return Object.fromEntries(["i-1", "f-1", "o-1"].map((id, k) => [id, stub(k)]));
}

/** The cell's state as a straight highway at the top; gates below it. */
export const lstmCircuit: Layout = circuit({
  columns: [
    ["f_bar", F, "f"],
    ["i_bar", I, "i"],
    ["z_bar", Z, "z"],
    ["o_bar", O, "o"],
  ],
  reads: "y-1",
  branches: false,
  at: {
    "c-1": { x: 56, y: HIGHWAY, side: "above" },
    "c*z.i": { x: PLUS, y: MEET },
    "c*c.f": { x: F, y: HIGHWAY },
    c: { x: PLUS, y: HIGHWAY, side: "above" },
    o: { x: O, y: GATE, side: "above" },
    "y~c": { x: OUT, y: MEET },
    y: { x: OUT, y: GATE, side: "below" },
  },
  via: {
    "i>c*z.i": [{ x: I, y: MEET }],
    "z>c*z.i": [{ x: Z, y: MEET }],
    "i>f": [],
    "z>c": [
      { x: Z, y: MEET },
      { x: PLUS, y: MEET },
    ],
    "c-1>f_bar": [{ x: BRANCH, y: BAR }],
    "c-1>i_bar": [
      { x: BRANCH, y: 342 },
      { x: 319, y: 342 },
      { x: 319, y: BAR },
    ],
    "c>o_bar": [{ x: PEEP_OUT, y: BAR }],
  },
  starts: {
    "c-1>f_bar": { x: BRANCH, y: HIGHWAY },
    "c-1>i_bar": { x: BRANCH, y: HIGHWAY },
    "c>o_bar": { x: PEEP_OUT, y: HIGHWAY },
    "c>y~c": { x: OUT, y: HIGHWAY },
    "c>y": { x: OUT, y: HIGHWAY },
  },
  each: lastGates((k) => ({ x: -62, y: 16 + 16 * k })),
  ends: [
    ["c", HIGHWAY],
    ["y", GATE],
  ],
  next: { c: HIGHWAY, z_bar: 368, i_bar: 416, f_bar: 464, o_bar: 512 },
});

const CELL = 310;

/** The cell in the centre, gates around it, as in "LSTM: A Search Space Odyssey". */
export const lstmOdyssey: Layout = {
  width: 1070,
  height: 640,
  frame: { x: 70, y: 44, width: 850, height: 560 },
  at: {
    z_bar: { x: MIDDLE, y: 520, side: "right" },
    z: { x: MIDDLE, y: 454, side: "right" },
    "c*z.i": { x: MIDDLE, y: 396 },
    c: { x: MIDDLE, y: CELL, side: "inside" },
    "y~c": { x: MIDDLE, y: 200 },
    y: { x: MIDDLE, y: 124, side: "right" },
    i_bar: { x: 250, y: 396, side: "below" },
    i: { x: 366, y: 396, side: "below" },
    o_bar: { x: 250, y: 124, side: "above" },
    o: { x: 366, y: 124, side: "above" },
    "c-1": { x: 630, y: 222, side: "above" },
    "c*c.f": { x: 630, y: CELL },
    f: { x: 734, y: CELL, side: "below" },
    f_bar: { x: 812, y: CELL, side: "below" },
  },
  via: {
    "c-1>f_bar": [{ x: 812, y: 222 }],
    "c-1>i_bar": [{ x: 250, y: 232 }],
    "c>o_bar": [
      { x: 330, y: CELL },
      { x: 330, y: 178 },
      { x: 250, y: 178 },
    ],
    "i>f": [],
    "z>c": [],
  },
  starts: { "c-1>i_bar": { x: 599, y: 232 } },
  bias: { o_bar: { x: -20, y: 28 }, f_bar: { x: 16, y: -38 }, i_bar: { x: -16, y: -38 }, z_bar: { x: -30, y: -18 } },
  each: {
    x: stubs(92, -1, { z_bar: { x: -42, y: 66 } }),
    "y-1": stubs(92, 1, { z_bar: { x: 42, y: 66 } }),
    ...lastGates((k, reader) => ({ x: -34 + 34 * k, y: reader.y > 200 ? 84 : 60 })),
  },
  ends: { c: loop({ x: 630, y: 222 }, CELL, 212) },
  up: { from: "y", via: [{ x: MIDDLE, y: 10 }] },
  next: nexts({ c: 222, z_bar: 340, i_bar: 390, f_bar: 440, o_bar: 490 }),
};
