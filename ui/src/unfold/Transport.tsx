import { useEffect } from "react";
import { Icon } from "../theme/Icon";
import { counted } from "./cell/numbers";
import { Keys } from "./Keys";
import { usePlace, useStep, useSteps } from "./opened";
import { Scrubber } from "./Scrubber";
import { type LookingStore, useLooking, useLookingStore } from "./state";

/** Play, step, and the scrubber. Forward, information moves right; backward, the error moves left. */
export function Transport() {
  const store = useLookingStore();
  const t = useStep();
  const steps = useSteps();
  const playing = useLooking((s) => s.playing);
  const backward = useLooking((s) => s.backward);
  const shown = useLooking((s) => s.window);
  const { direction } = usePlace();
  usePlaying(store, steps, (direction === "reverse") !== backward ? -1 : 1);
  const zoomTime = (factor: number) => {
    const size = Math.max(6, Math.min(steps, Math.round((shown.stop - shown.start) * factor)));
    const start = Math.max(0, Math.min(steps - size, Math.round(t - size / 2)));
    store.setState({ window: { start, stop: start + size } });
  };
  return (
    <div className="unf-transport">
      <button
        type="button"
        className="unf-round"
        onClick={() => store.getState().stepTo(t - 1)}
        aria-label="Step back"
        disabled={t === 0}
      >
        <Arrow left />
      </button>
      <button
        type="button"
        className={`unf-round play${backward ? " error" : ""}`}
        onClick={() => store.setState({ playing: !playing })}
        aria-label={playing ? "Pause" : backward ? "Play backward" : "Play forward"}
      >
        {playing ? <Pause /> : <Play left={backward} />}
      </button>
      <button
        type="button"
        className="unf-round"
        onClick={() => store.getState().stepTo(t + 1)}
        aria-label="Step on"
        disabled={t === steps - 1}
      >
        <Arrow />
      </button>
      <Scrubber />
      <span className="unf-count">
        step <b>{counted(t)}</b> of {steps}
      </span>
      <div className="unf-zoom" role="group" aria-label="Part of time shown">
        <button
          type="button"
          onClick={() => zoomTime(0.5)}
          aria-label="Fewer steps"
          disabled={shown.stop - shown.start <= 6}
        >
          <Icon name="plus" size={14} />
        </button>
        <button
          type="button"
          onClick={() => zoomTime(2)}
          aria-label="More steps"
          disabled={shown.stop - shown.start >= steps}
        >
          <Minus />
        </button>
      </div>
      <Keys />
    </div>
  );
}

/** Steps go by at a pace that lets the part shown pass in about ten seconds; at the end it stops. */
function usePlaying(store: LookingStore, steps: number, sense: 1 | -1): void {
  const playing = useLooking((s) => s.playing);
  useEffect(() => {
    if (!playing) return;
    const state = store.getState();
    const first = sense === 1 ? 0 : steps - 1;
    const last = steps - 1 - first;
    if (state.t === last || (sense === 1 ? state.t >= steps - 1 : state.t <= 0)) state.stepTo(first);
    let at = store.getState().t;
    let before = performance.now();
    let frame = requestAnimationFrame(function go(now) {
      const { window, level, t } = store.getState();
      const pace = Math.max(level >= 2 ? 3 : 6, (window.stop - window.start) / 10);
      if (Math.round(at) !== t) at = t;
      at += sense * pace * Math.min(0.1, (now - before) / 1000);
      before = now;
      const done = sense === 1 ? at >= steps - 1 : at <= 0;
      store.getState().stepTo(at);
      if (done) store.setState({ playing: false });
      else frame = requestAnimationFrame(go);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, store, steps, sense]);
}

/** Keys that work wherever the focus is, also where nothing has it: after opening, or after a click on an empty place. */
export function useKeys(store: LookingStore, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const press = (event: KeyboardEvent) => onKey(event, store);
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [store, wanted]);
}

function onKey(event: KeyboardEvent, store: LookingStore): void {
  const target = event.target as HTMLElement;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
  const state = store.getState();
  const deeds: [string, () => void][] = [
    ["ArrowLeft", () => state.stepTo(state.t - 1)],
    ["ArrowRight", () => state.stepTo(state.t + 1)],
    ["Home", () => state.stepTo(0)],
    ["End", () => state.stepTo(state.steps - 1)],
    ["+", () => state.goTo(state.level + 1)],
    ["=", () => state.goTo(state.level + 1)],
    ["-", () => state.goTo(state.level - 1)],
    ["Escape", () => state.goTo(state.level - 1)],
    ["1", () => state.goTo(0)],
    ["2", () => state.goTo(1)],
    ["3", () => state.goTo(2)],
    ["4", () => state.goTo(3)],
    ["b", () => state.set({ backward: !state.backward })],
    ["u", () => state.set({ all: !state.all })],
    ["d", () => state.set({ drawing: state.drawing === "circuit" ? "odyssey" : "circuit" })],
    [" ", () => state.set({ playing: !state.playing })],
  ];
  const deed = deeds.find(([key]) => key === event.key)?.[1];
  if (!deed || (event.key === " " && target.matches("button, summary, [role=button]"))) return;
  event.preventDefault();
  deed();
}

function Play({ left }: { left: boolean }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={left ? "M12 3L4 8L12 13Z" : "M4 3L12 8L4 13Z"}
        fill="currentColor"
        stroke="currentColor"
        strokeLinejoin="round"
      />
    </svg>
  );
}

function Pause() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M5 3V13M11 3V13" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}

function Arrow({ left = false }: { left?: boolean }) {
  return (
    <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={left ? "M10 3L5 8L10 13" : "M6 3L11 8L6 13"}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

function Minus() {
  return (
    <svg width="14" height="14" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M5 12H19" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
