import { useMemo, useRef } from "react";
import type { NodeState } from "../../api/generated";
import { Empty } from "../../components/Empty";
import { chartTexts } from "../../texts/chart";
import css from "./chart.module.css";
import { formatted, type Option } from "./option";
import { useChart } from "./useChart";

type CurvesOf = Pick<NodeState, "curves" | "points">;

/** Learning curves, growing while the node runs. */
export default function Curves({ state }: { state: CurvesOf }) {
  const place = useRef<HTMLDivElement>(null);
  const option = useMemo(() => curvesOption(state), [state]);
  useChart(place, option);
  if (Object.keys(state.curves).length === 0) return <Empty icon="line" title={chartTexts.noCurves} />;
  return (
    <div className={css.wrap}>
      <div className={css.place}>
        <div ref={place} className={css.chart} role="img" aria-label={chartTexts.curves} />
      </div>
    </div>
  );
}

/** Curves of one scale share an axis; what is in parts of one (accuracy ...) has the right one. */
function curvesOption({ curves, points }: CurvesOf): Option {
  const names = Object.keys(curves);
  const longest = Math.max(1, ...names.map((name) => curves[name]?.length ?? 0));
  const step = Math.max(1, points / longest);
  return {
    animation: false,
    grid: { top: 44, left: 16, right: 24, bottom: 16, outerBoundsMode: "same" },
    legend: { type: "scroll", top: 4, left: 0, data: names },
    tooltip: { trigger: "axis", confine: true },
    xAxis: { type: "value", min: "dataMin", max: "dataMax", name: chartTexts.step, nameLocation: "middle", nameGap: 8 },
    yAxis: { type: "value", scale: true },
    series: names.map((name) => ({
      type: "line",
      name,
      showSymbol: longest < 30,
      lineStyle: { width: 2 },
      tooltip: { valueFormatter: (value: unknown) => formatted(value, undefined) },
      data: (curves[name] ?? []).map((value, index) => [Math.round((index + 1) * step), value]),
    })),
  };
}
