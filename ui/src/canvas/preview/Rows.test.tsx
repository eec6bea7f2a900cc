import { tableFromArrays, tableToIPC } from "apache-arrow";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { gridTexts } from "../../texts/grid";
import Rows from "./Rows";

afterEach(() => vi.unstubAllGlobals());

test("what is missing and what is empty are set apart from values", async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  const rows = tableToIPC(tableFromArrays({ name: ["Ann", "", null, gridTexts.empty] }), "stream");
  vi.stubGlobal("fetch", async () => new Response(rows as BodyInit));
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  await act(async () => root.render(<Rows path="n" port="table" width={300} height={200} fresh="1" />));
  for (let n = 0; n < 200 && !place.querySelector("td"); n += 1)
    await act(() => new Promise((done) => setTimeout(done, 5)));
  const cells = [...place.querySelectorAll("td")].map((cell) => [cell.textContent, cell.dataset.faint]);
  expect(cells).toEqual([
    ["Ann", "false"],
    [gridTexts.empty, "true"],
    [gridTexts.missing, "true"],
    [gridTexts.empty, "false"],
  ]);
  await act(async () => root.unmount());
});
