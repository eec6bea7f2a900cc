// The grounds of notes and frames that have a colour of their own: letters are read on them in both themes.

/** own: the note's colour.  panel: that of panels. All as CSS. */
export const noteGround = (theme: "light" | "dark", own: string, panel = "var(--panel)"): string =>
  theme === "dark" ? `color-mix(in srgb, ${own} 26%, ${panel})` : own;

export const frameGround = (own: string): string => `color-mix(in srgb, ${own} 10%, transparent)`;
