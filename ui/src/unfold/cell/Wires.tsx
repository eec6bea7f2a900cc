import { memo } from "react";
import { useOpened, useStep, useUnitLook } from "../opened";
import { useLooking, useLookingStore } from "../state";
import type { CircuitEdge } from "./graph";
import { eachOf, type Layout, type Point } from "./layout";
import { plainAt } from "./Nodes";
import { wireNumber } from "./numbers";

export interface Line {
  edge: CircuitEdge;
  points: Point[];
  path: string;
  branch?: Point | undefined;
}

/** All wires. Each has a casing in the ground's colour, so that where two cross one is seen to pass over the other. */
export const Edges = memo(function Edges({ lines }: { lines: Line[] }) {
  const order = [...lines].sort((a, b) => rank(a.edge) - rank(b.edge));
  return (
    <g className="unf-wires">
      {order.map((line) => (
        <Wire key={line.edge.id} line={line} />
      ))}
    </g>
  );
});

const ORDER = ["bias", "gates", "input", "recurrent", "inner", "highway", "peephole"];

function rank(edge: CircuitEdge): number {
  return ORDER.indexOf(edge.sort);
}

const Wire = memo(function Wire({ line }: { line: Line }) {
  const { edge, path, branch } = line;
  const store = useLookingStore();
  const lit = useLooking((s) => s.lit.length > 0 && edge.wires.some((wire) => s.lit.includes(wire)));
  const dim = useLooking((s) => s.lit.length > 0) && !lit;
  const head = lit ? "lit" : edge.sort === "peephole" ? "peep" : edge.sort === "highway" ? "state" : "wire";
  return (
    <g
      className={`unf-wire ${edge.sort}${lit ? " lit" : ""}${dim ? " dim" : ""}`}
      data-wire={edge.id}
      onPointerEnter={() => edge.wires.length && store.setState({ lit: edge.wires })}
      onPointerLeave={() => store.setState({ lit: [] })}
    >
      <path className="casing" d={path} />
      {branch && <circle className="branch" cx={branch.x} cy={branch.y} r={4} />}
      <path className="line" d={path} markerEnd={edge.sort === "bias" ? undefined : `url(#unf-head-${head})`} />
    </g>
  );
});

/** What each wire into a sum brings: parameter times what it reads, for the unit looked at. */
export function EdgeNumbers({ lines }: { lines: Line[] }) {
  const look = useUnitLook();
  const t = useStep();
  const shown = lines.filter(({ edge }) => edge.carries && edge.parameter && edge.sort !== "gates");
  return (
    <g className="unf-edge-numbers">
      {shown.map(({ edge, points }) => {
        if (!edge.carries) return null;
        const value = look.term(edge.carries.variable, edge.carries.term, t);
        if (Number.isNaN(value)) return null;
        const place = numberPlace(edge, points);
        return (
          <text
            key={edge.id}
            x={place.x}
            y={place.y}
            textAnchor={place.anchor}
            className={edge.sort}
            data-term={`${edge.carries.variable}.${edge.carries.term}`}
            data-value={value}
          >
            {wireNumber(value, 2)}
          </text>
        );
      })}
    </g>
  );
}

/** Beside the last stretch of the wire, on its outer side. */
function numberPlace(edge: CircuitEdge, points: Point[]): Point & { anchor: "start" | "middle" | "end" } {
  const end = points.at(-1) ?? { x: 0, y: 0 };
  const before = points.at(-2) ?? end;
  if (edge.sort === "bias") {
    const left = before.x < end.x;
    return { x: before.x + (left ? -3 : 3), y: before.y + (before.y > end.y ? 8 : 2), anchor: left ? "end" : "start" };
  }
  const upright = Math.abs(before.x - end.x) < 2;
  if (upright) {
    const below = before.y > end.y;
    const fromLeft = (points[0]?.x ?? end.x) < end.x - 40;
    const left = edge.sort === "recurrent" || (edge.sort === "peephole" && fromLeft);
    return { x: end.x + (left ? -5 : 5), y: end.y + (below ? 30 : -18), anchor: left ? "end" : "start" };
  }
  const fromLeft = before.x < end.x;
  const slanting = Math.abs(before.y - end.y) > Math.abs(before.x - end.x) / 2;
  if (slanting) {
    // at its middle: beside its end there may stand a value
    const middle = { x: (before.x + end.x) / 2, y: (before.y + end.y) / 2 };
    return { x: middle.x + (fromLeft ? -8 : 8), y: middle.y + 2, anchor: fromLeft ? "end" : "start" };
  }
  const under = edge.sort === "peephole"; // above it the neighbour's number may reach as far
  return {
    x: end.x + (fromLeft ? -1 : 1) * (under ? 3 : 22), // beside the value that may stand above the node
    y: end.y + (under ? 15 : -6),
    anchor: fromLeft ? "end" : "start",
  };
}

/** The names of what comes in on stubs. */
export function StubNames({ lines, layout }: { lines: Line[]; layout: Layout }) {
  const { head } = useOpened();
  return (
    <g className="unf-stub-names" aria-hidden="true">
      {lines.map(({ edge, points }) => {
        const reader = layout.at[edge.to];
        const stub =
          edge.sort !== "bias" && reader && !layout.via[edge.id] && eachOf(layout, edge.from)?.(reader, edge.to);
        if (!stub) return null;
        const start = points[0];
        const end = points.at(-1);
        const variable = head.spec.variables.find((v) => v.id === edge.from.replace(/-1$/, ""));
        if (!start || !end || !variable) return null;
        const sideways = Math.abs(start.x - end.x) > Math.abs(start.y - end.y);
        const left = start.x < end.x;
        return (
          <text
            key={edge.id}
            x={sideways ? start.x + (left ? -4 : 4) : start.x}
            y={sideways ? start.y + 4 : start.y + 13}
            textAnchor={sideways ? (left ? "end" : "start") : "middle"}
          >
            {plainAt(variable, edge.from.endsWith("-1") ? -1 : 0)}
          </text>
        );
      })}
    </g>
  );
}
