// A table whose rows are not there yet, or no longer as they were.

import { tableFromArrays, tableToIPC } from "apache-arrow";
import { act, Profiler } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useNotices } from "../../store/notices";
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
  vi.restoreAllMocks();
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

it("sorted by a column that has gone shows the rows as they come, and says so", async () => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800); // what is not seen is not drawn
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  const problem = { id: "column", what: 'There is no column "n".', remedy: "Columns: m.", setting: "sort" };
  let there = "n";
  vi.stubGlobal("fetch", async (address: string) => {
    const sort = new URL(address, "http://studio").searchParams.get("sort");
    if (address.includes("statistics")) return new Response('{"columns": [], "sampled": null}');
    if (sort && sort !== there) return new Response(JSON.stringify({ problem }), { status: 400 });
    const rows = tableToIPC(tableFromArrays({ [there]: Int32Array.from([1, 2]) }), "stream");
    return new Response(rows as BodyInit, { headers: { "X-Rows": "2" } });
  });
  const draw = (fresh: string) =>
    act(async () =>
      root.render(<Grid document="d" node="n" port="table" columns={null} fresh={fresh} refused={() => "refused"} />),
    );
  const until = async (holds: () => boolean) => {
    for (let n = 0; n < 200 && !holds(); n += 1) await act(() => new Promise((done) => setTimeout(done, 5)));
    expect(holds()).toBe(true);
  };
  const shows = () => document.querySelector("[role=status]")?.textContent === "2 rows × 1 column";
  const head = () => document.querySelector<HTMLElement>("[role=columnheader] button");
  await draw("1");
  await until(() => shows() && head() !== null);
  await act(async () => head()?.click());
  await until(
    () =>
      head()?.parentElement?.getAttribute("aria-sort") === "ascending" &&
      document.querySelector("[aria-busy=true]") === null,
  );
  there = "m";
  await draw("2");
  await until(() => useNotices.getState().notices.some(({ text }) => text === problem.what));
  await until(() => shows() && head()?.title.startsWith("m") === true);
  expect(document.body.textContent).not.toContain("refused");
});
