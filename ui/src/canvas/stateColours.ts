/** The colours of states where boxes are too small for a mark: names of the theme's variables. */
export const STATE_COLOURS: Record<string, string> = {
  done: "--good",
  failed: "--bad",
  interrupted: "--bad",
  stale: "--warn",
  incomplete: "--warn",
  running: "--accent",
};
