// Which epoch's weights a network has, and what stands of it on its node.

import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Curve } from "../../canvas/Curve";
import { keptOn, shownFacts } from "./kept";

const FACTS = { trained: true, epochs: 5, "kept epoch": 2, loss: 0.166, "validation loss": 0.201, stopped: null };
const CURVES = {
  loss: [0.3, 0.166, 0.1, 0.01, 0.0004],
  "mean absolute error": [3, 2, 1, 1, 1],
  "validation loss": [0.3, 0.201, 0.21, 0.22, 0.2377],
};

describe("the epoch whose weights were kept", () => {
  it("stands among the facts in the place of how many there were", () =>
    expect(shownFacts(FACTS)).toEqual([
      ["trained", "yes"],
      ["weights kept", "epoch 2 of 5"],
      ["loss", "0.166"],
      ["validation loss", "0.201"],
    ]));

  it("is marked on curves of the whole training only", () => {
    expect(keptOn(FACTS, 5)).toBe(2);
    expect(keptOn(FACTS, 3)).toBe(null);
    expect(keptOn({ ...FACTS, "kept epoch": undefined } as never, 5)).toBe(null);
  });

  it("gives the node its figures, those on rows held back too", () => {
    const drawn = (marked: boolean | null) => {
      const kept = marked === null ? null : { epoch: 2, facts: FACTS, marked };
      const text = renderToStaticMarkup(<Curve curves={CURVES} kept={kept} />);
      const svg = new DOMParser().parseFromString(text, "text/html").querySelector("svg");
      return [svg?.getAttribute("aria-label"), svg?.querySelector("line")?.getAttribute("x1") ?? null];
    };
    expect(drawn(true)).toEqual(["loss 0.166, validation loss 0.201, epoch 2 of 5 kept", "49"]);
    expect(drawn(false)).toEqual(["loss 0.166, validation loss 0.201, epoch 2 of 5 kept", null]);
    expect(drawn(null)).toEqual(["loss 0.0004, validation loss 0.2377", null]);
  });
});
