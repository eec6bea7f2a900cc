import { describe, expect, it } from "vitest";
import { type Curve, evenScale, logScale, pathOf, signedLogScale } from "./Curves";

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

describe("powers of ten", () => {
  it("are drawn as far down as the numbers go, and zero nowhere", () => {
    const scale = logScale([curve([0.1, 1e-8, 2e-19, 0])]);
    expect([scale.low, scale.high].map(Math.log10)).toEqual([-19, -1]);
    expect(scale.share(1e-10)).toBeCloseTo(0.5, 9);
    expect(scale.share(0)).toBeNaN();
    expect(scale.cut).toBe(false);
  });

  it("of both signs say where they are cut", () => {
    expect(signedLogScale([curve([1, 1e-5])]).cut).toBe(false);
    expect(signedLogScale([curve([1, -1e-9])]).cut).toBe(true);
  });
});

describe("a curve's path", () => {
  const path = (values: number[]) =>
    pathOf(curve(values), evenScale([curve(values)], [0, 1]), 100, 10, 0, values.length - 1, 0);

  it("shows a value without neighbours as a dash", () => {
    expect(path([0.5])).toBe("M50.0 5.0m-3 0h6");
    expect(path([1, Number.NaN, 0, 1])).toBe("M12.5 0.0m-3 0h6M62.5 10.0L87.5 0.0");
  });
});
