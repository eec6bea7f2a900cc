// Names on boxes that are seen from far: as large as they fit, on one line or two.

/** How wide a text is, in ems of the type it is set in. */
export type Measure = (text: string) => number;

export interface SetName {
  lines: readonly string[];
  /** of the type, in the unit of the room */
  size: number;
}

/** Height of a line, in ems. */
export const LEADING = 1.15;

/** With fewer letters, what is left of a name tells nothing: an icon tells more. */
const TELLING = 6;

/** The room that a name has, and the least and the largest type to set it in, all in one unit. */
export interface Room {
  width: number;
  height: number;
  least: number;
  most: number;
}

/** The name as large as it fits, else cut at a word in the least type; null where not even that has room. */
export function setName(name: string, room: Room, measure: Measure): SetName | null {
  const { width, height, least, most } = room;
  const rows = Math.min(2, Math.floor(height / (least * LEADING)));
  const words = name.split(/\s+/).filter(Boolean);
  if (rows < 1 || words.length === 0) return null;
  let best: (SetName & { widest: number }) | null = null;
  // one line, or the two that are largest, or of these the most even ones
  for (let k = 0; k < words.length && !(best?.lines.length === 1 && best.size === most); k += 1) {
    const lines = [words.slice(0, k), words.slice(k)].filter((line) => line.length > 0);
    const widest = Math.max(...lines.map((line) => wide(line, measure)));
    const size = Math.min(most, width / widest, height / (lines.length * LEADING));
    if (!best || size > best.size || (size === best.size && widest < best.widest))
      best = { lines: lines.map((line) => line.join(" ")), size, widest };
  }
  if (best && best.size >= least) return { lines: best.lines, size: best.size };
  const lines = cut(words, rows, width / least, measure);
  return lines && { lines, size: least };
}

function wide(words: readonly string[], measure: Measure): number {
  return words.reduce((sum, word) => sum + measure(word), (words.length - 1) * measure(" "));
}

/** As many words as have room in lines of that width, and an ellipsis; null where too few letters are left to tell. */
function cut(words: readonly string[], rows: number, width: number, measure: Measure): string[] | null {
  const dots = measure("…");
  const lines: string[][] = [];
  let next = 0;
  while (lines.length < rows && next < words.length) {
    let to = next;
    while (to < words.length && wide(words.slice(next, to + 1), measure) <= width) to += 1;
    if (to === next) break;
    lines.push(words.slice(next, to));
    next = to;
  }
  const said = (): string[] => lines.map((line) => line.join(" "));
  if (next === words.length) return said();
  for (let end = lines.at(-1); end; end = lines.at(-1)) {
    while (end.length > 0 && wide(end, measure) + dots > width) end.pop();
    if (end.length > 0 && lines.flat().join("").length < TELLING) return null;
    if (end.length > 0) return said().map((line, k) => (k === lines.length - 1 ? `${line}…` : line));
    lines.pop();
  }
  const [first = ""] = words;
  let letters = first.length;
  while (letters > 0 && measure(first.slice(0, letters)) + dots > width) letters -= 1;
  return letters < TELLING ? null : [`${first.slice(0, letters)}…`];
}
