import { describe, expect, it } from "vitest";
import { formulaNumber, percent, wireNumber } from "./numbers";

describe("numbers", () => {
  it.each([
    [0, "0"],
    [0.5, "0.5"],
    [-0.41666, "-0.4167"],
    [12345.6, "1.235 \\cdot 10^{4}"],
    [9999.7, "1 \\cdot 10^{4}"],
    [123.456, "123.5"],
    [0.0001234567, "0.0001235"],
    [0.00001234567, "1.235 \\cdot 10^{-5}"],
    [1, "1"],
    [-1e-9, "-1 \\cdot 10^{-9}"],
    [Number.POSITIVE_INFINITY, "inf"],
  ])("writes %d in a formula as Python does", (value, written) => expect(formulaNumber(value)).toBe(written));

  it.each([
    [0.41666, "0.417"],
    [-0.0298, "−0.0298"],
    [1234.5, "1235"],
    [-0.0000536, "−5.36·10⁻⁵"],
    [2.5e7, "2.50·10⁷"],
    [0, "0"],
    [Number.NaN, "·"],
  ])("writes %d on a wire", (value, written) => expect(wireNumber(value)).toBe(written));

  it("writes shares as percentages", () => {
    expect(percent(0.4821)).toBe("48 %");
    expect(percent(-0.021)).toBe("−2.1 %");
    expect(percent(0.00001)).toBe("<0.1 %");
  });
});
