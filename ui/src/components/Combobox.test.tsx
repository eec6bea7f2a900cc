import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Combobox, matching } from "./Combobox";

let root: Root;
let place: HTMLElement;
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  Element.prototype.scrollIntoView ??= () => {};
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
});
afterEach(async () => {
  await act(async () => root.unmount());
  place.remove();
  vi.unstubAllGlobals();
});

const OPTIONS = ["width10", "width1", "a width1"].map((value) => ({ value }));

/** A box whose owner takes the focus away as soon as something is chosen; gives all that was told. */
async function shown(seeking: boolean): Promise<{ told: string[]; box: HTMLInputElement }> {
  const told: string[] = [];
  const onChange = (value: string): void => {
    told.push(value);
    place.querySelector("button")?.focus();
  };
  await act(async () =>
    root.render(
      <>
        <Combobox label="Column" value="" options={OPTIONS} onChange={onChange} none="" seeking={seeking} />
        <button type="button">elsewhere</button>
      </>,
    ),
  );
  const box = place.querySelector("input");
  if (!box) throw new Error("no box");
  return { told, box };
}

const type = (box: HTMLInputElement, text: string): Promise<void> =>
  act(async () => {
    box.focus();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
const option = (name: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>("[role=option]")].find((one) => one.textContent === name);

test.each([true, false])(
  "what is chosen is told once, though the focus leaves before the box knows",
  async (seeking) => {
    const { told, box } = await shown(seeking);
    await type(box, "width1");
    await act(async () => option("width10")?.click());
    expect(told).toEqual(["width10"]);
  },
);

test("what is only looked for is not taken when the focus leaves; what is set is", async () => {
  for (const seeking of [true, false]) {
    const { told, box } = await shown(seeking);
    await type(box, "width1");
    await act(async () => box.blur());
    expect(told).toEqual(seeking ? [] : ["width1"]);
  }
});

test("after a choice the next one is taken as well", async () => {
  const { told, box } = await shown(false);
  await type(box, "width1");
  await act(async () => option("width10")?.click());
  await type(box, "other");
  await act(async () => box.blur());
  expect(told).toEqual(["width10", "other"]);
});

test("what is called just so comes first, then what begins so", () =>
  expect(matching(OPTIONS, "Width1").map(({ value }) => value)).toEqual(["width1", "width10", "a width1"]));
