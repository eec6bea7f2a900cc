import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useTyped } from "./useTyped";

let root: Root;
let kept: [string, string][];
let field: ReturnType<typeof useTyped>;
const shown = (): string => field.shown;

/** A field whose text is what was kept last. */
function Field() {
  field = useTyped(kept.at(-1)?.[0] ?? "Old", (typed, group) => kept.push([typed, group]));
  return null;
}
const type = (text: string) => act(async () => field.type(text));
const pause = () => act(async () => vi.advanceTimersByTime(1000));

beforeEach(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
  kept = [];
  root = createRoot(document.createElement("div"));
  await act(async () => root.render(<Field />));
});
afterEach(async () => {
  await act(async () => root.unmount());
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("is kept a moment behind, without blanks around it, and stands as typed", async () => {
  await type("Sales ");
  expect(kept).toEqual([]);
  await pause();
  expect([kept.map(([text]) => text), shown()]).toEqual([["Sales"], "Sales "]);
  await type("Sales r");
  await act(async () => field.end());
  expect(kept.map(([text]) => text)).toEqual(["Sales", "Sales r"]);
  expect(new Set(kept.map(([, group]) => group)).size).toBe(1); // one step of undo
  await type("Another visit");
  await pause();
  expect(new Set(kept.map(([, group]) => group)).size).toBe(2);
});

it("is taken back whole, and what was never kept is not kept then", async () => {
  await type("New");
  await pause();
  await act(async () => field.revert());
  expect([kept.map(([text]) => text), shown()]).toEqual([["New", "Old"], "Old"]);
  kept = [];
  await type("Never");
  await act(async () => field.revert());
  await pause();
  expect(kept).toEqual([]);
});

it("is kept where the field goes away", async () => {
  await type("Last");
  await act(async () => root.render(null));
  expect(kept.map(([text]) => text)).toEqual(["Last"]);
});
