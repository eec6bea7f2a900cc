import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { ECharts } from "./echarts";
import { type Area, boxArea, cornersOf } from "./select";

type Point = [number, number];
interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}
export interface DrawnBox {
  corners: [Point, Point];
  place: Box;
}

interface Given {
  chart: ECharts | null;
  /** Changes when the chart was drawn or fitted anew. */
  drawn: number;
  place: RefObject<HTMLElement | null>;
  brush: { x: string; y: string } | null;
  times: boolean;
  areas: readonly Area[];
  choose: (areas: Area[]) => void;
}

const SMALLEST = 4; // pixels: less is a click
const GRID = { gridIndex: 0 };

const between = (a: Point, b: Point): Box => ({
  left: Math.min(a[0], b[0]),
  top: Math.min(a[1], b[1]),
  width: Math.abs(a[0] - b[0]),
  height: Math.abs(a[1] - b[1]),
});
const ordered = (a: Point, b: Point): [Point, Point] => [
  [Math.min(a[0], b[0]), Math.min(a[1], b[1])],
  [Math.max(a[0], b[0]), Math.max(a[1], b[1])],
];

/** Boxes drawn with the mouse in the chart's grid: the one being drawn, and those that are chosen, in pixels. */
export function useBrush({ chart, drawn, place, brush, times, areas, choose }: Given) {
  const [drawnBox, setDrawnBox] = useState<DrawnBox | null>(null);
  const now = useRef({ areas, choose });
  now.current = { areas, choose };
  const on = brush !== null;
  const [x, y] = [brush?.x ?? "", brush?.y ?? ""];

  useEffect(() => {
    const element = place.current;
    if (!chart || !element || !on) return;
    let from: Point | null = null;
    let adding = false;
    let last: [Point, Point] | null = null;
    const at = (event: PointerEvent): Point => {
      const box = element.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || !chart.containPixel(GRID, at(event))) return;
      from = at(event);
      adding = event.shiftKey;
      last = null;
    };
    const move = (event: PointerEvent) => {
      if (!from) return;
      const to = at(event);
      if (!last && Math.hypot(to[0] - from[0], to[1] - from[1]) < SMALLEST) return;
      const [a, b] = [chart.convertFromPixel(GRID, from), chart.convertFromPixel(GRID, to)] as [Point, Point];
      last = ordered(a, b);
      setDrawnBox({ corners: last, place: between(from, to) });
      event.preventDefault();
    };
    const up = () => {
      const { areas, choose } = now.current;
      if (from && last) choose([...(adding ? areas : []), boxArea({ x, y }, last[0], last[1], times)]);
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
  }, [chart, place, on, x, y, times]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: where boxes lie changes with each drawing
  const boxes = useMemo(() => {
    if (!chart || !on || chart.isDisposed()) return [];
    return areas.flatMap((area) => {
      const corners = cornersOf(area, { x, y });
      if (!corners) return [];
      const [a, b] = corners.map((corner) => chart.convertToPixel(GRID, corner)) as [Point, Point];
      return [between(a, b)];
    });
  }, [chart, drawn, areas, on, x, y]);
  return { drawnBox, boxes };
}
