const mac = navigator.platform.startsWith("Mac");

/** "Mod D" as this keyboard has it: Ctrl D, or ⌘D. */
export const keyLabel = (keys: string): string =>
  mac ? keys.replace(/Mod ?/, "⌘").replace(/Shift ?/, "⇧") : keys.replace("Mod", "Ctrl");
