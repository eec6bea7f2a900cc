// A table whose rows are not there yet.

import { act, Profiler } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import Grid from "./Grid";

let root: Root;
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("fetch", () => new Promise(() => undefined)); // rows that do not come
  root = createRoot(document.body.appendChild(document.createElement("div")));
});
afterEach(async () => {
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
});

it("is drawn once and waits: it does not draw itself anew without end", async () => {
  const complained = vi.spyOn(console, "error").mockImplementation(() => undefined);
  let drawn = 0;
  const refused = () => null;
  await act(async () =>
    root.render(
      <Profiler
        id="grid"
        onRender={() => {
          drawn += 1;
          if (drawn > 100) throw new Error("drawn without end");
        }}
      >
        <Grid document="d" node="n" port="table" columns={null} fresh="" refused={refused} />
      </Profiler>,
    ),
  );
  expect(document.querySelector("[role=grid]")?.getAttribute("aria-busy")).toBe("true");
  expect(drawn).toBeLessThan(10);
  expect(complained).not.toHaveBeenCalled();
});
