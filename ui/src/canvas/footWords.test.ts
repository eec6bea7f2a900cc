import { expect, test } from "vitest";
import { restingState } from "../store/happened";
import { canvasTexts } from "../texts/canvas";
import { footWords } from "./footWords";

test("a node that was stopped says so, and what to do, whatever it ran for", () => {
  const state = { ...restingState, state: "cancelled", reason: "" } as const;
  expect(footWords(state, undefined)).toBe(canvasTexts.cut);
  expect(footWords({ ...state, reason: "it has no result yet" }, undefined)).toBe(canvasTexts.cut);
});
