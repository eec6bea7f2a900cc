import { expect, it } from "vitest";
import { restingState } from "../store/happened";
import { wrongOn } from "./wrongOn";

const finding = (id: string, setting: string | null, severity: "error" | "warning" = "error") =>
  ({
    id,
    severity,
    node: "n",
    what: "Sort: by is not set.",
    remedy: "Give by: keys.",
    setting,
    position: null,
    wire: null,
  }) as const;
const state = { ...restingState, state: "incomplete" as const };
const fresh = { fields: new Set<string>(), tried: new Set<string>() };

it("says calmly what a fresh node lacks, and in red what is wrong or was left", () => {
  const tone = (one: ReturnType<typeof finding>, touched = fresh) =>
    wrongOn("n", ["Sort"], state, [one], touched)?.tone;
  expect(tone(finding("unset", "by"))).toBe("todo");
  expect(tone(finding("input-missing", null))).toBe("todo");
  expect(tone(finding("setting", "by"))).toBe("bad");
  expect(tone(finding("ahead", null, "warning"))).toBe("warn");
  expect(tone(finding("unset", "by"), { ...fresh, fields: new Set(["n:by"]) })).toBe("bad");
  expect(tone(finding("input-missing", null), { ...fresh, tried: new Set(["n"]) })).toBe("bad");
});

it("is said without the title that stands above", () => {
  expect(wrongOn("n", ["Sort"], state, [finding("unset", "by")], fresh)?.what).toBe("By is not set.");
});
