import { useSyncExternalStore } from "react";

type Rgb = [number, number, number];

interface Palette {
  zero: Rgb;
  above: Rgb;
  below: Rgb;
}

/** Values run from blue over nothing to orange, errors from green over nothing to purple: both readable without red and green. */
const PALETTES: Record<"light" | "dark", Record<Kind, Palette>> = {
  light: {
    value: { zero: [242, 244, 247], above: [201, 84, 20], below: [36, 98, 176] },
    error: { zero: [244, 242, 247], above: [120, 48, 150], below: [18, 118, 78] },
    ink: { zero: [255, 255, 255], above: [20, 24, 31], below: [255, 255, 255] },
  },
  dark: {
    value: { zero: [34, 40, 48], above: [246, 146, 80], below: [98, 164, 244] },
    error: { zero: [36, 36, 48], above: [200, 130, 236], below: [84, 200, 148] },
    ink: { zero: [24, 27, 33], above: [236, 240, 246], below: [24, 27, 33] },
  },
};

export type Theme = "light" | "dark";
/** Ink: pixels, from the paper's colour to the pen's. */
export type Kind = "value" | "error" | "ink";

/** A number of size 0 to 1 as a colour. */
export function colour(share: number, kind: Kind, theme: Theme): Rgb {
  const palette = PALETTES[theme][kind];
  if (!Number.isFinite(share)) return palette.zero;
  const size = Math.min(1, Math.abs(share));
  const end = share < 0 ? palette.below : palette.above;
  return [0, 1, 2].map((k) =>
    Math.round((palette.zero[k] ?? 0) + ((end[k] ?? 0) - (palette.zero[k] ?? 0)) * size),
  ) as Rgb;
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

const EQUAL = Math.sqrt(0.05 * 1.05) - 0.05; // luminance of a ground on which black and white read alike, at 4.6 to 1

/** Black or white, whichever reads better on a colour. */
export function ink([r, g, b]: Rgb): string {
  return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b) > EQUAL ? "#000000" : "#ffffff";
}

function channel(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** How strongly a value is coloured: bounded ones as they are, others by their tanh. */
export function valueShare(value: number, bounded: boolean): number {
  return bounded ? value : Math.tanh(value);
}

/** How strongly an error is coloured, against the largest: its square root, so that small ones show too. */
export function errorShare(error: number, largest: number): number {
  return Math.sign(error) * Math.sqrt(Math.min(1, Math.abs(error) / (largest || 1)));
}

function theme(): Theme {
  return document.documentElement.dataset.theme === "dark" ? "dark" : "light";
}

function watch(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

export function useTheme(): Theme {
  return useSyncExternalStore(watch, theme);
}

const QUERY = "(prefers-reduced-motion: reduce)";

/** Whether the person wants things to stand still. */
export function useStill(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(QUERY);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => matchMedia(QUERY).matches,
  );
}
