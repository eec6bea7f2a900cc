import { useEffect, useRef } from "react";
import { areasOn, type Piece, piecesOf } from "./axes";
import type { ECharts } from "./echarts";
import type { Area, Axes } from "./select";

interface Given {
  chart: ECharts | null;
  /** changes when the chart was drawn or fitted anew */
  drawn: number;
  axes: Axes | null;
  areas: readonly Area[];
  choose: (areas: Area[]) => void;
}

/** Pieces chosen along parallel axes: ECharts lets them be drawn and moved, the node's setting has them. */
export function useAxes({ chart, drawn, axes, areas, choose }: Given): void {
  const now = useRef({ areas, choose });
  now.current = { areas, choose };
  useEffect(() => {
    if (!chart || !axes) return;
    const drawnPiece = (event: unknown) => {
      const { parallelAxisId, intervals } = event as { parallelAxisId: string; intervals: Piece[] };
      const pieces = piecesOf(axes, now.current.areas);
      pieces[Number(parallelAxisId)] = intervals.map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
      now.current.choose(areasOn(axes, pieces));
    };
    chart.on("axisareaselected", drawnPiece);
    return () => {
      chart.off("axisareaselected", drawnPiece);
    };
  }, [chart, axes]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen is marked after each drawing
  useEffect(() => {
    if (!chart || !axes || chart.isDisposed()) return;
    piecesOf(axes, areas).forEach((intervals, axis) => {
      chart.dispatchAction({ type: "axisAreaSelect", parallelAxisId: String(axis), intervals }, { silent: true });
    });
  }, [chart, drawn, axes, areas]);
}
