import { act } from "react";
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { type Option, Options } from "./Options";

test("of two options of one name none stays when neither fits any more", async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  Element.prototype.scrollIntoView ??= () => {};
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const show = (options: Option[]): Promise<void> =>
    act(async () =>
      root.render(
        <Options id="o" label="" options={options} active={0} none="" onChoose={() => {}} onActive={() => {}} />,
      ),
    );
  const shown = (): string[] => [...place.querySelectorAll("[role=option]")].map((one) => one.textContent ?? "");
  const column = { value: "day", icon: "number" };
  const delay = { value: "dep_delay", icon: "number" };
  await show([column, delay, { value: "day", icon: "formula" }]);
  expect(shown()).toEqual(["day", "dep_delay", "day"]);
  await show([delay]);
  expect(shown()).toEqual(["dep_delay"]);
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
});

test("before the options that cannot be chosen it is said why, once", async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  Element.prototype.scrollIntoView ??= () => {};
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const reason = "It takes text.";
  const options = [
    { value: "species", reason },
    { value: "length", disabled: true, reason },
    { value: "width", disabled: true, reason },
  ];
  const nothing = () => {};
  await act(async () =>
    root.render(<Options id="o" label="" options={options} active={0} none="" onChoose={nothing} onActive={nothing} />),
  );
  expect(place.textContent).toBe("speciesIt takes text.lengthwidth");
  const titles = [...place.querySelectorAll("[role=option]")].map((one) => one.getAttribute("title"));
  expect(titles).toEqual([null, reason, reason]);
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
});
