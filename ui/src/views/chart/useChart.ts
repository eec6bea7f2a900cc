import { type RefObject, useEffect, useRef, useState } from "react";
import { useTheme } from "../../store/layout";
import { chartTheme, type ECharts, init } from "./echarts";
import { fitted } from "./fit";
import type { Option } from "./option";

/**
 * A chart in an element, drawn anew when the option or the theme changes and fitted when the element does.
 * drawn: changes with each drawing.  whole: whether the last one is there to be seen, and to be chosen in.
 */
export function useChart(
  place: RefObject<HTMLElement | null>,
  option: Option | null,
): { chart: ECharts | null; drawn: number; whole: boolean } {
  const theme = useTheme();
  const chart = useRef<ECharts | null>(null);
  const now = useRef(option);
  now.current = option;
  const [drawn, setDrawn] = useState(0);
  const [whole, setWhole] = useState(false);
  const ready = option !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours
  useEffect(() => {
    if (!place.current || !ready) return;
    const made = init(place.current, chartTheme(), { renderer: "canvas" });
    chart.current = made;
    made.on("finished", () => setWhole(true));
    const watch = new ResizeObserver(() => {
      setWhole(false);
      made.resize();
      if (now.current) made.setOption(fitted(now.current, roomOf(made)) as never);
      setDrawn((count) => count + 1);
    });
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [place, ready, theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme has a new chart, to be filled anew
  useEffect(() => {
    if (!option) return;
    setWhole(false);
    chart.current?.setOption(option as never, { notMerge: true, lazyUpdate: true });
    chart.current?.setOption(fitted(option, roomOf(chart.current)) as never);
    setDrawn((count) => count + 1);
  }, [option, theme, ready]);
  return { chart: chart.current, drawn, whole };
}

const roomOf = (chart: ECharts) => ({ width: chart.getWidth(), height: chart.getHeight() });
