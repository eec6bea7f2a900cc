import { useMemo, useRef } from "react";
import type { NodeState } from "../../api/generated";
import { Empty } from "../../components/Empty";
import { chartTexts } from "../../texts/chart";
import css from "./chart.module.css";
import { curvesOption } from "./curves";
import { useChart } from "./useChart";

type CurvesOf = Pick<NodeState, "curves" | "points" | "per">;

interface Props {
  state: CurvesOf;
  /** the epoch whose weights were kept, where it is not the last */
  kept?: number | null;
}

/** Learning curves, growing while the node runs. */
export default function Curves({ state, kept = null }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const option = useMemo(() => curvesOption(state, kept), [state, kept]);
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
