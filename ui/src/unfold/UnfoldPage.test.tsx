import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import UnfoldPage from "./UnfoldPage";

const about = {
  title: "Train",
  layers: [],
  layer: null,
  tables: [],
  rows: [],
  first: 0,
  count: 0,
  start: 0,
  columns: [],
  training: true,
  running: true,
  epochs: 1,
  version: "1",
};

let root: Root;
let place: HTMLElement;
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
});
afterEach(async () => {
  await act(async () => root.unmount());
  place.remove();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a network in training is looked at again, however long the studio takes to answer", async () => {
  let asked = 0;
  vi.stubGlobal("fetch", (path: string, { signal }: RequestInit) => {
    if (!path.includes("/about")) return Promise.resolve(Response.json({ document: { nodes: {} } }));
    asked += 1;
    const answer = Response.json({ ...about, epochs: asked });
    return new Promise((resolve, reject) => {
      setTimeout(() => resolve(answer), 10_000);
      signal?.addEventListener("abort", () => reject(new DOMException("called off", "AbortError")));
    });
  });
  await act(async () => root.render(<UnfoldPage id="d" node="train" />));
  for (let second = 0; second < 40; second += 1) await act(async () => vi.advanceTimersByTimeAsync(1000));
  expect(asked).toBe(4);
  expect(place.textContent).toContain("after 3 epochs");
});
