import type { CellSpec } from "../source/shapes";
import type { Circuit } from "./graph";
import { gruCircuit, gruOdyssey } from "./layouts/gru";
import { lstmCircuit, lstmOdyssey } from "./layouts/lstm";
import { rnnCircuit, rnnOdyssey } from "./layouts/rnn";

export interface Point {
  x: number;
  y: number;
}

export type Side = "left" | "right" | "above" | "below" | "inside";

/**
 * Where a drawing's nodes stand; what the cell does not have is simply not drawn.
 *
 * at: a node's place, and on which side its number stands.  via: the corners of an edge, by its id, from the source on.
 * starts: where an edge branches off another line instead of leaving its source.
 * each: nodes that are drawn anew, as a short stub, at every node that reads them; where, relative to the reader.
 * bias: from where a bias comes in, relative to its reader.  ends: places of the states that are handed on.  next: where the errors of the next step stand.
 */
export interface Layout {
  width: number;
  height: number;
  frame: { x: number; y: number; width: number; height: number };
  at: Record<string, Point & { side?: Side }>;
  via: Record<string, Point[]>;
  each: Record<string, (reader: Point, id: string) => { from: Point; via?: Point[] } | null>;
  starts: Record<string, Point>;
  ends: Record<string, { at: Point; from?: Point; via?: Point[]; label: string }>;
  bias?: Record<string, Point>;
  up: { from: string; via: Point[] };
  next: Record<string, Point>;
}

export type Drawing = "circuit" | "odyssey";

const LAYOUTS: Record<string, Record<Drawing, Layout>> = {
  lstm: { circuit: lstmCircuit, odyssey: lstmOdyssey },
  gru: { circuit: gruCircuit, odyssey: gruOdyssey },
  rnn: { circuit: rnnCircuit, odyssey: rnnOdyssey },
};

/** The drawing's places for a cell; for a cell that nobody has drawn yet, columns in the order of computation. */
export function layoutOf(spec: CellSpec, circuit: Circuit, drawing: Drawing): Layout {
  const drawn = LAYOUTS[spec.kind]?.[drawing];
  if (drawn && circuit.nodes.every((node) => node.glyph === "bias" || node.id in drawn.at || eachOf(drawn, node.id))) {
    return drawn;
  }
  return inColumns(spec, circuit);
}

export function eachOf(layout: Layout, id: string) {
  return layout.each[id];
}

/** Columns by the longest way from what comes in; rows in the order of the equations. */
function inColumns(spec: CellSpec, circuit: Circuit): Layout {
  const depth = new Map<string, number>();
  const of = (id: string): number => {
    const known = depth.get(id);
    if (known !== undefined) return known;
    depth.set(id, 0);
    const found = 1 + Math.max(-1, ...circuit.edges.filter((edge) => edge.to === id).map((edge) => of(edge.from)));
    depth.set(id, found);
    return found;
  };
  const columns: string[][] = [];
  for (const node of circuit.nodes.filter((n) => n.glyph !== "bias")) {
    const column = of(node.id);
    columns[column] = [...(columns[column] ?? []), node.id];
  }
  const rows = Math.max(...columns.map((column) => column?.length ?? 0));
  const [width, height] = [200 + 170 * columns.length, Math.max(420, 84 * rows + 120)];
  const at: Layout["at"] = {};
  columns.forEach((column, c) => {
    column?.forEach((id, r) => {
      at[id] = { x: 90 + 170 * c, y: (height * (r + 1)) / (column.length + 1), side: "below" };
    });
  });
  const next: Layout["next"] = {};
  for (const route of spec.routes.filter((r) => r.source?.offset === 1)) {
    const id = route.source?.variable ?? "";
    next[id] = { x: width - 50, y: at[id]?.y ?? height / 2 };
  }
  const output = at[spec.output] ?? { x: width - 160, y: height / 2 };
  return {
    width,
    height,
    frame: { x: 20, y: 20, width: width - 140, height: height - 40 },
    at,
    via: {},
    starts: {},
    each: {},
    ends: {},
    up: { from: spec.output, via: [{ x: output.x, y: 8 }] },
    next,
  };
}
