// How this person arranged the window: kept in the browser, never in the document.

import { create } from "zustand";

export type Theme = "system" | "light" | "dark";

interface Layout {
  theme: Theme;
  paletteOpen: boolean;
  paletteWidth: number;
  settingsOpen: boolean;
  settingsWidth: number;
  portOpen: boolean;
  portHeight: number;
  minimap: boolean;
  change(by: Partial<Omit<Layout, "change">>): void;
}

const KEY = "peephole.layout";
const THEME = "peephole.theme";
const first = {
  theme: "system" as Theme,
  paletteOpen: window.innerWidth > 900, // a narrow window begins with the canvas
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

export const useLayout = create<Layout>()((set) => ({
  ...kept(),
  change(by) {
    set(by);
  },
}));

const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** The theme in use. */
export const shownTheme = (theme: Theme): "light" | "dark" =>
  theme === "system" ? (dark.matches ? "dark" : "light") : theme;

export function useTheme(): "light" | "dark" {
  return shownTheme(useLayout((state) => state.theme));
}

const show = (): void => {
  document.documentElement.dataset.theme = shownTheme(useLayout.getState().theme);
};
dark.addEventListener("change", () => {
  show();
  useLayout.setState((state) => ({ ...state }));
});
show();

useLayout.subscribe(({ change: _, theme, ...rest }) => {
  show();
  try {
    localStorage.setItem(KEY, JSON.stringify(rest));
    if (theme === "system") localStorage.removeItem(THEME);
    else localStorage.setItem(THEME, theme);
  } catch {
    // storage is shut off: the arrangement lasts as long as the page
  }
});
