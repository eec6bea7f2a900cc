import { type KeyboardEvent, type PointerEvent, useMemo, useState } from "react";
import { wireNumber } from "../cell/numbers";
import { seriesColour } from "../levels/ShownRows";
import { useOpened, usePlace, useStep, useSteps } from "../opened";
import { Chart, type Curve, logScale } from "../parts/Curves";
import { numbers } from "../source/arrays";
import type { Answers } from "../source/shapes";
import { useSlice } from "../source/slices";
import { useLooking, useLookingStore } from "../state";

/** What each step gives to each parameter's gradient, and what clipping would leave of the whole. */
export function Gradients({ width }: { width: number }) {
  const { slices } = useOpened();
  const place = usePlace();
  const { answer, problem } = useSlice(slices, { slice: "gradients", ...place });
  if (problem) return <p className="unf-note">{problem}</p>;
  if (!answer) return <p className="unf-wait">Adding up the steps' shares …</p>;
  return (
    <section aria-label="Gradients">
      <Shares answer={answer} width={width} />
      <Clipping answer={answer} width={width} />
      <Training width={width} />
    </section>
  );
}

function Shares({ answer, width }: { answer: Answers["gradients"]; width: number }) {
  const { head } = useOpened();
  const store = useLookingStore();
  const steps = useSteps();
  const t = useStep();
  const names = Object.keys(answer.shares);
  const letters = [...new Set(names.map((name) => name[0] ?? ""))];
  const [letter, setLetter] = useState(letters.includes("R") ? "R" : (letters[0] ?? ""));
  const shown = names.filter((name) => name.startsWith(letter));
  const curves = useMemo<Curve[]>(
    () =>
      shown.flatMap((name, k) => {
        const share = answer.shares[name];
        return share ? [{ name, values: numbers(share), colour: seriesColour(k) }] : [];
      }),
    [answer, shown],
  );
  const scale = useMemo(() => logScale(curves), [curves]);
  const kinds = new Map(head.spec.parameters.map((p) => [p.id[0] ?? "", p]));
  return (
    <>
      <div className="unf-variables" role="group" aria-label="Parameters">
        {letters.map((l) => (
          <button
            key={l}
            type="button"
            aria-pressed={l === letter}
            onClick={() => setLetter(l)}
            title={parameterWords(kinds.get(l)?.shape)}
          >
            {l}
          </button>
        ))}
      </div>
      <Chart
        title="Each step's share of ∂J/∂θ, as a norm"
        curves={curves}
        scale={scale}
        width={width}
        height={120}
        steps={steps}
        t={t}
        onPick={(step) => store.getState().stepTo(step)}
      />
    </>
  );
}

function parameterWords(shape: string[] | undefined): string {
  const [, columns] = shape ?? [];
  return columns === "I" ? "from the input" : columns === "H" ? "from the state" : "one number a unit";
}

const HEIGHT = 150;

/** The gradient's norm as bars, and the clipping threshold as a line that can be dragged. */
function Clipping({ answer, width }: { answer: Answers["gradients"]; width: number }) {
  const store = useLookingStore();
  const chosen = useLooking((s) => s.clip);
  const names = Object.keys(answer.norms);
  const whole = Math.sqrt(names.reduce((sum, name) => sum + (answer.norms[name] ?? 0) ** 2, 0));
  const top = (whole || 1) * 1.35;
  const threshold = Math.min(top, chosen ?? whole);
  const scale = whole > threshold && whole > 0 ? threshold / whole : 1;
  const bars = [{ name: "all", norm: whole }, ...names.map((name) => ({ name, norm: answer.norms[name] ?? 0 }))];
  const each = (width - 50) / bars.length;
  const y = (norm: number) => HEIGHT * (1 - norm / top);
  const drag = (event: PointerEvent<SVGElement>) => {
    if (event.type === "pointermove" && event.buttons === 0) return;
    const svg = event.currentTarget.closest("svg");
    if (!svg) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const box = svg.getBoundingClientRect();
    const share = 1 - ((event.clientY - box.top) * ((HEIGHT + 34) / box.height) - 4) / HEIGHT;
    store.setState({ clip: Math.max(0, Math.min(1, share)) * top });
  };
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowUp: 0.02, ArrowDown: -0.02, PageUp: 0.1, PageDown: -0.1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    store.setState({ clip: Math.max(0, Math.min(top, threshold + by * top)) });
  };
  return (
    <figure className="unf-chart unf-clipping">
      <figcaption>
        <strong>Norm of the gradient, and clipping</strong>
      </figcaption>
      <svg width={width} height={HEIGHT + 34} viewBox={`0 -4 ${width} ${HEIGHT + 34}`}>
        <title>Norm of each parameter's gradient, with the clipping threshold</title>
        <rect className="unf-plot" x={44} width={width - 50} height={HEIGHT} />
        <text className="unf-tick" x={40} y={8} textAnchor="end">
          {wireNumber(top, 2)}
        </text>
        <text className="unf-tick" x={40} y={HEIGHT} textAnchor="end">
          0
        </text>
        {bars.map(({ name, norm }, k) => (
          <g key={name} transform={`translate(${46 + k * each} 0)`}>
            <rect className="raw" x={each * 0.14} y={y(norm)} width={each * 0.72} height={HEIGHT - y(norm)} />
            <rect
              className={`kept${k === 0 ? " whole" : ""}`}
              x={each * 0.14}
              y={y(norm * scale)}
              width={each * 0.72}
              height={HEIGHT - y(norm * scale)}
            />
            <text
              className="unf-tick"
              x={each / 2}
              y={HEIGHT + 13}
              textAnchor={each < 24 ? "end" : "middle"}
              transform={each < 24 ? `rotate(-45 ${each / 2} ${HEIGHT + 10})` : undefined}
            >
              {name}
            </text>
          </g>
        ))}
        <g
          className="unf-threshold"
          transform={`translate(0 ${y(threshold)})`}
          role="slider"
          tabIndex={0}
          aria-label="Clipping threshold"
          aria-orientation="vertical"
          aria-valuemin={0}
          aria-valuemax={top}
          aria-valuenow={threshold}
          aria-valuetext={threshold.toPrecision(3)}
          onPointerDown={drag}
          onPointerMove={drag}
          onKeyDown={keys}
        >
          <rect className="grip" x={40} y={-9} width={width - 44} height={18} />
          <path d={`M44 0H${width - 4}`} />
          <circle cx={width - 10} r={6} />
        </g>
      </svg>
      <p className="unf-note" data-clip={scale}>
        {scale < 1
          ? `Clipping by norm at ${wireNumber(threshold)}: the gradient of norm ${wireNumber(whole)} becomes ${wireNumber(scale, 3)} times itself. Its direction, and each step's part in it, stay.`
          : `The gradient's norm is ${wireNumber(whole)}: a threshold of ${wireNumber(threshold)} changes nothing. Drag the line down.`}
      </p>
    </figure>
  );
}

/** The gradient's norm in each epoch of the training, against the same threshold. */
function Training({ width }: { width: number }) {
  const { head } = useOpened();
  const chosen = useLooking((s) => s.clip);
  const norms = head.history["gradient norm"];
  const threshold = chosen ?? (head.clip > 0 ? head.clip : null);
  const curves = useMemo<Curve[]>(() => {
    const values = (norms ?? []).map((norm) => norm ?? Number.NaN);
    const found: Curve[] = [{ name: "mean norm", values, colour: "var(--unf-error-1)" }];
    if (threshold !== null) {
      found.push({ name: "threshold", values: values.map(() => threshold), colour: "var(--bad)", dashed: true });
    }
    return found;
  }, [norms, threshold]);
  const scale = useMemo(() => logScale(curves), [curves]);
  if (!norms || norms.length < 2) return null;
  const above = threshold === null ? 0 : norms.filter((norm) => norm !== null && norm > threshold).length;
  const note =
    threshold === null
      ? "Over the training, epoch by epoch. Nothing was clipped."
      : `In ${above} of ${norms.length} epochs the mean norm lies above the threshold.`;
  return (
    <Chart
      title="In training"
      curves={curves}
      scale={scale}
      width={width}
      height={90}
      steps={norms.length}
      t={norms.length - 1}
      note={note}
    />
  );
}
