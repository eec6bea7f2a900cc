import { useEffect, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { Empty, Skeleton } from "../../components/Empty";
import { count } from "../../components/formats";
import { blockAt } from "../../panels/titles";
import { useDocument } from "../../store/document";
import { useTheme } from "../../store/layout";
import { selectRows } from "../../store/session";
import { chartTexts } from "../../texts/chart";
import type { ViewProps } from "../view";
import { ByNumbers } from "./ByNumbers";
import css from "./chart.module.css";
import { still } from "./echarts";
import { runLinked } from "./linked";
import { heightOf, optionOf } from "./option";
import { savePicture } from "./picture";
import {
  type Area,
  areasOf,
  type Choosing,
  canonical,
  choosingOf,
  countChosen,
  itemArea,
  placesOf,
  toggled,
} from "./select";
import { useAxes } from "./useAxes";
import { useBrush } from "./useBrush";
import { useChart } from "./useChart";
import { useFigure } from "./useFigure";

/** A figure, drawn live; where it may be, points and parts are chosen in it, and flow on as a table. */
export default function Chart({ document, node, port, fresh, refused }: ViewProps) {
  const { figure, problem } = useFigure({ document, node, port }, fresh);
  const place = useRef<HTMLDivElement>(null);
  const [asking, setAsking] = useState(false);
  const dark = useTheme() === "dark";
  const option = useMemo(() => figure && optionOf(figure.facts.option, figure.data, still(), dark), [figure, dark]);
  const { chart, drawn, whole } = useChart(place, option);
  const choosing = useMemo(() => (figure ? choosingOf(figure.facts.option) : null), [figure]);
  const given = useDocument(() => blockAt(node)?.settings.selection);
  const areas = useMemo(() => areasOf(given), [given]);
  const choose = (next: Area[]) => {
    selectRows(node, next as never);
    runLinked(node);
  };

  // A tree grows from the middle of its left side.
  const tree = figure ? [figure.facts.option.series].flat().some((one) => kindOf(one) === "tree") : false;
  useEffect(() => {
    const frame = place.current?.parentElement;
    if (tree && chart && frame) frame.scrollTop = (frame.scrollHeight - frame.clientHeight) / 2;
  }, [tree, chart]);

  const panels = choosing?.kind === "brush" ? choosing.panels : NONE;
  const axes = choosing?.kind === "axes" ? choosing : null;
  const times = (figure?.facts.option.xAxis as { type?: string } | undefined)?.type === "time";
  const { drawnBox, boxes } = useBrush({ chart, drawn, place, panels, times, areas, choose });
  useAxes({ chart, drawn, axes, areas, choose });

  useEffect(() => {
    if (!chart || choosing?.kind !== "items") return;
    const click = (event: unknown) => {
      const { dataIndex, seriesName } = event as { dataIndex: number; seriesName: string };
      const area = itemArea(choosing, dataIndex, seriesName);
      if (area) choose(toggled(areas, area));
    };
    chart.on("click", click);
    return () => {
      chart.off("click", click);
    };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: marks what is chosen after each drawing
  useEffect(() => {
    if (!chart || choosing?.kind !== "items") return;
    const chosen = new Set(areas.map(canonical));
    const series = (chart.getOption() as { series: { name?: string }[] }).series;
    series.forEach(({ name = "" }, seriesIndex) => {
      choosing.areas.forEach((_, dataIndex) => {
        const area = itemArea(choosing, dataIndex, name);
        const type = area && chosen.has(canonical(area)) ? "select" : "unselect";
        chart.dispatchAction({ type, seriesIndex, dataIndex });
      });
    });
  }, [chart, drawn, areas, choosing?.kind]);

  const points = useMemo(() => {
    if (!figure || !choosing) return 0;
    const { option } = figure.facts;
    const places = placesOf(option, figure.data, choosing);
    const texts = axes && Object.fromEntries(labelsOf(option).map(([axis, labels]) => [axes.columns[axis], labels]));
    const chosen = drawnBox ? [...areas, drawnBox.area] : areas;
    return countChosen(figure.data, places, chosen, axes?.areas, texts ?? {});
  }, [figure, choosing, axes, areas, drawnBox]);

  if (problem && !figure) return <>{refused(problem)}</>;
  const waiting = problem ? refused(problem) : null;
  if (!figure) return <Skeleton label={chartTexts.loading} />;
  const { facts, data, sampled } = figure;
  const some = areas.length > 0 || drawnBox !== null;
  const brush = panels.some((one) => one !== null);
  const chosen =
    choosing?.kind === "items"
      ? chartTexts.chosenParts(areas.length)
      : axes
        ? chartTexts.chosenLines(count(points))
        : chartTexts.chosen(count(points), areas.length + (drawnBox ? 1 : 0));
  return (
    <div className={css.wrap}>
      <div className={css.bar}>
        <strong className={css.title} title={facts.title}>
          {facts.title}
        </strong>
        {problem && <span className={css.stale}>{chartTexts.stale}</span>}
        <div hidden>{waiting}</div>
        {choosing && some ? (
          <>
            <strong role="status" title={chartTexts.flows}>
              {chosen}
            </strong>
            <Button size="small" kind="quiet" icon="close" onClick={() => choose([])}>
              {chartTexts.clear}
            </Button>
          </>
        ) : (
          <span>
            {sampled ? chartTexts.sampled(count(data.numRows), count(sampled)) : chartTexts.rows(count(facts.rows))}
            {choosing && ` · ${chartTexts.hints[choosing.kind]}`}
          </span>
        )}
        <div className={css.tools}>
          {(brush || axes) && (
            <IconButton icon="select-area" label={chartTexts.byNumbers} onClick={() => setAsking(true)} />
          )}
          <IconButton
            icon="download"
            label={chartTexts.save}
            onClick={() => chart && void savePicture(chart, facts.title)}
          />
        </div>
      </div>
      <div className={css.place}>
        <div
          ref={place}
          className={css.chart}
          style={{ minHeight: heightOf(facts.option) }}
          role="img"
          aria-label={chartTexts.chart(facts.title)}
          data-drawn={whole}
        />
        {facts.rows === 0 && (
          <div className={css.nothing}>
            <Empty icon="bar" title={chartTexts.nothing}>
              {chartTexts.nothingWhy}
            </Empty>
          </div>
        )}
        {[...boxes, ...(drawnBox ? [drawnBox.place] : [])].map((box, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: boxes have no other name
          <div key={index} className={css.box} style={box} />
        ))}
      </div>
      {asking && choosing && (
        <ByNumbers
          columns={columnsOf(choosing)}
          times={times ? (panels[0]?.x ?? null) : null}
          onClose={() => setAsking(false)}
          onChoose={(area) => {
            setAsking(false);
            choose([...areas, area]);
          }}
        />
      )}
    </div>
  );
}

const NONE: null[] = [];

const kindOf = (series: unknown): unknown => (series as { type?: unknown } | null)?.type;

/** The labels of axes of texts, with the axes' places. */
const labelsOf = (option: Record<string, unknown>): [number, string[]][] =>
  ((option.parallelAxis ?? []) as { data?: string[] }[]).flatMap(({ data }, axis) => (data ? [[axis, data]] : []));

/** The columns of numbers that one may choose by. */
function columnsOf(choosing: Choosing): string[] {
  if (choosing.kind === "items") return [];
  if (choosing.kind === "axes") return choosing.columns.filter((one) => !choosing.areas?.[one]);
  return [...new Set(choosing.panels.flatMap((one) => (one ? [one.x, one.y] : [])))];
}
