import type { Layout } from "../layout";
import { BAR, circuit, HIGHWAY, loop, MIDDLE, nexts, stubs } from "./shared";

const R = 226;
const M = 360;
const U = 508;
const N = 706;
const PLUS = 790;
const PRODUCT = 226; // of r and m
const MIX = 192; // where u and 1 − u weigh

/** The state as a straight highway at the top; the gates and the candidate below it. */
export const gruCircuit: Layout = circuit({
  columns: [
    ["r_bar", R, "r"],
    ["m", M],
    ["u_bar", U, "u"],
    ["n_bar", N, "n"],
  ],
  reads: "h-1",
  branches: true,
  without: { m: "x", n_bar: "h-1" },
  at: {
    "n_bar*r.m": { x: M, y: PRODUCT },
    "h~u": { x: 594, y: MIX },
    "h*u.n": { x: N, y: MIX },
    "h*u.h": { x: U, y: HIGHWAY },
    h: { x: PLUS, y: HIGHWAY, side: "above" },
  },
  via: {
    "r>n_bar*r.m": [{ x: R, y: PRODUCT }],
    "n_bar*r.m>n_bar": [
      { x: 614, y: PRODUCT },
      { x: 614, y: BAR },
    ],
    "u>h~u": [{ x: U, y: MIX }],
    "h*u.n>h": [{ x: PLUS, y: MIX }],
  },
  ends: [["h", HIGHWAY]],
  next: { h: HIGHWAY, u_bar: 260, m: 330, r_bar: 400 },
});

const STATE = 220;
const CANDIDATE = 486;

/** The state in the centre, gates around it. */
export const gruOdyssey: Layout = {
  width: 1070,
  height: 640,
  frame: { x: 100, y: 48, width: 810, height: 538 },
  at: {
    h: { x: MIDDLE, y: STATE, side: "inside" },
    "h*u.n": { x: MIDDLE, y: 326 },
    n: { x: MIDDLE, y: 404, side: "right" },
    n_bar: { x: MIDDLE, y: CANDIDATE, side: "right" },
    "n_bar*r.m": { x: 390, y: CANDIDATE },
    r: { x: 390, y: 392, side: "above" },
    r_bar: { x: 262, y: 392, side: "above" },
    m: { x: 262, y: CANDIDATE, side: "below" },
    "h-1": { x: 634, y: 122, side: "right" },
    "h*u.h": { x: 634, y: STATE },
    u: { x: 734, y: STATE, side: "above" },
    u_bar: { x: 826, y: STATE, side: "above" },
    "h~u": { x: 634, y: 326 },
  },
  via: { "u>h~u": [{ x: 734, y: 326 }], "r>n_bar*r.m": [] },
  starts: {},
  bias: { u_bar: { x: 22, y: 26 }, m: { x: -24, y: -24 }, n_bar: { x: -20, y: 28 }, r_bar: { x: -20, y: 28 } },
  each: {
    x: stubs(84, -1, { n_bar: { x: 0, y: 62 } }),
    "h-1": stubs(84, 1, { "h*u.h": null, m: { x: -84, y: 0 } }),
  },
  ends: { h: loop({ x: 634, y: 122 }, STATE, 122) },
  up: { from: "h", via: [{ x: MIDDLE, y: 12 }] },
  next: nexts({ h: 122, u_bar: 260, m: 330, r_bar: 400 }),
};
