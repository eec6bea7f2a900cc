import { memo, type PointerEvent, useCallback, useMemo } from "react";
import { unfoldTexts as texts } from "../../texts/unfold";
import { wireNumber } from "../cell/numbers";

export interface Curve {
  name: string;
  values: ArrayLike<number>;
  /** The step of each value, where they are not one a step from `start` on. */
  steps?: number[];
  colour: string;
  dashed?: boolean;
}

export interface Scale {
  low: number;
  high: number;
  /** By powers of ten, which are told with one digit. */
  logarithmic?: boolean;
  /** Powers of ten of both signs: below this size all is drawn as zero. */
  powers?: number;
  /** Whether there are smaller numbers than that. */
  cut?: boolean;
  /** From a value to 0 (bottom) .. 1 (top); NaN where it has no place. */
  share(value: number): number;
}

/** Even, from the least to the greatest value, zero among them where it is near. */
export function evenScale(curves: Curve[], fixed?: [number, number]): Scale {
  let [low, high] = fixed ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (!fixed) {
    for (const curve of curves) {
      for (let k = 0; k < curve.values.length; k++) {
        const value = curve.values[k] ?? Number.NaN;
        if (value < low && value > Number.NEGATIVE_INFINITY) low = value;
        if (value > high && value < Number.POSITIVE_INFINITY) high = value;
      }
    }
  }
  if (!(low <= high)) [low, high] = [0, 1];
  if (low > 0 && low < 0.5 * high) low = 0;
  if (low === high) [low, high] = low === 0 ? [-1, 1] : [low - Math.abs(low), high + Math.abs(high)];
  return { low, high, share: (value) => (value - low) / (high - low) };
}

/** Powers of ten, as many as there are: what is cut off would look as though it stayed the same. Zero has no place. */
export function logScale(curves: Curve[], decades = Number.POSITIVE_INFINITY): Scale {
  let high = 0;
  let low = Number.POSITIVE_INFINITY;
  for (const curve of curves) {
    for (let k = 0; k < curve.values.length; k++) {
      const value = curve.values[k] ?? 0;
      if (value > high && value < Number.POSITIVE_INFINITY) high = value;
      if (value > 0 && value < low) low = value;
    }
  }
  if (!(high > 0)) [low, high] = [0.1, 1];
  const top = Math.ceil(Math.log10(high) - 1e-9);
  const bottom = Math.max(top - decades, Math.min(top - 1, Math.floor(Math.log10(low))));
  return {
    low: 10 ** bottom,
    high: 10 ** top,
    logarithmic: true,
    cut: Math.log10(low) < bottom - 1e-9,
    share: (value) => (value > 0 ? (Math.log10(value) - bottom) / (top - bottom) : Number.NaN),
  };
}

/** Powers of ten above and below zero, for numbers that shrink step by step and change their sign. */
export function signedLogScale(curves: Curve[], decades = 6): Scale {
  const sizes = curves.map(({ name, values, colour }) => ({
    name,
    colour,
    values: Float64Array.from(values, Math.abs),
  }));
  const { low: least, high: most, cut = false } = logScale(sizes, decades);
  const span = Math.log10(most / least);
  const size = (value: number) => Math.max(0, Math.log10(Math.abs(value) / least) / span);
  const share = (value: number) => 0.5 + 0.5 * Math.sign(value) * size(value);
  return { low: -most, high: most, logarithmic: true, powers: least, cut, share };
}

interface Props {
  curves: Curve[];
  scale: Scale;
  width: number;
  height: number;
  /** The steps that the picture spans: the middle of `first` is left, that of `last` right, half a step around them. */
  first: number;
  last: number;
  start?: number;
  label: string;
  zero?: boolean;
}

/** Curves over time, without their frame. */
export const CurvePaths = memo(function CurvePaths({
  curves,
  scale,
  width,
  height,
  first,
  last,
  start = 0,
  label,
  zero,
}: Props) {
  const paths = useMemo(
    () => curves.map((curve) => pathOf(curve, scale, width, height, first, last, start)),
    [curves, scale, width, height, first, last, start],
  );
  const line = zero && scale.low < 0 && scale.high > 0 ? height * (1 - scale.share(0)) : null;
  return (
    <g role="img" aria-label={label}>
      {line !== null && <path className="unf-zero" d={`M0 ${line}H${width}`} />}
      {curves.map((curve, k) => (
        <path
          key={curve.name}
          className={`unf-curve${curve.dashed ? " dashed" : ""}`}
          d={paths[k]}
          style={{ stroke: curve.colour }}
        />
      ))}
    </g>
  );
});

/** A value without neighbours: a short dash. */
const ALONE = "m-3 0h6";

export function pathOf(
  curve: Curve,
  scale: Scale,
  width: number,
  height: number,
  first: number,
  last: number,
  start: number,
): string {
  const column = width / (last - first + 1);
  const x = (step: number) => (step - first + 0.5) * column;
  const y = (value: number) => height * (1 - Math.max(-0.05, Math.min(1.05, scale.share(value))));
  const steps = curve.steps;
  const from = steps ? 0 : Math.max(0, first - 1 - start);
  const to = steps ? steps.length : Math.min(curve.values.length, last + 2 - start);
  const stride = Math.max(1, Math.floor((to - from) / (2 * width)));
  let path = "";
  let inRow = 0; // values drawn without a gap
  for (let k = from; k < to; k += stride) {
    const found = stride > 1 ? extreme(curve.values, k, Math.min(to, k + stride)) : k;
    const value = curve.values[found] ?? Number.NaN;
    if (!Number.isFinite(scale.share(value))) {
      if (inRow === 1) path += ALONE;
      inRow = 0;
      continue;
    }
    path += `${inRow > 0 ? "L" : "M"}${x(steps ? (steps[found] ?? 0) : found + start).toFixed(1)} ${y(value).toFixed(1)}`;
    inRow += 1;
  }
  return inRow === 1 ? path + ALONE : path;
}

function extreme(values: ArrayLike<number>, from: number, to: number): number {
  let best = from;
  for (let k = from; k < to; k++) if (Math.abs(values[k] ?? 0) > Math.abs(values[best] ?? 0)) best = k;
  return best;
}

interface ChartProps {
  title: string;
  curves: Curve[];
  scale: Scale;
  width: number;
  height: number;
  steps: number;
  t: number;
  onPick?: (t: number) => void;
  zero?: boolean;
  note?: string;
  /** A value that counts, drawn as a line across. */
  mark?: number;
}

const GUTTER = 46;
const AXIS = 12; // for the first and the last step below

/** Curves over time in a frame: their names with the numbers at step t, a scale, and a line at t. */
export function Chart({ title, curves, scale, width, height, steps, t, onPick, zero, note, mark }: ChartProps) {
  const inner = Math.max(10, width - GUTTER);
  const column = inner / steps;
  const pick = useCallback(
    (event: PointerEvent<SVGSVGElement>) => {
      if (!onPick || (event.type === "pointermove" && event.buttons === 0)) return;
      const box = event.currentTarget.getBoundingClientRect();
      onPick(Math.floor(((event.clientX - box.left) * (width / box.width) - GUTTER) / column));
    },
    [onPick, width, column],
  );
  return (
    <figure className="unf-chart" style={{ width }}>
      <figcaption>
        <strong>{title}</strong>
        <span className="unf-legend">
          {curves.map((curve) => (
            <span key={curve.name}>
              <i style={{ background: curve.colour }} className={curve.dashed ? "dashed" : ""} />
              {curve.name}{" "}
              <b data-curve={curve.name} data-value={valueAt(curve, t)}>
                {wireNumber(valueAt(curve, t))}
              </b>
            </span>
          ))}
        </span>
      </figcaption>
      <div className="unf-canvas">
        <Drawn
          title={title}
          curves={curves}
          scale={scale}
          width={width}
          height={height}
          steps={steps}
          zero={zero}
          mark={mark}
          onPick={pick}
        />
        <i className="unf-nowline" style={{ height, transform: `translateX(${GUTTER + (t + 0.5) * column}px)` }} />
      </div>
      {note && <p className="unf-note">{note}</p>}
    </figure>
  );
}

interface DrawnProps extends Omit<ChartProps, "t" | "onPick" | "note"> {
  onPick: (event: PointerEvent<SVGSVGElement>) => void;
}

/** All of a chart that does not move with the step looked at. */
const Drawn = memo(function Drawn({ title, curves, scale, width, height, steps, zero, mark, onPick }: DrawnProps) {
  const inner = Math.max(10, width - GUTTER);
  const digits = scale.logarithmic ? 1 : 2;
  const across = mark !== undefined && mark > scale.low && mark < scale.high ? height * (1 - scale.share(mark)) : null;
  return (
    <svg
      width={width}
      height={height + 4 + AXIS}
      viewBox={`0 -2 ${width} ${height + 4 + AXIS}`}
      onPointerDown={onPick}
      onPointerMove={onPick}
      aria-hidden="true"
    >
      <rect className="unf-plot" x={GUTTER} width={inner} height={height} />
      <text className="unf-tick" x={GUTTER - 6} y={8} textAnchor="end">
        {wireNumber(scale.high, digits)}
      </text>
      <text className="unf-tick" x={GUTTER - 6} y={height} textAnchor="end">
        {wireNumber(scale.low, digits)}
      </text>
      {scale.powers !== undefined && (
        <text className="unf-tick" x={GUTTER - 6} y={height / 2 + 3.5} textAnchor="end">
          {`±${wireNumber(scale.powers, digits)}`}
        </text>
      )}
      {scale.powers !== undefined && (
        <text className="unf-tick" x={GUTTER + inner / 2} y={height + AXIS} textAnchor="middle">
          {scale.cut ? texts.powersCut(wireNumber(scale.powers, 1)) : texts.powers}
        </text>
      )}
      <text className="unf-tick" x={GUTTER} y={height + AXIS}>
        1
      </text>
      <text className="unf-tick" x={width} y={height + AXIS} textAnchor="end">
        {steps}
      </text>
      {across !== null && (
        <g className="unf-mark">
          <path d={`M${GUTTER} ${across}H${width}`} />
          <text className="unf-tick" x={GUTTER - 6} y={across + 3.5} textAnchor="end">
            {wireNumber(mark ?? 0, 1)}
          </text>
        </g>
      )}
      <g transform={`translate(${GUTTER} 0)`}>
        <CurvePaths
          curves={curves}
          scale={scale}
          width={inner}
          height={height}
          first={0}
          last={steps - 1}
          label={title}
          zero={zero ?? false}
        />
      </g>
    </svg>
  );
});

function valueAt(curve: Curve, t: number): number {
  if (!curve.steps) return curve.values[t] ?? Number.NaN;
  let best = 0;
  curve.steps.forEach((step, k) => {
    if (Math.abs(step - t) < Math.abs((curve.steps?.[best] ?? 0) - t)) best = k;
  });
  return curve.values[best] ?? Number.NaN;
}
