import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { ECharts } from "./echarts";
import { type Area, boxArea, cornersOf, type Panel } from "./select";

type Point = [number, number];
interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}
export interface DrawnBox {
  area: Area;
  place: Box;
}

interface Given {
  chart: ECharts | null;
  /** Changes when the chart was drawn or fitted anew. */
  drawn: number;
  place: RefObject<HTMLElement | null>;
  /** what is drawn in each of the figure's grids; null: nothing that can be chosen in */
  panels: readonly (Panel | null)[];
  times: boolean;
  areas: readonly Area[];
  choose: (areas: Area[]) => void;
}

const SMALLEST = 4; // pixels: less is a click
const grid = (gridIndex: number) => ({ gridIndex });

const between = (a: Point, b: Point): Box => ({
  left: Math.min(a[0], b[0]),
  top: Math.min(a[1], b[1]),
  width: Math.abs(a[0] - b[0]),
  height: Math.abs(a[1] - b[1]),
});
/** Boxes drawn with the mouse in the chart's panels: the one being drawn, and those that are chosen, in pixels. */
export function useBrush({ chart, drawn, place, panels, times, areas, choose }: Given) {
  const [drawnBox, setDrawnBox] = useState<DrawnBox | null>(null);
  const now = useRef({ areas, choose });
  now.current = { areas, choose };
  const on = panels.some((one) => one !== null);

  useEffect(() => {
    const element = place.current;
    if (!chart || !element || !on) return;
    let from: Point | null = null;
    let panel = -1;
    let adding = false;
    let last: Area | null = null;
    const at = (event: PointerEvent): Point => {
      const box = element.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const down = (event: PointerEvent) => {
      panel = panels.findIndex((one, i) => one !== null && chart.containPixel(grid(i), at(event)));
      if (event.button !== 0 || panel < 0) return;
      from = at(event);
      adding = event.shiftKey;
      last = null;
    };
    const move = (event: PointerEvent) => {
      if (!from) return;
      const to = at(event);
      if (!last && Math.hypot(to[0] - from[0], to[1] - from[1]) < SMALLEST) return;
      const [a, b] = [from, to].map((point) => chart.convertFromPixel(grid(panel), point)) as [Point, Point];
      last = boxArea(panels[panel] as Panel, a, b, times);
      setDrawnBox({ area: last, place: between(from, to) });
      event.preventDefault();
    };
    const up = () => {
      const { areas, choose } = now.current;
      if (from && last) choose([...(adding ? areas : []), last]);
      else if (from && areas.length > 0 && !adding) choose([]);
      from = null;
      setDrawnBox(null);
    };
    element.addEventListener("pointerdown", down);
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    element.style.cursor = "crosshair";
    return () => {
      element.removeEventListener("pointerdown", down);
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      element.style.cursor = "";
    };
  }, [chart, place, on, panels, times]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: where boxes lie changes with each drawing
  const boxes = useMemo(() => {
    if (!chart || !on || chart.isDisposed()) return [];
    return areas.flatMap((area) =>
      panels.flatMap((panel, i) => {
        const corners = panel && cornersOf(area, panel);
        if (!corners) return [];
        const [a, b] = corners.map((corner) => chart.convertToPixel(grid(i), corner)) as [Point, Point];
        return [between(a, b)];
      }),
    );
  }, [chart, drawn, areas, on, panels]);
  return { drawnBox, boxes };
}
