import { describe, expect, it } from "vitest";
import { type Curve, signedLogScale } from "./Curves";

const curve = (values: number[]): Curve => ({ name: "δc", values, colour: "black" });

describe("powers of ten of both signs", () => {
  it("give each power the same height, zero in the middle", () => {
    const scale = signedLogScale([curve([1e-3, 0, -1e-1]), curve([1e-4, Number.NaN])]);
    expect([scale.low, scale.high, scale.powers].map((v) => Math.log10(Math.abs(v ?? 0)))).toEqual([-1, -1, -4]);
    const at = [-0.1, -1e-3, -1e-4, 0, 1e-5, 1e-4, 1e-3, 1e-2, 0.1].map((v) => 6 * scale.share(v));
    for (const [k, wanted] of [0, 2, 3, 3, 3, 3, 4, 5, 6].entries()) expect(at[k]).toBeCloseTo(wanted, 9);
  });

  it("reach six powers down at most", () => {
    expect(signedLogScale([curve([1, 1e-30])]).powers).toBeCloseTo(1e-6, 12);
    expect(signedLogScale([curve([0, 0])]).share(0)).toBe(0.5);
  });
});
