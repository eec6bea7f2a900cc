import { describe, expect, it } from "vitest";
import { colour, ink, type Kind, type Theme } from "./colours";

/** WCAG 2's relative luminance. */
function luminance(rgb: number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((v) =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const themes: Theme[] = ["light", "dark"];
const kinds: Kind[] = ["value", "error"];

describe("numbers on their colours", () => {
  it.each(themes.flatMap((theme) => kinds.map((kind) => [theme, kind] as const)))("%s, %s: 4.5 to 1", (theme, kind) => {
    for (let share = -1; share <= 1; share += 0.01) {
      const ground = colour(share, kind, theme);
      const [one, other] = [luminance(ground), ink(ground) === "#ffffff" ? 1 : 0];
      expect((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
