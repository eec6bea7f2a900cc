import { lazy, useMemo, useRef } from "react";
import type { Json, ReportFigure, ReportPage, ReportTable } from "../../api/generated";
import { Skeleton } from "../../components/Empty";
import { count, figure } from "../../components/formats";
import { useFetched } from "../../components/useFetched";
import { useTheme } from "../../store/layout";
import { modelTexts } from "../../texts/model";
import { still } from "../chart/echarts";
import { seen } from "../chart/option";
import { useChart } from "../chart/useChart";
import { portPath } from "../grid/pages";
import type { ViewProps } from "../view";
import css from "./report.module.css";

const Markdown = lazy(() => import("../../components/Markdown"));
const texts = modelTexts.report;

/** A page: texts, figures and small tables in order. */
export default function ReportView({ document, node, port, fresh, refused }: ViewProps) {
  const { data, problem } = useFetched<ReportPage>(portPath({ document, node, port }, "report"), fresh);
  if (problem) return <>{refused(problem)}</>;
  if (!data) return <Skeleton label={texts.loading} />;
  return (
    <div className={css.page}>
      <article className={css.inner}>
        <h3 className={css.title}>{data.title}</h3>
        {data.parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name
          <section key={index} className={css.part}>
            {part.kind === "text" && <Markdown text={part.text} />}
            {part.kind === "figure" && <Drawing part={part} />}
            {part.kind === "table" && <SmallTable part={part} />}
          </section>
        ))}
      </article>
    </div>
  );
}

function Drawing({ part }: { part: ReportFigure }) {
  const place = useRef<HTMLDivElement>(null);
  const dark = useTheme() === "dark";
  const option = useMemo(() => {
    const names = Object.keys(part.data);
    const rows = part.data[names[0] ?? ""]?.map((_, row) => names.map((name) => part.data[name]?.[row] ?? null)) ?? [];
    const { peephole: _, dataset, ...rest } = part.option;
    const more = Array.isArray(dataset) ? dataset.slice(1) : [];
    const data = { dimensions: names, source: rows, sourceHeader: false };
    return seen(dark, { ...rest, animation: !still(), dataset: [data, ...more] });
  }, [part, dark]);
  useChart(place, option);
  return <div ref={place} className={css.figure} role="img" aria-label={part.title} />;
}

const said = (value: Json): string =>
  value === null
    ? ""
    : typeof value === "number"
      ? figure(value)
      : typeof value === "string"
        ? value
        : JSON.stringify(value);

function SmallTable({ part }: { part: ReportTable }) {
  const numeric = part.columns.map(([, type]) => type === "number" || type === "integer");
  return (
    <>
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              {part.columns.map(([name], index) => (
                <th key={name} scope="col" className={numeric[index] ? css.n : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {part.cells.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
              <tr key={at}>
                {row.map((value, index) => (
                  <td key={part.columns[index]?.[0]} className={numeric[index] ? css.n : undefined}>
                    {said(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {part.rows > part.cells.length && (
        <p className={css.note}>{texts.rows(count(part.cells.length), count(part.rows))}</p>
      )}
    </>
  );
}
