// Only the parts of ECharts that our figures use.

import {
  BarChart,
  BoxplotChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  ParallelChart,
  PieChart,
  ScatterChart,
  TreeChart,
} from "echarts/charts";
import {
  DatasetComponent,
  GridComponent,
  LegendScrollComponent,
  MarkAreaComponent,
  MarkLineComponent,
  ParallelComponent,
  TitleComponent,
  TooltipComponent,
  TransformComponent,
  VisualMapContinuousComponent,
} from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  BarChart,
  BoxplotChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  ParallelChart,
  PieChart,
  ScatterChart,
  TreeChart,
  DatasetComponent,
  GridComponent,
  LegendScrollComponent,
  MarkAreaComponent,
  MarkLineComponent,
  ParallelComponent,
  TitleComponent,
  TooltipComponent,
  TransformComponent,
  VisualMapContinuousComponent,
  CanvasRenderer,
]);

export { type ECharts, init };

/** The look of charts in the page's own colours, as they are now. */
export function chartTheme(): object {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  const [text, muted, line, strong] = ["--text", "--muted", "--line", "--line-strong"].map(of);
  const axis = {
    axisLine: { lineStyle: { color: strong } },
    axisTick: { lineStyle: { color: strong } },
    axisLabel: { color: muted },
    nameTextStyle: { color: muted },
    splitLine: { lineStyle: { color: line } },
    splitArea: { show: false },
  };
  return {
    color: Array.from({ length: 8 }, (_, index) => of(`--series-${index + 1}`)),
    backgroundColor: "transparent",
    darkMode: document.documentElement.dataset.theme === "dark", // the rim of words on shapes
    textStyle: { fontFamily: of("--sans"), color: text },
    title: { textStyle: { color: text, fontWeight: 600 }, subtextStyle: { color: muted } },
    legend: {
      textStyle: { color: muted },
      inactiveColor: strong,
      pageTextStyle: { color: muted },
      pageIconColor: muted,
    },
    tooltip: { backgroundColor: of("--raised"), borderColor: strong, textStyle: { color: text, fontSize: 12 } },
    visualMap: { textStyle: { color: muted } },
    line: { symbol: "circle", symbolSize: 5 },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    logAxis: axis,
    timeAxis: axis,
  };
}

/** Whether the person asked for less motion. */
export const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
