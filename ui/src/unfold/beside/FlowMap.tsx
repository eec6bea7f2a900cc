import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { unfoldTexts as texts } from "../../texts/unfold";
import { plain } from "../cell/Nodes";
import { counted, wireNumber } from "../cell/numbers";
import { useOpened, usePlace, useStep, useSteps, useVariable } from "../opened";
import { type Curve, CurvePaths, logScale } from "../parts/Curves";
import { useTheme } from "../parts/colours";
import { prepared } from "../parts/picture";
import { at, numbers, row } from "../source/arrays";
import { isLoss } from "../source/followed";
import type { Answers } from "../source/shapes";
import { useSlice } from "../source/slices";
import { useLooking, useLookingStore } from "../state";

const LEFT = 34;
const DECADES = 5;

/** How much of ∂J(t) reaches step k, for all t and k. */
export function FlowMap({ width }: { width: number }) {
  const { head, slices } = useOpened();
  const place = usePlace();
  const variable = useVariable();
  const { answer, problem, fresh } = useSlice(slices, { slice: "flow", ...place, loss_at: null, variable });
  const described = plain(head.spec.variables.find((v) => v.id === variable));
  if (problem) return <p className="unf-note">{problem}</p>;
  if (!answer) return <p className="unf-wait">Following the error of every step …</p>;
  return (
    <section aria-label="Error flow" className={fresh ? "" : "unf-stale"}>
      {head.step_losses ? (
        <>
          <h3>How much of ∂J(t) reaches {described}(k)</h3>
          <FlowPicture answer={answer} width={width} />
          <RowOf answer={answer} width={width} described={described} />
        </>
      ) : (
        <>
          <h3>How much of ∂J reaches {described}(k)</h3>
          <RowOf answer={answer} width={width} described={described} whole />
          <p className="unf-note">{texts.oneLoss}</p>
        </>
      )}
    </section>
  );
}

function FlowPicture({ answer, width }: { answer: Answers["flow"]; width: number }) {
  const { head } = useOpened();
  const store = useLookingStore();
  const steps = useSteps();
  const t = useStep();
  const lossAt = useLooking((s) => s.lossAt);
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<{ t: number; k: number; value: number } | null>(null);
  const side = Math.max(80, width - LEFT - 6);
  const high = Math.min(side, 240);
  const [rows = 0, columns = 0] = answer.norms.shape;
  const image = useMemo(() => flowImage(answer, theme), [answer, theme]);
  useEffect(() => {
    const context = canvas.current && prepared(canvas.current, side, high);
    if (context) context.drawImage(image, 0, 0, side, high);
  }, [image, side, high]);
  const cellAt = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const r = Math.min(rows - 1, Math.floor((1 - (event.clientY - box.top) / box.height) * rows));
    const c = Math.max(0, Math.min(columns - 1, Math.floor(((event.clientX - box.left) / box.width) * columns)));
    return {
      t: answer.steps[Math.max(0, r)] ?? 0,
      k: Math.floor(((c + 0.5) * steps) / columns),
      value: at(answer.norms, Math.max(0, r) * columns + c),
    };
  };
  const y = (step: number) => high * (1 - (nearest(answer.steps, step) + 0.5) / Math.max(1, rows));
  return (
    <div className="unf-flowmap">
      <canvas
        ref={canvas}
        style={{ width: side, height: high, marginLeft: LEFT }}
        role="img"
        aria-label="Error flow: rows are the steps whose loss it is, columns the steps that the error reaches"
        onPointerMove={(event) => setHover(cellAt(event))}
        onPointerLeave={() => setHover(null)}
        onClick={(event) => {
          const found = cellAt(event as unknown as PointerEvent<HTMLCanvasElement>);
          store.setState({ lossAt: found.t, backward: true });
          store.getState().stepTo(found.k);
        }}
      />
      <svg width={width} height={high + 30} aria-hidden="true">
        <text x={LEFT - 6} y={10} textAnchor="end">
          {counted(answer.steps.at(-1) ?? 0)}
        </text>
        <text x={LEFT - 6} y={high} textAnchor="end">
          {counted(answer.steps[0] ?? 0)}
        </text>
        <text x={12} y={high / 2} textAnchor="middle" transform={`rotate(-90 12 ${high / 2})`}>
          {isLoss(head) ? texts.lossOf : texts.outputOf}
        </text>
        <text x={LEFT} y={high + 14}>
          1
        </text>
        <text x={LEFT + side / 2} y={high + 14} textAnchor="middle">
          reaches step k
        </text>
        <text x={LEFT + side} y={high + 14} textAnchor="end">
          {steps}
        </text>
        <path className="unf-now" d={`M${LEFT + ((t + 0.5) * side) / steps} 0V${high}`} />
        {lossAt !== null && <path className="unf-now error" d={`M${LEFT} ${y(lossAt)}H${LEFT + side}`} />}
      </svg>
      <p className="unf-note" aria-live="off">
        {hover
          ? `∂J(${counted(hover.t)}) at step ${counted(hover.k)}: ${wireNumber(hover.value)}`
          : "Click a point: follow that J(t), at that step. Colours: powers of ten of each row's greatest."}
      </p>
    </div>
  );
}

function nearest(steps: number[], wanted: number): number {
  let best = 0;
  steps.forEach((step, k) => {
    if (Math.abs(step - wanted) < Math.abs((steps[best] ?? 0) - wanted)) best = k;
  });
  return best;
}

/** Each row against its own greatest, over five powers of ten; the first row lies at the bottom. */
function flowImage(answer: Answers["flow"], theme: string): HTMLCanvasElement {
  const [rows = 0, columns = 0] = answer.norms.shape;
  const all = numbers(answer.norms);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, columns);
  canvas.height = Math.max(1, rows);
  const context = canvas.getContext("2d");
  if (!context || !rows || !columns) return canvas;
  const image = context.createImageData(columns, rows);
  const stops = theme === "dark" ? DARK : LIGHT;
  for (let r = 0; r < rows; r++) {
    let most = 0;
    for (let c = 0; c < columns; c++) most = Math.max(most, all[r * columns + c] ?? 0);
    for (let c = 0; c < columns; c++) {
      const value = all[r * columns + c] ?? 0;
      const share = value > 0 && most > 0 ? Math.max(0, 1 + Math.log10(value / most) / DECADES) : -1;
      const place = ((rows - 1 - r) * columns + c) * 4;
      const [red, green, blue] = share < 0 ? (stops[0] as number[]) : between(stops, share);
      image.data.set([red ?? 0, green ?? 0, blue ?? 0, 255], place);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

const LIGHT = [
  [248, 247, 250],
  [233, 224, 240],
  [196, 170, 216],
  [150, 98, 178],
  [98, 34, 128],
];
const DARK = [
  [22, 24, 30],
  [44, 36, 60],
  [88, 56, 116],
  [152, 92, 188],
  [232, 186, 255],
];

function between(stops: number[][], share: number): number[] {
  const place = share * (stops.length - 2) + 1;
  const k = Math.min(stops.length - 2, Math.floor(place));
  const [a = [], b = []] = [stops[k], stops[k + 1]];
  return [0, 1, 2].map((c) => Math.round((a[c] ?? 0) + ((b[c] ?? 0) - (a[c] ?? 0)) * (place - k)));
}

/** One row of the map as a curve, with what it cannot exceed where that is known. */
function RowOf({
  answer,
  width,
  described,
  whole = false,
}: {
  answer: Answers["flow"];
  width: number;
  described: string;
  /** The loss is one number. */
  whole?: boolean;
}) {
  const steps = useSteps();
  const t = useStep();
  const lossAt = useLooking((s) => s.lossAt);
  const [rows = 0, columns = 0] = answer.norms.shape;
  const r = lossAt === null ? rows - 1 : nearest(answer.steps, lossAt);
  const curves = useMemo<Curve[]>(() => {
    const places = Array.from({ length: columns }, (_, c) => Math.floor(((c + 0.5) * steps) / columns));
    const found: Curve[] = [
      { name: "in truth", values: row(answer.norms, r), steps: places, colour: "var(--unf-error-1)" },
    ];
    if (answer.bound)
      found.push({ name: "bound", values: row(answer.bound, r), steps: places, colour: "var(--faint)", dashed: true });
    return found;
  }, [answer, r, columns, steps]);
  const scale = useMemo(() => logScale(curves), [curves]);
  const [side, high] = [Math.max(80, width - LEFT - 6), whole ? 150 : 76];
  return (
    <figure className="unf-chart">
      <figcaption>
        <strong>{`‖∂J${whole ? "" : `(${counted(answer.steps[r] ?? 0)})`}/∂${described}(k)‖`}</strong>
        <span className="unf-legend">
          {answer.bound && (
            <span>
              <i className="dashed" style={{ background: "var(--faint)" }} />
              what it cannot exceed
            </span>
          )}
        </span>
      </figcaption>
      <svg width={width} height={high + 18} aria-hidden="true">
        <rect className="unf-plot" x={LEFT} y={1} width={side} height={high} />
        <text className="unf-tick" x={LEFT - 4} y={9} textAnchor="end">
          {power(scale.high)}
        </text>
        <text className="unf-tick" x={LEFT - 4} y={high} textAnchor="end">
          {power(scale.low)}
        </text>
        <text className="unf-tick" x={LEFT} y={high + 14}>
          1
        </text>
        <text className="unf-tick" x={LEFT + side / 2} y={high + 14} textAnchor="middle">
          step k
        </text>
        <text className="unf-tick" x={LEFT + side} y={high + 14} textAnchor="end">
          {steps}
        </text>
        <g transform={`translate(${LEFT} 1)`}>
          <CurvePaths
            curves={curves}
            scale={scale}
            width={side}
            height={high}
            first={0}
            last={steps - 1}
            label="One row of the error flow"
          />
          <path className="unf-now" d={`M${((t + 0.5) * side) / steps} 0V${high}`} />
        </g>
      </svg>
    </figure>
  );
}

function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  const raised = [...String(Math.abs(exponent))].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]).join("");
  return exponent === 0 ? "1" : `10${exponent < 0 ? "⁻" : ""}${raised}`;
}
