import { describe, expect, it } from "vitest";
import { lanesOf } from "./Layers";

const EACH = lanesOf([[], []], 2)[1] ?? 0;

describe("boxes of a column", () => {
  it("stand in the middle where they read nothing of their line", () => expect(lanesOf([[]], 3)).toEqual([EACH]));
  it("stand behind what they read", () => expect(lanesOf([[EACH]], 2)).toEqual([EACH]));
  it("stand between what they read", () => expect(lanesOf([[0, EACH]], 2)).toEqual([EACH / 2]));
  it("do not cover each other, and stay inside", () => {
    expect(lanesOf([[EACH], [EACH]], 2)).toEqual([0, EACH]);
    expect(lanesOf([[0], [0], []], 3)).toEqual([0, EACH, 2 * EACH]);
    expect(lanesOf([[EACH], [0]], 2)).toEqual([EACH, 0]);
  });
});
