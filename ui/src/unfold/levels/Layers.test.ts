import { describe, expect, it } from "vitest";
import type { Box } from "../source/shapes";
import { lanesOf, placed } from "./Layers";

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

describe("wires", () => {
  const box = (id: string, inputs: string[]) => ({ id, inputs }) as Box;
  const chain = [box("gru", []), box("last", ["gru"]), box("merge", ["last", "gru"])];

  it("past a layer run below it, inside the drawing", () => {
    const drawn = placed(chain, 1000);
    const last = drawn.boxes[1] ?? { x: 0, y: 0 };
    const path = drawn.wires.find(({ id }) => id === "gru>merge")?.path ?? "";
    const [, height = 0, end = 0] = (/ ([\d.]+)H([\d.]+)C/.exec(path) ?? []).map(Number);
    expect(height).toBeGreaterThan(last.y + EACH - 26); // a box is as high as a line without its gap
    expect(height).toBeLessThan(drawn.height);
    expect(end).toBeGreaterThan(last.x);
  });

  it("to the next layer run straight", () => {
    const drawn = placed(chain, 1000);
    expect(drawn.wires.find(({ id }) => id === "gru>last")?.path).not.toContain("H");
  });
});
