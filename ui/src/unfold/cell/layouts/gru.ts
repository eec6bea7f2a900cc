import type { Layout, Point } from "../layout";

const HIGHWAY = 112;
const H_LINE = 472;
const X_LINE = 526;
const BRANCH = 152;
const R = 226;
const M = 360;
const U = 508;
const N = 680;
const PLUS = 790;
const GATE = 292;
const BAR = 392;

/** The state as a straight highway at the top; the gates and the candidate below it. */
export const gruCircuit: Layout = {
  width: 1070,
  height: 620,
  frame: { x: 122, y: 44, width: 788, height: 516 },
  at: {
    "h-1": { x: 56, y: HIGHWAY, side: "above" },
    x: { x: 150, y: 594, side: "right" },
    r_bar: { x: R, y: BAR, side: "right" },
    r: { x: R, y: GATE, side: "right" },
    m: { x: M, y: BAR, side: "right" },
    u_bar: { x: U, y: BAR, side: "right" },
    u: { x: U, y: GATE, side: "right" },
    "n_bar*r.m": { x: M, y: 226 },
    n_bar: { x: N, y: BAR, side: "right" },
    n: { x: N, y: GATE, side: "right" },
    "h~u": { x: 594, y: 192 },
    "h*u.n": { x: N, y: 192 },
    "h*u.h": { x: U, y: HIGHWAY },
    h: { x: PLUS, y: HIGHWAY, side: "above" },
  },
  via: {
    "h-1>r_bar": [
      { x: BRANCH, y: H_LINE },
      { x: R - 9, y: H_LINE },
    ],
    "h-1>u_bar": [
      { x: BRANCH, y: H_LINE },
      { x: U - 9, y: H_LINE },
    ],
    "h-1>m": [
      { x: BRANCH, y: H_LINE },
      { x: M - 9, y: H_LINE },
    ],
    "x>r_bar": toBar(R),
    "x>u_bar": toBar(U),
    "x>n_bar": toBar(N),
    "r>n_bar*r.m": [{ x: R, y: 226 }],
    "n_bar*r.m>n_bar": [
      { x: 624, y: 226 },
      { x: 624, y: BAR },
    ],
    "u>h~u": [{ x: U, y: 192 }],
    "h*u.n>h": [{ x: PLUS, y: 192 }],
  },
  starts: {
    "h-1>r_bar": { x: BRANCH, y: HIGHWAY },
    "h-1>u_bar": { x: BRANCH, y: HIGHWAY },
    "h-1>m": { x: BRANCH, y: HIGHWAY },
  },
  each: {},
  ends: { h: { at: { x: 968, y: HIGHWAY }, label: "h" } },
  up: {
    from: "h",
    via: [
      { x: 884, y: HIGHWAY },
      { x: 884, y: 12 },
    ],
  },
  next: {
    h: { x: 1012, y: HIGHWAY },
    u_bar: { x: 1012, y: 260 },
    m: { x: 1012, y: 330 },
    r_bar: { x: 1012, y: 400 },
  },
  captions: [{ at: { x: 138, y: 66 }, text: "step t", anchor: "start" }],
};

function toBar(x: number): Point[] {
  return [
    { x: 150, y: X_LINE },
    { x: x + 9, y: X_LINE },
  ];
}

const X = 500;

function stub(dx: number, dy: number) {
  return (reader: Point) => ({ from: { x: reader.x + dx, y: reader.y + dy } });
}

/** x(t) as a stub, from the side on which the gate does not stand. */
function beside(row: number) {
  return (reader: Point, id: string) => (id === "n_bar" ? stub(0, 62)(reader) : sideways(reader, id, row));
}

/** h(t-1) likewise where a matrix reads it; the highway reads it where it stands. */
function besideOf(row: number) {
  return (reader: Point, id: string) => (id === "h*u.h" ? null : sideways(reader, id, row));
}

function sideways(reader: Point, id: string, row: number) {
  return stub(reader.x > X ? 84 : -84, id === "m" ? 0 : 10 * row)(reader);
}

/** The state in the centre, gates around it. */
export const gruOdyssey: Layout = {
  width: 1070,
  height: 640,
  frame: { x: 100, y: 48, width: 810, height: 538 },
  at: {
    h: { x: X, y: 220, side: "inside" },
    "h*u.n": { x: X, y: 326 },
    n: { x: X, y: 404, side: "right" },
    n_bar: { x: X, y: 486, side: "right" },
    "n_bar*r.m": { x: 390, y: 486 },
    r: { x: 390, y: 392, side: "above" },
    r_bar: { x: 262, y: 392, side: "above" },
    m: { x: 262, y: 486, side: "below" },
    "h-1": { x: 634, y: 122, side: "right" },
    "h*u.h": { x: 634, y: 220 },
    u: { x: 734, y: 220, side: "above" },
    u_bar: { x: 826, y: 220, side: "above" },
    "h~u": { x: 634, y: 326 },
  },
  via: {
    "u>h~u": [{ x: 734, y: 326 }],
    "r>n_bar*r.m": [],
  },
  starts: {},
  bias: { u_bar: { x: 22, y: 26 }, m: { x: -24, y: -24 }, n_bar: { x: -20, y: 28 }, r_bar: { x: -20, y: 28 } },
  each: { x: beside(-1), "h-1": besideOf(1) },
  ends: {
    h: {
      at: { x: 634, y: 122 },
      from: { x: X + 18, y: 186 },
      via: [
        { x: X + 18, y: 122 },
        { x: 601, y: 122 },
      ],
      label: "",
    },
  },
  up: { from: "h", via: [{ x: X, y: 12 }] },
  next: {
    h: { x: 1012, y: 122 },
    u_bar: { x: 1012, y: 260 },
    m: { x: 1012, y: 330 },
    r_bar: { x: 1012, y: 400 },
  },
  captions: [{ at: { x: 116, y: 70 }, text: "step t", anchor: "start" }],
};
