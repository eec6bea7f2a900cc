import type { Layout, Point } from "../layout";

/** The cell's state as a straight highway at the top; gates below it; inputs on two lines at the bottom. */
const F = 236;
const I = 386;
const Z = 536;
const O = 690;
const PLUS = 461;
const OUT = 830;
const HIGHWAY = 112;
const MEET = 208;
const GATE = 292;
const BAR = 392;
const Y_LINE = 472;
const X_LINE = 526;
const BRANCH = 152;
const PEEP_OUT = 618;

const columns: Record<string, number> = { f_bar: F, i_bar: I, z_bar: Z, o_bar: O };

/** From the line of y(t-1), or of x(t), up into a bar. */
function lines(): Record<string, Point[]> {
  const found: Record<string, Point[]> = {};
  for (const [bar, x] of Object.entries(columns)) {
    found[`y-1>${bar}`] = [{ x: x - 9, y: Y_LINE }];
    found[`x>${bar}`] = [
      { x: 150, y: X_LINE },
      { x: x + 9, y: X_LINE },
    ];
  }
  return found;
}

/** Gates of the step before, as short stubs beside each bar. */
const gateStubs = Object.fromEntries(
  ["i-1", "f-1", "o-1"].map((id, k) => [
    id,
    (reader: Point) => ({ from: { x: reader.x - 62, y: reader.y + 16 + 16 * k } }),
  ]),
);

export const lstmCircuit: Layout = {
  width: 1070,
  height: 620,
  frame: { x: 122, y: 44, width: 788, height: 516 },
  at: {
    "c-1": { x: 56, y: HIGHWAY, side: "above" },
    "y-1": { x: 56, y: Y_LINE, side: "above" },
    x: { x: 150, y: 594, side: "right" },
    f_bar: { x: F, y: BAR, side: "right" },
    f: { x: F, y: GATE, side: "right" },
    i_bar: { x: I, y: BAR, side: "right" },
    i: { x: I, y: GATE, side: "right" },
    z_bar: { x: Z, y: BAR, side: "right" },
    z: { x: Z, y: GATE, side: "right" },
    "c*z.i": { x: PLUS, y: MEET },
    "c*c.f": { x: F, y: HIGHWAY },
    c: { x: PLUS, y: HIGHWAY, side: "above" },
    o_bar: { x: O, y: BAR, side: "right" },
    o: { x: O, y: GATE, side: "above" },
    "y~c": { x: OUT, y: MEET },
    y: { x: OUT, y: GATE, side: "below" },
  },
  via: {
    ...lines(),
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
      { x: 322, y: 342 },
      { x: 322, y: BAR },
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
  each: gateStubs,
  ends: {
    c: { at: { x: 968, y: HIGHWAY }, label: "c" },
    y: { at: { x: 968, y: GATE }, label: "y" },
  },
  up: {
    from: "y",
    via: [
      { x: 884, y: GATE },
      { x: 884, y: 12 },
    ],
  },
  next: {
    c: { x: 1012, y: HIGHWAY },
    z_bar: { x: 1012, y: 368 },
    i_bar: { x: 1012, y: 416 },
    f_bar: { x: 1012, y: 464 },
    o_bar: { x: 1012, y: 512 },
  },
  captions: [{ at: { x: 138, y: 66 }, text: "step t", anchor: "start" }],
};

/** The cell in the centre, gates around it, as in "LSTM: A Search Space Odyssey". */
const X = 500;
const CELL = 310;

/** Stubs of x(t) and y(t-1) into a bar, from the side on which its gate does not stand. */
function stubs(row: number) {
  return (reader: Point, id: string) => {
    if (id === "z_bar") return { from: { x: reader.x + 42 * row, y: reader.y + 66 } };
    const side = reader.x > X ? 1 : -1;
    return { from: { x: reader.x + side * 92, y: reader.y + 10 * row } };
  };
}

/** The last gates, where every gate sees them. */
const gateRows = Object.fromEntries(
  ["i-1", "f-1", "o-1"].map((id, k) => [
    id,
    (reader: Point) => ({ from: { x: reader.x - 34 + 34 * k, y: reader.y + (reader.y > 200 ? 84 : 60) } }),
  ]),
);

export const lstmOdyssey: Layout = {
  width: 1070,
  height: 640,
  frame: { x: 70, y: 44, width: 850, height: 560 },
  at: {
    z_bar: { x: X, y: 520, side: "right" },
    z: { x: X, y: 454, side: "right" },
    "c*z.i": { x: X, y: 396 },
    c: { x: X, y: CELL, side: "inside" },
    "y~c": { x: X, y: 200 },
    y: { x: X, y: 124, side: "right" },
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
  each: { x: stubs(-1), "y-1": stubs(1), ...gateRows },
  ends: {
    c: {
      at: { x: 630, y: 222 },
      from: { x: X + 18, y: CELL - 34 },
      via: [
        { x: X + 18, y: 212 },
        { x: 597, y: 212 },
      ],
      label: "",
    },
  },
  up: { from: "y", via: [{ x: X, y: 10 }] },
  next: {
    c: { x: 1012, y: 222 },
    z_bar: { x: 1012, y: 340 },
    i_bar: { x: 1012, y: 390 },
    f_bar: { x: 1012, y: 440 },
    o_bar: { x: 1012, y: 490 },
  },
  captions: [{ at: { x: 86, y: 66 }, text: "step t", anchor: "start" }],
};
