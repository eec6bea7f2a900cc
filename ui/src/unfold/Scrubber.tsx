import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from "react";
import { counted } from "./cell/numbers";
import { useOpened, usePlace, useStep, useSteps } from "./opened";
import { type Curve, CurvePaths, evenScale, logScale } from "./parts/Curves";
import { useSize } from "./parts/size";
import { numbers } from "./source/arrays";
import { useSlice } from "./source/slices";
import { useLooking, useLookingStore } from "./state";

const HEIGHT = 34;

/** All of time in small, with the part that is shown and the step looked at. */
export function Scrubber() {
  const store = useLookingStore();
  const steps = useSteps();
  const t = useStep();
  const shown = useLooking((s) => s.window);
  const backward = useLooking((s) => s.backward);
  const [element, size] = useSize<HTMLDivElement>();
  const column = size.width / steps;
  const drag = useRef<"t" | "start" | "stop" | null>(null);
  const stepAt = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(steps - 1, Math.floor(((event.clientX - box.left) / box.width) * steps)));
  };
  const down = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const edge = (event.target as Element).getAttribute("data-edge");
    drag.current = edge === "start" || edge === "stop" ? edge : "t";
    move(event);
  };
  const move = (event: PointerEvent) => {
    if (!drag.current || event.buttons === 0) return;
    const step = stepAt(event);
    if (drag.current === "t") store.getState().stepTo(step);
    else {
      const { window } = store.getState();
      const start = drag.current === "start" ? Math.min(step, window.stop - 4) : window.start;
      const stop = drag.current === "stop" ? Math.max(step + 1, window.start + 4) : window.stop;
      store.setState({ window: { start: Math.max(0, start), stop: Math.min(steps, stop) } });
    }
  };
  const keys = (event: KeyboardEvent) => {
    const jump = Math.max(1, Math.round(steps / 20));
    const by = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -jump,
      PageUp: jump,
      Home: -steps,
      End: steps,
    }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    store.getState().stepTo(t + by);
  };
  const all = shown.start <= 0 && shown.stop >= steps;
  return (
    <div
      ref={element}
      className={`unf-scrubber${backward ? " backward" : ""}`}
      role="slider"
      tabIndex={0}
      aria-label="Time step"
      aria-valuemin={1}
      aria-valuemax={steps}
      aria-valuenow={counted(t)}
      aria-valuetext={`step ${counted(t)} of ${steps}`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
      onKeyDown={keys}
    >
      {size.width > 0 && (
        <svg width={size.width} height={HEIGHT} aria-hidden="true">
          <Landscape width={size.width} />
          {!all && (
            <g className="unf-window">
              <rect className="veil" width={shown.start * column} height={HEIGHT} />
              <rect
                className="veil"
                x={shown.stop * column}
                width={Math.max(0, size.width - shown.stop * column)}
                height={HEIGHT}
              />
              <rect
                className="pane"
                x={shown.start * column + 0.5}
                y={0.5}
                width={Math.max(2, (shown.stop - shown.start) * column - 1)}
                height={HEIGHT - 1}
                rx={4}
              />
            </g>
          )}
          <rect className="edge" data-edge="start" x={shown.start * column - 4} width={8} height={HEIGHT} />
          <rect className="edge" data-edge="stop" x={shown.stop * column - 4} width={8} height={HEIGHT} />
          <g className="unf-thumb" transform={`translate(${(t + 0.5) * column} 0)`}>
            <path d={`M0 0V${HEIGHT}`} />
            <circle cy={HEIGHT / 2} r={6.5} />
          </g>
        </svg>
      )}
    </div>
  );
}

/** The norm of the cell's output, or of its error, over all steps. */
function Landscape({ width }: { width: number }) {
  const { head, slices } = useOpened();
  const place = usePlace();
  const steps = useSteps();
  const backward = useLooking((s) => s.backward);
  const { answer } = useSlice(slices, { slice: "overview", ...place });
  const curves = useMemo<Curve[]>(() => {
    const pack = (backward ? answer?.errors : answer?.values)?.[head.spec.output];
    return pack
      ? [{ name: "norm", values: numbers(pack), colour: backward ? "var(--unf-error-1)" : "var(--accent)" }]
      : [];
  }, [answer, backward, head.spec.output]);
  const scale = useMemo(() => (backward ? logScale(curves) : evenScale(curves)), [curves, backward]);
  return (
    <g transform="translate(0 4)" opacity={0.75}>
      <CurvePaths
        curves={curves}
        scale={scale}
        width={width}
        height={HEIGHT - 8}
        first={0}
        last={steps - 1}
        label="All steps"
      />
    </g>
  );
}
