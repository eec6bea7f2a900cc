// How this person arranged the window: kept in the browser, never in the document.

import { create } from "zustand";

export type Theme = "system" | "light" | "dark";

interface Layout {
  theme: Theme;
  /** a window too narrow for panels beside the canvas: they lie over it, one at a time */
  narrow: boolean;
  paletteOpen: boolean;
  paletteWidth: number;
  settingsOpen: boolean;
  settingsWidth: number;
  portOpen: boolean;
  portHeight: number;
  minimap: boolean;
  change(by: Partial<Omit<Layout, "change" | "narrow">>): void;
}

const KEY = "peephole.layout";
const THEME = "peephole.theme";
const narrow = window.matchMedia("(max-width: 900px)");
const first = {
  theme: "system" as Theme,
  paletteOpen: true,
  paletteWidth: 232,
  settingsOpen: true,
  settingsWidth: 320,
  portOpen: true,
  portHeight: 300,
  minimap: true,
};

function kept(): typeof first {
  try {
    const theme = localStorage.getItem(THEME);
    const said = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<typeof first>;
    return { ...first, ...said, theme: theme === "light" || theme === "dark" ? theme : "system" };
  } catch {
    return first; // storage is shut off, or holds something else: nothing of value is lost
  }
}

type Sides = Pick<Layout, "paletteOpen" | "settingsOpen">;
const FOLDED: Sides = { paletteOpen: false, settingsOpen: false };
const arranged = kept();
/** which panels stand beside the canvas where there is room */
let wide: Sides = { paletteOpen: arranged.paletteOpen, settingsOpen: arranged.settingsOpen };

export const useLayout = create<Layout>()((set) => ({
  ...arranged,
  ...(narrow.matches ? FOLDED : {}),
  narrow: narrow.matches,
  change(by) {
    const other = by.paletteOpen ? { settingsOpen: false } : by.settingsOpen ? { paletteOpen: false } : {};
    set(narrow.matches ? { ...by, ...other } : by);
  },
}));
narrow.addEventListener("change", () =>
  useLayout.setState({ narrow: narrow.matches, ...(narrow.matches ? FOLDED : wide) }),
);

const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** The theme in use. */
export const shownTheme = (theme: Theme): "light" | "dark" =>
  theme === "system" ? (dark.matches ? "dark" : "light") : theme;

export function useTheme(): "light" | "dark" {
  return useLayout((state) => shownTheme(state.theme));
}

const show = (): void => {
  document.documentElement.dataset.theme = shownTheme(useLayout.getState().theme);
};
dark.addEventListener("change", () => {
  show();
  useLayout.setState((state) => ({ ...state }));
});
show();

useLayout.subscribe(({ change: _, narrow, theme, ...rest }) => {
  show();
  if (!narrow) wide = { paletteOpen: rest.paletteOpen, settingsOpen: rest.settingsOpen };
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...rest, ...wide }));
    if (theme === "system") localStorage.removeItem(THEME);
    else localStorage.setItem(THEME, theme);
  } catch {
    // storage is shut off: the arrangement lasts as long as the page
  }
});
