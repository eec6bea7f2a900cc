import { unfoldTexts as texts } from "../../texts/unfold";
import { counted, wireNumber } from "../cell/numbers";
import { numbers } from "../source/arrays";
import type { Answers } from "../source/shapes";
import type { Columns } from "./Time";

/** A number of a strip: whose, of which steps, and where it stands in the row. First and last, where several share a place. */
export interface Cell {
  name: string;
  units: [number, number];
  steps: [number, number];
  value: number;
  at: { x: number; y: number };
}

type Field = Pick<Answers["field"], "edges" | "values">;

/** What is drawn at a place.  share: of the strip's width and height.  hidden: how many units there are. */
export function cellAt(
  { edges, values }: Field,
  share: { x: number; y: number },
  columns: Pick<Columns, "start" | "stop">,
  hidden: number,
): Omit<Cell, "name" | "at"> {
  const [rows = 1, width = 1] = values.shape;
  const row = Math.max(0, Math.min(rows - 1, Math.floor(share.y * rows)));
  const step = columns.start + share.x * (columns.stop - columns.start);
  const after = edges.findIndex((edge) => edge > step);
  const column = Math.max(0, (after < 0 ? edges.length - 1 : after) - 1);
  const edge = (k: number) => toEven((k * hidden) / rows);
  return {
    units: [edge(row), edge(row + 1) - 1],
    steps: [edges[column] ?? 0, (edges[column + 1] ?? 1) - 1],
    value: numbers(values)[row * width + column] ?? Number.NaN,
  };
}

/** Rounded as the server rounds where rows are put together: a half to the even number. */
const toEven = (value: number) => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

const WIDE = 190; // of what is told, at most

/** The number that is pointed at, in words, beside the pointer. */
export function PointedCell({ cell, width }: { cell: Cell; width: number }) {
  const [from, to] = cell.units;
  const { x, y } = cell.at;
  return (
    <span
      className="unf-pointed"
      style={{ top: y - 32, ...(x > width - WIDE ? { right: width - x + 8 } : { left: x + 10 }) }}
    >
      {`${texts.units(counted(from), counted(to))}: ${cell.name}(${told(cell.steps)}) = ${wireNumber(cell.value)}`}
    </span>
  );
}

const told = ([from, to]: [number, number]) => (from === to ? `${counted(from)}` : `${counted(from)} … ${counted(to)}`);
