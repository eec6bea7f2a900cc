import type { NodeState } from "../../api/generated";
import { count } from "../../components/formats";
import { chartTexts } from "../../texts/chart";
import { formatted, type Option } from "./option";

type CurvesOf = Pick<NodeState, "curves" | "points" | "per">;
type Curve = readonly (number | null)[];

const HELD = "validation ";
const DECADES = 50; // from this ratio of the greatest to the least on, powers of ten are drawn

/** A measure on the rows learnt from, and on those held back. */
export interface Measure {
  name: string;
  curves: { name: string; held: boolean; values: Curve }[];
}

/** What is measured alike belongs into one picture: "loss" and "validation loss". */
export function measures(curves: NodeState["curves"]): Measure[] {
  const found = new Map<string, Measure>();
  for (const [name, values] of Object.entries(curves)) {
    const held = name.startsWith(HELD);
    const measure = held ? name.slice(HELD.length) : name;
    const one = found.get(measure) ?? { name: measure, curves: [] };
    one.curves.push({ name, held, values: values ?? [] });
    found.set(measure, one);
  }
  return [...found.values()];
}

/** A picture for each measure, side by side: each has a scale of its own.  kept: the epoch whose weights were kept. */
export function curvesOption({ curves, points, per }: CurvesOf, kept: number | null = null): Option {
  const groups = measures(curves);
  const longest = Math.max(1, ...groups.flatMap((group) => group.curves.map(({ values }) => values.length)));
  const stride = Math.max(1, points / longest);
  const each = 100 / Math.max(1, groups.length);
  const both = groups.some((group) => group.curves.length > 1);
  const legend = [chartTexts.learntFrom, chartTexts.heldBack];
  return {
    animation: false,
    legend: both ? { top: 2, right: 8, data: legend } : undefined,
    tooltip: { trigger: "axis", confine: true },
    title: groups.map(({ name }, k) => ({
      text: name,
      left: `${k * each + 0.8}%`,
      top: 28,
      textStyle: { fontSize: 12 },
    })),
    grid: groups.map((_, k) => ({
      top: 54,
      bottom: 12,
      left: `${k * each + 0.8}%`,
      width: `${each - 2.4}%`,
      outerBoundsMode: "same",
    })),
    xAxis: groups.map((_, k) => ({
      type: "value",
      gridIndex: k,
      min: "dataMin",
      max: "dataMax",
      minInterval: 1,
      name: per,
      nameLocation: "middle",
      nameGap: 20,
      axisLabel: { hideOverlap: true },
    })),
    yAxis: groups.map((group, k) => ({ type: powers(group) ? "log" : "value", gridIndex: k, scale: true })),
    series: groups.flatMap((group, k) =>
      group.curves.map(({ name, held, values }, at) => ({
        type: "line",
        name: both && group.curves.length > 1 ? legend[held ? 1 : 0] : name,
        xAxisIndex: k,
        yAxisIndex: k,
        showSymbol: longest < 30,
        lineStyle: { width: 2, type: held ? "dashed" : "solid" },
        tooltip: { valueFormatter: (value: unknown) => formatted(value, undefined) },
        data: values.map((value, index) => [Math.round((index + 1) * stride), value]),
        markLine: at === 0 && kept !== null ? markOf(kept, points, k === 0) : undefined,
      })),
    ),
  };
}

/** A line across a picture at the epoch kept; in the first one it says so. */
function markOf(kept: number, of: number, named: boolean): object {
  const align = kept < of / 2 ? "left" : "right"; // off the ends of the picture
  return {
    silent: true,
    symbol: "none",
    lineStyle: { type: "dotted", width: 1.5 },
    label: {
      show: named,
      formatter: chartTexts.keptEpoch(count(kept)),
      position: "end",
      distance: 2,
      fontSize: 10,
      align,
      verticalAlign: "bottom",
    },
    data: [{ xAxis: kept }],
  };
}

function powers({ curves }: Measure): boolean {
  const values = curves.flatMap((curve) => curve.values.filter((value) => value !== null));
  const least = Math.min(...values);
  return least > 0 && Math.max(...values) > DECADES * least;
}
