import { memo, useEffect, useMemo, useRef } from "react";
import { plain } from "../cell/Nodes";
import { counted, wireNumber } from "../cell/numbers";
import { useOpened, usePlace, useStep } from "../opened";
import { type Curve, CurvePaths, evenScale, logScale, type Scale } from "../parts/Curves";
import { useTheme } from "../parts/colours";
import { imageOf, prepared } from "../parts/picture";
import { greatest, type Numbers, numbers } from "../source/arrays";
import type { ShownRow } from "../source/shapes";
import { useSlice } from "../source/slices";
import { labelsOf, lookOf, seriesOf } from "./rows";
import type { Columns } from "./Time";

const SERIES = [
  "--series-1",
  "--series-2",
  "--series-3",
  "--series-4",
  "--series-5",
  "--series-6",
  "--series-7",
  "--series-8",
];

export function seriesColour(k: number): string {
  return `var(${SERIES[k % SERIES.length]})`;
}

/** What stands at each step: words, numbers as curves, or many numbers as a picture. */
export const ShownRowView = memo(function ShownRowView({
  row,
  of,
  height,
  columns,
}: {
  row: ShownRow;
  of: string;
  height: number;
  columns: Columns;
}) {
  if (row.kind === "words") return <Words labels={row.labels} columns={columns} height={height} of={of} />;
  if (lookOf(row) === "curves") return <Series row={row} columns={columns} height={height} />;
  return <Pixels row={row} columns={columns} height={height} />;
});

function Words({
  labels: said,
  columns,
  height,
  of,
}: {
  labels: string[];
  columns: Columns;
  height: number;
  of: string;
}) {
  const { start, stop, step } = columns;
  const { before, labels } = useMemo(() => labelsOf(said), [said]);
  const longest = labels.slice(start, stop).reduce((most, label) => Math.max(most, label.length), 1);
  const needed = Math.min(longest, 9) * 7.2 + 8;
  const every = Math.max(1, Math.ceil(needed / step / (longest > 1 ? 1 : 0.85)));
  const room = Math.max(1, Math.floor((step * every - 6) / 6.6));
  const alone = labels.filter(Boolean).length === 1; // one answer for the whole row: it is never left out
  const inside = (x: number, half: number) => Math.max(half, Math.min(columns.width - half, x));
  const shown = labels
    .slice(start, stop)
    .flatMap((label, k) => ((alone ? label : !((k + start) % every)) ? [{ label, k }] : []));
  return (
    <svg
      className={`unf-words ${of}`}
      width={columns.width}
      height={height}
      role="img"
      aria-label={labels.slice(start, stop).join(" ")}
    >
      {before && (
        <text className="before" x={0} y={8}>
          {before}
        </text>
      )}
      {shown.map(({ label, k }) => (
        <text
          key={k}
          x={alone ? (k + 1) * step - 2 : inside((k + 0.5) * step, Math.min(label.length, room) * 3.4)}
          y={before ? height - 9 : height / 2}
          dy="0.34em"
          textAnchor={alone && (k + 1) * step > 80 ? "end" : "middle"}
        >
          <title>{`step ${counted(k + start)}: ${said[k + start] ?? label}`}</title>
          {label.length > room && !alone ? `${label.slice(0, Math.max(1, room - 1))}…` : visible(label)}
        </text>
      ))}
    </svg>
  );
}

/** Blanks and line ends, which are characters too. */
function visible(label: string): string {
  return label === " " ? "␣" : label === "\n" ? "↵" : label;
}

function Series({
  row,
  columns,
  height,
}: {
  row: Extract<ShownRow, { kind: "series" }>;
  columns: Columns;
  height: number;
}) {
  const series = useMemo(() => seriesOf(row), [row]);
  return (
    <svg className="unf-series" width={columns.width} height={height} style={{ overflow: "hidden" }}>
      <title>{row.title || row.names.join(", ")}</title>
      {series.map(({ name, values }, k) => (
        <OwnScale key={name} curve={{ name, values, colour: seriesColour(k) }} columns={columns} height={height} />
      ))}
    </svg>
  );
}

/** Every curve on a scale of its own: degrees and hectopascals do not share one. */
const OwnScale = memo(function OwnScale({
  curve,
  columns,
  height,
}: {
  curve: Curve;
  columns: Columns;
  height: number;
}) {
  const curves = useMemo(() => [curve], [curve]);
  const scale = useMemo(() => evenScale(curves), [curves]);
  return <OverSteps curves={curves} scale={scale} columns={columns} height={height} label={curve.name} />;
});

/** Curves over the steps that are seen. */
function OverSteps(props: { curves: Curve[]; scale: Scale; columns: Columns; height: number; label: string }) {
  const { curves, scale, columns, height, label } = props;
  return (
    <g transform="translate(0 2)">
      <CurvePaths
        curves={curves}
        scale={scale}
        width={columns.width}
        height={height - 4}
        first={columns.start}
        last={columns.stop - 1}
        label={label}
      />
    </g>
  );
}

function Pixels({
  row,
  columns,
  height,
}: {
  row: Extract<ShownRow, { kind: "series" }>;
  columns: Columns;
  height: number;
}) {
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useMemo(() => {
    const all = numbers(row.values);
    const [steps = 0, width = 0] = row.values.shape;
    const ink = lookOf(row) === "image" && all.every((value) => value >= 0); // pixels: as on paper
    return imageOf(scaled(all, steps, width), width, steps, ink ? "ink" : "value", theme, 1, true);
  }, [row, theme]);
  useEffect(() => {
    const context = canvas.current && prepared(canvas.current, columns.width, height);
    if (!context) return;
    const count = columns.stop - columns.start;
    context.drawImage(image, columns.start, 0, count, image.height, 0, 0, columns.width, height);
  }, [image, columns, height]);
  return (
    <canvas
      ref={canvas}
      className="unf-pixels"
      style={{ width: columns.width, height }}
      role="img"
      aria-label={`${row.names.length} numbers a step`}
    />
  );
}

/** Column by column (width, steps), into -1 to 1: all by one measure, or each by its own where their sizes are far apart. */
function scaled(all: Numbers, steps: number, width: number): Float64Array {
  const columns = Array.from({ length: width }, (_, k) =>
    Array.from({ length: steps }, (_, t) => all[t * width + k] ?? 0),
  );
  const sizes = columns.map((column) => greatest(column));
  const largest = Math.max(...sizes);
  const apart = largest > 10 * Math.min(...sizes.filter((size) => size > 0));
  const turned = new Float64Array(all.length);
  for (const [k, column] of columns.entries()) {
    const [low, high] = [Math.min(...column), Math.max(...column)];
    const [middle, half] = apart ? [(low + high) / 2, (high - low) / 2] : [0, largest];
    const line = k * steps;
    for (const [t, value] of column.entries()) turned[line + t] = half > 0 ? (value - middle) / half : 0;
  }
  return turned;
}

/** J(t) as bars. */
export function LossRow({ height, columns }: { height: number; columns: Columns }) {
  const { head } = useOpened();
  const { batch } = usePlace();
  const count = head.lengths.length;
  const all = head.step_losses ? numbers(head.step_losses) : new Float64Array();
  const wide = head.step_losses?.shape[1] ?? 1;
  const losses = useMemo(() => {
    const found: number[] = [];
    for (let t = 0; t < head.steps; t++) found.push(all[t * wide + Math.min(batch, wide - 1)] ?? 0);
    return found;
  }, [all, wide, batch, head.steps]);
  const largest = greatest(losses);
  const width = Math.max(1, Math.min(18, columns.step * 0.6));
  const signed = losses.some((loss) => loss < 0); // an output may lie below zero
  const zero = signed ? height / 2 : height - 0.5;
  const tall = signed ? height / 2 - 2 : height - 3;
  return (
    <svg
      className="unf-losses"
      width={columns.width}
      height={height}
      role="img"
      aria-label={`J of each step, ${count} sequences`}
    >
      <path className="unf-zero" d={`M0 ${zero}H${columns.width}`} />
      {losses.slice(columns.start, columns.stop).map((loss, k) => {
        const size = (Math.abs(loss) / largest) * tall;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the step is what it is
            key={k}
            x={(k + 0.5) * columns.step - width / 2}
            y={loss < 0 ? zero : zero - size}
            width={width}
            height={size}
            rx={Math.min(2, width / 2)}
          >
            <title>{`J(${counted(k + columns.start)}) = ${loss.toPrecision(4)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

/** Per step the norms of the states, or of their errors. */
function useNorms(errors: boolean): Curve[] {
  const { head, slices } = useOpened();
  const place = usePlace();
  const { answer } = useSlice(slices, { slice: "overview", ...place });
  return useMemo(() => {
    const cell = head.spec.variables.find((v) => v.role === "cell")?.id;
    const names = cell ? [head.spec.output, cell] : [head.spec.output];
    const packs = errors ? answer?.errors : answer?.values;
    return names.flatMap((name, k) => {
      const pack = packs?.[name];
      return pack
        ? [{ name, values: numbers(pack), colour: errors ? `var(--unf-error-${k + 1})` : seriesColour(k) }]
        : [];
    });
  }, [answer, errors, head.spec]);
}

/** The norms as curves, those of errors in powers of ten. */
export function NormsRow({ errors, height, columns }: { errors: boolean; height: number; columns: Columns }) {
  const curves = useNorms(errors);
  const scale = useMemo(() => (errors ? logScale(curves) : evenScale(curves)), [curves, errors]);
  return (
    <svg className="unf-norms" width={columns.width} height={height}>
      <title>{errors ? "Norms of the errors, powers of ten" : "Norms"}</title>
      <rect className="unf-plot" width={columns.width} height={height} rx={3} />
      <OverSteps
        curves={curves}
        scale={scale}
        columns={columns}
        height={height}
        label={errors ? "Norms of the errors" : "Norms"}
      />
    </svg>
  );
}

/** The names of the norms with their numbers at the step looked at. */
export function NormNames({ errors }: { errors: boolean }) {
  const { head } = useOpened();
  const curves = useNorms(errors);
  const t = useStep();
  return curves.map((curve) => {
    const value = curve.values[t] ?? Number.NaN;
    return (
      <small key={curve.name}>
        <i style={{ background: curve.colour }} />
        {`‖${errors ? "δ" : ""}${plain(head.spec.variables.find((v) => v.id === curve.name))}‖`}
        <b data-shown={`norm:${errors ? "error" : "value"}:${curve.name}`} data-value={value}>
          {wireNumber(value, 2)}
        </b>
      </small>
    );
  });
}
