import type { Layout, Point } from "../layout";

/** The circuit of a gated cell: the state's line at the top, gates over the sums that they squash, two lines below that these read. */
export const HIGHWAY = 112;
export const GATE = 292;
export const BAR = 392;
export const BRANCH = 152;
const STATE_LINE = 472;
const INPUT_LINE = 526;
const NEXT = 1012;

interface Gated {
  /** The sums from left to right, and the gate over each. */
  columns: [bar: string, x: number, gate?: string][];
  /** What the sums read on the upper line: it comes in there, or branches off the state's line. */
  reads: string;
  branches: boolean;
  /** Sums that do not read it, or not x(t). */
  without?: Record<string, string>;
  at: Layout["at"];
  via: Layout["via"];
  starts?: Layout["starts"];
  each?: Layout["each"];
  /** At what height each state leaves; the last one goes up to the layer above too. */
  ends: [state: string, y: number][];
  /** At what height the error of each variable of the next step comes in. */
  next: Record<string, number>;
}

/** A circuit from its columns: who reads what from which line follows from them. */
export function circuit({ columns, reads, branches, without = {}, ...own }: Gated): Layout {
  const at: Layout["at"] = { x: { x: 150, y: 594, side: "right" } };
  const via: Layout["via"] = {};
  const starts: Layout["starts"] = {};
  at[reads] = { x: 56, y: branches ? HIGHWAY : STATE_LINE, side: "above" };
  for (const [bar, x, gate] of columns) {
    at[bar] = { x, y: BAR, side: "right" };
    if (gate) at[gate] = { x, y: GATE, side: "right" };
    if (without[bar] !== reads) {
      const edge = `${reads}>${bar}`;
      const turn = { x: x - 9, y: STATE_LINE };
      via[edge] = branches ? [{ x: BRANCH, y: STATE_LINE }, turn] : [turn];
      if (branches) starts[edge] = { x: BRANCH, y: HIGHWAY };
    }
    if (without[bar] !== "x") {
      via[`x>${bar}`] = [
        { x: 150, y: INPUT_LINE },
        { x: x + 9, y: INPUT_LINE },
      ];
    }
  }
  const [output, height] = own.ends.at(-1) ?? ["", 0];
  return {
    width: 1070,
    height: 620,
    frame: { x: 122, y: 44, width: 788, height: 516 },
    at: { ...at, ...own.at },
    via: { ...via, ...own.via },
    starts: { ...starts, ...own.starts },
    each: own.each ?? {},
    ends: Object.fromEntries(own.ends.map(([id, y]) => [id, { at: { x: 968, y }, label: id }])),
    up: {
      from: output,
      via: [
        { x: 884, y: height },
        { x: 884, y: 12 },
      ],
    },
    next: nexts(own.next),
  };
}

/** Where the errors of the next step stand, one under the other. */
export function nexts(heights: Record<string, number>): Layout["next"] {
  return Object.fromEntries(Object.entries(heights).map(([id, y]) => [id, { x: NEXT, y }]));
}

/** The Space Odyssey drawing has the state in the middle, at this x. */
export const MIDDLE = 500;

/**
 * Stubs by which something comes into every sum, from the side on which its gate does not stand.
 *
 * reach: how long.  row: above (-1) or below (1) the middle.  own: other places relative to the reader; null: no stub there.
 */
export function stubs(reach: number, row: -1 | 1, own: Record<string, Point | null>): Layout["each"][string] {
  return (reader, id) => {
    const place = id in own ? own[id] : { x: reader.x > MIDDLE ? reach : -reach, y: 10 * row };
    return place ? { from: { x: reader.x + place.x, y: reader.y + place.y } } : null;
  };
}

/** The way on which the state comes back to itself.  place: where the last state stands.  centre: the state's height.  y: of the way. */
export function loop(place: Point, centre: number, y: number): Layout["ends"][string] {
  const x = MIDDLE + 18;
  return {
    at: place,
    from: { x, y: centre - 34 },
    via: [
      { x, y },
      { x: place.x - 33, y },
    ],
    label: "",
  };
}
