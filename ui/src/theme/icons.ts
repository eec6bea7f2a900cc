import icons from "../../../peephole/report/assets/icons.json";

const drawings: Record<string, string> = icons.drawings;
const also: Record<string, string> = icons.also;

/** The `d` of a path to stroke on a 24 by 24 grid: for an icon name, else for one of its words, its family, or a box. */
export function drawing(icon: string, family = ""): string {
  for (const name of [icon, ...icon.replaceAll("_", "-").split("-"), family]) {
    const found = drawings[name] ?? drawings[also[name] ?? ""];
    if (found) return found;
  }
  return drawings.box as string;
}
