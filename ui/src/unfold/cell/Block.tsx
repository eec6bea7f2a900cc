import { memo, useMemo } from "react";
import { unfoldTexts as texts } from "../../texts/unfold";
import { useOpened, usePlace, useStep, useStripLook, useUnit, useUnitLook, useVariable } from "../opened";
import { useLooking } from "../state";
import { Arrows, useArrows } from "./Arrows";
import { type Circuit, circuitOf } from "./graph";
import { type Layout, layoutOf, type Point } from "./layout";
import { BlockNode, EndNode, NextNode } from "./Nodes";
import { counted } from "./numbers";
import { corners, rounded, type Shape, shapeOf } from "./paths";
import { EdgeNumbers, Edges, type Line, StubNames } from "./Wires";

/** One step of one layer as a circuit, drawn from the cell's description and a layout. */
export function Block() {
  const { head } = useOpened();
  const drawing = useLooking((s) => s.drawing);
  const backward = useLooking((s) => s.backward);
  const all = useLooking((s) => s.all);
  const variable = useVariable();
  const plan = usePlan(head.spec, drawing);
  const name = [head.spec.kind.toUpperCase(), head.spec.variant].filter(Boolean).join(" ");
  const { layout, circuit, shapes } = plan;
  const arrows = useArrows(plan, variable);
  const mirrored = usePlace().direction === "reverse";
  return (
    <svg
      className="unf-block"
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      data-pass={backward ? "backward" : "forward"}
      data-drawing={drawing}
    >
      <title>{`One step of the ${name} cell, ${drawing === "circuit" ? "circuit" : "Space Odyssey"} drawing`}</title>
      <Markers />
      <Frame layout={layout} mirrored={mirrored} />
      <Edges lines={plan.lines} />
      {!all && !backward && <EdgeNumbers lines={plan.lines} />}
      {!backward && Object.entries(layout.ends).map(([id, end]) => <EndNode key={id} id={id} end={end} />)}
      <StubNames lines={plan.lines} layout={layout} />
      {backward && <Arrows arrows={arrows} part="shafts" />}
      {circuit.nodes
        .filter((node) => layout.at[node.id] && node.glyph !== "bias")
        .map((node) => (
          <BlockNode
            key={node.id}
            node={node}
            at={layout.at[node.id] as Layout["at"][string]}
            shape={shapes.get(node.id) as Shape}
          />
        ))}
      {backward && <Nexts layout={layout} variable={variable} />}
      {backward && <Arrows arrows={arrows} part="shares" />}
    </svg>
  );
}

export interface Plan {
  circuit: Circuit;
  layout: Layout;
  shapes: Map<string, Shape>;
  lines: Line[];
}

function usePlan(spec: Parameters<typeof circuitOf>[0], drawing: Parameters<typeof layoutOf>[2]): Plan {
  return useMemo(() => {
    const circuit = circuitOf(spec);
    const layout = layoutOf(spec, circuit, drawing);
    const central = drawing === "odyssey" ? (spec.variables.find((v) => v.role === "cell")?.id ?? spec.output) : null;
    const shapes = new Map(circuit.nodes.map((node) => [node.id, shapeOf(node, node.id === central)]));
    const lines: Line[] = circuit.edges.flatMap((edge) => {
      const points = corners(edge, layout, shapes);
      return points.length > 1 ? [{ edge, points, path: rounded(points), branch: layout.starts[edge.id] }] : [];
    });
    return { circuit, layout, shapes, lines: [...lines, ...outward(layout, shapes)] };
  }, [spec, drawing]);
}

/** The lines on which states leave the block: to the step after, and up to the layer above. */
function outward(layout: Layout, shapes: Map<string, Shape>): Line[] {
  const line = (id: string, from: string, via: Layout["up"]["via"], start?: Point): Line => {
    const points = [start ?? leaving(layout, shapes, from, via[0]), ...via];
    return { edge: edgeOut(id, from), points, path: rounded(points) };
  };
  const ends = Object.entries(layout.ends)
    .filter(([id]) => layout.at[id])
    .map(([id, end]) => {
      const stop = end.label
        ? [{ x: end.at.x - 26, y: end.at.y }]
        : end.from
          ? []
          : [{ x: end.at.x, y: end.at.y - 16 }];
      return line(`${id}>>`, id, [...(end.via ?? []), ...stop], end.from);
    });
  return [...ends, line(`${layout.up.from}>^`, layout.up.from, layout.up.via)];
}

/** Where a line leaves the outline of a node on its way to a point. */
function leaving(layout: Layout, shapes: Map<string, Shape>, id: string, to: Point | undefined): Point {
  const place = layout.at[id] ?? { x: 0, y: 0 };
  const shape = shapes.get(id);
  if (!to || !shape) return place;
  const [dx, dy] = [to.x - place.x, to.y - place.y];
  return Math.abs(dx) > Math.abs(dy)
    ? { x: place.x + Math.sign(dx) * (shape.width / 2), y: place.y }
    : { x: place.x, y: place.y + Math.sign(dy) * (shape.height / 2) };
}

function edgeOut(id: string, from: string): Line["edge"] {
  return { id, from, to: "", sort: id.endsWith("^") ? "inner" : "highway", wires: [], parameter: null, carries: null };
}

const Frame = memo(function Frame({ layout, mirrored }: { layout: Layout; mirrored: boolean }) {
  const { frame } = layout;
  const t = counted(useStep());
  const [before, after] = mirrored ? [t + 1, t - 1] : [t - 1, t + 1];
  return (
    <g className="unf-frame" aria-hidden="true">
      <rect {...frame} rx={18} />
      <text x={12} y={28}>
        {texts.neighbour(before, mirrored ? "before" : "")}
      </text>
      <text x={layout.width - 14} y={28} textAnchor="end">
        {texts.neighbour(after, mirrored ? "after" : "")}
      </text>
      <text x={frame.x + 16} y={frame.y + 22}>
        {`step t = ${t}`}
      </text>
    </g>
  );
});

/** What the step after sends back into the variable looked at. */
function Nexts({ layout, variable }: { layout: Layout; variable: string }) {
  const look = useUnitLook();
  const sources = look.routes(variable).flatMap((r) => (r.source?.offset === 1 ? [r.source.variable] : []));
  return [...new Set(sources)]
    .filter((id) => layout.next[id])
    .map((id) => <NextNode key={id} id={id} at={layout.next[id] as { x: number; y: number }} />);
}

const Markers = memo(function Markers() {
  return (
    <defs>
      {["wire", "peep", "lit", "state"].map((name) => (
        <marker
          key={name}
          id={`unf-head-${name}`}
          className={`unf-head ${name}`}
          viewBox="0 0 10 10"
          refX="8.5"
          refY="5"
          markerWidth={name === "state" ? 12 : 9}
          markerHeight={name === "state" ? 12 : 9}
          markerUnits="userSpaceOnUse"
          orient="auto-start-reverse"
        >
          <path d="M0 0.8L9.2 5L0 9.2Z" />
        </marker>
      ))}
    </defs>
  );
});

/** What the block shows, in a sentence, for those who hear it. */
export function BlockSummary() {
  const look = useUnitLook();
  const strips = useStripLook();
  const all = useLooking((s) => s.all);
  const t = useStep();
  const unit = useUnit();
  const states = look.spec.states
    .map((id) => `${id} = ${(all ? strips.norm(id, false, t) : look.value(id, t)).toPrecision(4)}`)
    .join(", ");
  return (
    <p className="said" aria-live="polite">
      {`Step ${counted(t)}, ${all ? "all units, norms" : `unit ${counted(unit)}`}: ${states}`}
    </p>
  );
}
