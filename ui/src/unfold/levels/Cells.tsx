import { memo, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { isBounded, plain } from "../cell/Nodes";
import { counted } from "../cell/numbers";
import { useOpened, usePlace, useUnit } from "../opened";
import { useTheme } from "../parts/colours";
import { imageOf, prepared } from "../parts/picture";
import { numbers } from "../source/arrays";
import type { Direction, Place } from "../source/shapes";
import { useSlice } from "../source/slices";
import { useLooking, useLookingStore } from "../state";
import type { Columns } from "./Time";
import { type Cell, cellAt, PointedCell } from "./Units";

/** From this width on a step is drawn as a box with arrows between; below it, as a stripe of a picture. */
const BOXES_FROM = 15;

interface Props {
  layer: number;
  direction: Direction;
  height: number;
  columns: Columns;
}

/** One cell over time: a strip of its units' values (or errors) at every step, for each of its states. */
export function Cells({ layer, direction, height, columns }: Props) {
  const { head } = useOpened();
  const store = useLookingStore();
  const here = usePlace();
  const place = useMemo(() => ({ ...here, layer, direction }), [here, layer, direction]);
  const chosen = here.layer === layer && here.direction === direction;
  const shown = head.spec.states.filter((id) => ["cell", "output"].includes(roleOf(head.spec, id) ?? ""));
  const strips = shown.includes("c") ? ["c", "y"] : shown.slice(0, 1);
  const gap = 6;
  const each = (height - gap * (strips.length - 1) - 12) / strips.length;
  const tops = strips.map((_, k) => 6 + k * (each + gap));
  const [pointed, setPointed] = useState<Cell | null>(null);
  const choose = ({ units: [unit] }: Cell) => {
    if (head.offered?.units.includes(unit) ?? true) store.setState({ unit });
  };
  return (
    <div className={`unf-cells${chosen ? " chosen" : ""}`} onPointerDown={() => store.setState({ layer, direction })}>
      {strips.map((variable, k) => (
        <Field
          key={variable}
          variable={variable}
          place={place}
          top={tops[k] ?? 0}
          height={each}
          columns={columns}
          onPoint={setPointed}
          onChoose={choose}
        />
      ))}
      {chosen && <ChosenUnit tops={tops} each={each} width={columns.width} />}
      {pointed && <PointedCell cell={pointed} width={columns.width} />}
      <Boxes columns={columns} height={height} tops={tops} each={each} direction={direction} names={strips} />
    </div>
  );
}

function roleOf(spec: ReturnType<typeof useOpened>["head"]["spec"], id: string): string | undefined {
  return spec.variables.find((variable) => variable.id === id)?.role;
}

function Field({
  variable,
  place,
  top,
  height,
  columns,
  onPoint,
  onChoose,
}: {
  variable: string;
  place: Place;
  top: number;
  height: number;
  columns: Columns;
  onPoint: (cell: Cell | null) => void;
  onChoose: (cell: Cell) => void;
}) {
  const { slices, head } = useOpened();
  const theme = useTheme();
  const errors = useLooking((s) => s.backward);
  const steps = head.lengths[place.batch] ?? head.steps;
  const fine = head.cut.columns;
  const whole = steps <= fine || columns.stop - columns.start > fine;
  const start = whole ? 0 : Math.floor(columns.start / (fine / 2)) * (fine / 2);
  const stop = whole ? steps : Math.min(steps, start + 2 * fine);
  const { answer } = useSlice(slices, {
    slice: "field",
    ...place,
    loss_at: errors ? place.loss_at : null,
    variable,
    errors,
    start,
    stop,
  });
  const canvas = useRef<HTMLCanvasElement>(null);
  const described = head.spec.variables.find((v) => v.id === variable);
  const image = useMemo(() => {
    if (!answer) return null;
    const [rows = 0, count = 0] = answer.values.shape;
    const kind = errors ? "error" : "value";
    return imageOf(
      numbers(answer.values),
      rows,
      count,
      kind,
      theme,
      answer.largest,
      Boolean(described && isBounded(described)),
    );
  }, [answer, errors, theme, described]);
  useEffect(() => {
    const context = canvas.current && prepared(canvas.current, columns.width, height);
    if (!context || !image || !answer) return;
    drawField(context, image, answer.edges, columns, height);
  }, [image, answer, columns, height]);
  const under = (event: PointerEvent): Cell | null => {
    if (!answer) return null;
    const { left, top: upper, width, height: tall } = event.currentTarget.getBoundingClientRect();
    const share = { x: (event.clientX - left) / width, y: (event.clientY - upper) / tall };
    const at = { x: share.x * columns.width, y: top + share.y * height };
    const name = (errors ? "δ" : "") + plain(described);
    return { ...cellAt(answer, share, columns, head.layers[place.layer]?.hidden ?? 1), name, at };
  };
  return (
    <canvas
      ref={canvas}
      className="unf-field"
      style={{ top, width: columns.width, height }}
      aria-hidden="true"
      onPointerMove={(event) => onPoint(under(event))}
      onPointerLeave={() => onPoint(null)}
      onPointerDown={(event) => {
        const cell = under(event);
        if (cell) onChoose(cell);
      }}
    />
  );
}

/** The line of the unit looked at, in each strip. */
function ChosenUnit({ tops, each, width }: { tops: number[]; each: number; width: number }) {
  const { head } = useOpened();
  const { layer } = usePlace();
  const unit = useUnit();
  const hidden = head.layers[layer]?.hidden ?? 1;
  const tall = Math.max(3, each / hidden);
  return tops.map((top) => (
    <i
      key={top}
      className="unf-chosen-unit"
      data-unit={counted(unit)}
      style={{ top: top + ((unit + 0.5) * each) / hidden - tall / 2, width, height: tall }}
    />
  ));
}

function drawField(
  context: CanvasRenderingContext2D,
  image: HTMLCanvasElement,
  edges: number[],
  columns: Columns,
  height: number,
): void {
  const boxes = columns.step >= BOXES_FROM;
  const inset = boxes ? columns.step * 0.19 : 0;
  for (let k = 0; k + 1 < edges.length; k++) {
    const [from, to] = [edges[k] ?? 0, edges[k + 1] ?? 0];
    if (to <= columns.start || from >= columns.stop) continue;
    const x = (from - columns.start) * columns.step;
    const width = (to - from) * columns.step;
    context.drawImage(image, k, 0, 1, image.height, x + inset, 0, width - 2 * inset + (boxes ? 0 : 0.4), height);
  }
}

/** Frames of the steps and the arrows by which states go on; only where there is room for them. */
const Boxes = memo(function Boxes({
  columns,
  height,
  tops,
  each,
  direction,
  names,
}: {
  columns: Columns;
  height: number;
  tops: number[];
  each: number;
  direction: Direction;
  names: string[];
}) {
  const backward = useLooking((s) => s.backward);
  const { step } = columns;
  const inset = step * 0.19;
  const count = columns.stop - columns.start;
  const leftwards = (direction === "reverse") !== backward;
  const rim = Math.min(4, inset * 0.6);
  const frames = [];
  const arrows = [];
  if (step >= BOXES_FROM) {
    for (let k = 0; k < count; k++) {
      frames.push(
        <rect
          key={k}
          x={k * step + inset - rim}
          y={1}
          width={step - 2 * inset + 2 * rim}
          height={height - 2}
          rx={Math.min(7, step / 5)}
        />,
      );
      if (k === 0 || step < 24) continue;
      for (const top of tops) {
        const [a, b] = [k * step - inset + 5, k * step + inset - 5];
        const y = top + each / 2;
        const tip = leftwards
          ? `M${a + 4} ${y - 3}L${a} ${y}L${a + 4} ${y + 3}`
          : `M${b - 4} ${y - 3}L${b} ${y}L${b - 4} ${y + 3}`;
        arrows.push(<path key={`${k} ${top}`} d={`M${a} ${y}L${b} ${y}${tip}`} />);
      }
    }
  } else {
    frames.push(<rect key="all" x={0} y={3} width={columns.width} height={height - 6} rx={4} />);
  }
  return (
    <svg className={`unf-boxes${backward ? " backward" : ""}`} width={columns.width} height={height} aria-hidden="true">
      <g className="frames">{frames}</g>
      <g className="arrows">{arrows}</g>
      {names.map((name, k) => (
        <text key={name} x={-8} y={(tops[k] ?? 0) + each / 2} dy="0.34em" textAnchor="end">
          {(backward ? "δ" : "") + name}
        </text>
      ))}
    </svg>
  );
});
