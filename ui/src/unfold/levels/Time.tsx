import { type PointerEvent, useEffect, useMemo, useRef, type WheelEvent } from "react";
import { useOpened, useSteps } from "../opened";
import { useSize } from "../parts/size";
import { useLooking, useLookingStore } from "../state";
import { Cells } from "./Cells";
import { Cursor } from "./Cursor";
import { lookOf, rowsOf, type TimeRow } from "./rows";
import { LossRow, NormNames, NormsRow, ShownRowView, seriesColour } from "./ShownRows";

export const LEFT = 108;
const RIGHT = 14;

/** How steps become places on the second level. */
export interface Columns {
  start: number;
  stop: number;
  width: number;
  /** Pixels a step. */
  step: number;
}

/** The layer unfolded: a column a step, inputs below, outputs above. */
export function Time() {
  const { head } = useOpened();
  const store = useLookingStore();
  const steps = useSteps();
  const shownWindow = useLooking((s) => s.window);
  const [element, size] = useSize<HTMLDivElement>();
  const columns = useMemo(() => columnsOf(shownWindow, steps, size.width), [shownWindow, steps, size.width]);
  const { rows, height } = useMemo(() => rowsOf(head, size.height), [head, size.height]);
  const pick = (event: PointerEvent) => {
    if (event.type === "pointermove" && event.buttons !== 1) return;
    const found = stepAt(event, element.current, columns);
    if (found !== null) store.getState().stepTo(found);
  };
  usePanning(element);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the scrubber below does the same by keyboard
    <div
      ref={element}
      className="unf-time"
      onPointerDown={pick}
      onPointerMove={pick}
      onDoubleClick={() => store.getState().goTo(2)}
    >
      {size.width > 0 && (
        <div className="unf-time-page" style={{ height }}>
          {rows.map((row) => (
            <Row key={`${row.kind} ${row.name} ${row.y}`} row={row} columns={columns} />
          ))}
          <Cursor columns={columns} rows={rows} height={height} />
        </div>
      )}
    </div>
  );
}

function Row({ row, columns }: { row: TimeRow; columns: Columns }) {
  const body =
    row.kind === "shown" ? (
      <ShownRowView row={row.row} of={row.of} height={row.height} columns={columns} />
    ) : row.kind === "loss" ? (
      <LossRow height={row.height} columns={columns} />
    ) : row.kind === "cells" ? (
      <Cells layer={row.layer} direction={row.direction} height={row.height} columns={columns} />
    ) : (
      <NormsRow errors={row.errors} height={row.height} columns={columns} />
    );
  return (
    <div className={`unf-row ${row.kind}`} style={{ top: row.y, height: row.height }}>
      <RowName row={row} />
      <div className="unf-row-body" style={{ left: LEFT, width: columns.width }}>
        {body}
      </div>
    </div>
  );
}

/** What a row is, and which curve is which. */
function RowName({ row }: { row: TimeRow }) {
  const shown = row.kind === "shown" && row.row.kind === "series" ? row.row : null;
  if (shown && lookOf(shown) === "lines") {
    return (
      <ol className="unf-line-names" style={{ width: LEFT - 8 }} title={row.name}>
        {shown.names.map((name) => (
          <li key={name} title={name}>
            {name}
          </li>
        ))}
      </ol>
    );
  }
  return (
    <span
      className={`unf-row-name${row.kind === "shown" && row.row.kind === "words" ? " short" : ""}`}
      style={{ width: LEFT - 12 }}
      title={row.name}
    >
      {row.name}
      {row.kind === "norms" && <NormNames errors={row.errors} />}
      {shown && lookOf(shown) === "curves" && shown.names.length > 1 && <SeriesNames names={shown.names} />}
    </span>
  );
}

function SeriesNames({ names }: { names: string[] }) {
  return names.map((name, k) => (
    <small key={name}>
      <i style={{ background: seriesColour(k) }} />
      {name}
    </small>
  ));
}

function columnsOf(window: { start: number; stop: number }, steps: number, width: number): Columns {
  const start = Math.max(0, Math.min(window.start, steps - 1));
  const stop = Math.max(start + 1, Math.min(window.stop, steps));
  const inner = Math.max(10, width - LEFT - RIGHT);
  return { start, stop, width: inner, step: inner / (stop - start) };
}

function stepAt(event: PointerEvent, element: HTMLElement | null, columns: Columns): number | null {
  if (!element) return null;
  const box = element.getBoundingClientRect();
  const x = (event.clientX - box.left) * (element.clientWidth / box.width) - LEFT;
  if (x < 0 || x > columns.width) return null;
  return columns.start + Math.floor(x / columns.step);
}

/** Sideways scrolling moves the window along time. */
function usePanning(element: React.RefObject<HTMLElement | null>): void {
  const store = useLookingStore();
  const left = useRef(0);
  useEffect(() => {
    const found = element.current;
    if (!found) return;
    const pan = (event: globalThis.WheelEvent | WheelEvent) => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
      event.preventDefault();
      event.stopPropagation();
      const { window, steps } = store.getState();
      const size = window.stop - window.start;
      left.current += (sideways / Math.max(1, found.clientWidth)) * size;
      const whole = Math.trunc(left.current);
      if (!whole) return;
      left.current -= whole;
      const start = Math.max(0, Math.min(steps - size, window.start + whole));
      store.setState({ window: { start, stop: start + size } });
    };
    found.addEventListener("wheel", pan, { passive: false });
    return () => found.removeEventListener("wheel", pan);
  }, [element, store]);
}
