import type { ColumnStatistics } from "../../api/generated";
import { IconButton } from "../../components/Button";
import { Empty, Skeleton } from "../../components/Empty";
import { count, figure } from "../../components/formats";
import { typeIcon } from "../../panels/form/columns";
import { gridTexts } from "../../texts/grid";
import { Icon } from "../../theme/Icon";
import css from "./grid.module.css";
import { Histogram } from "./Histogram";

interface Props {
  name: string | null;
  column: ColumnStatistics | undefined;
  sampled: number | null;
  onClose: () => void;
}

const said = (value: unknown): string =>
  value === null || value === undefined ? gridTexts.missing : typeof value === "number" ? figure(value) : String(value);

/** All that is known of one column, beside the table. */
export function Column({ name, column, sampled, onClose }: Props) {
  return (
    <aside className={css.side} aria-label={gridTexts.statistics}>
      <header className={css.sideHead}>
        {column && <Icon name={typeIcon(column.type)} size={15} label={column.type} />}
        <h3>{name ?? gridTexts.statistics}</h3>
        <IconButton icon="close" size="tiny" label={gridTexts.close} onClick={onClose} />
      </header>
      {!name && <Empty icon="statistics" title={gridTexts.choose} />}
      {name && !column && <Skeleton label={gridTexts.statisticsLoading} lines={5} />}
      {column && <Facts column={column} sampled={sampled} />}
    </aside>
  );
}

function Facts({ column, sampled }: { column: ColumnStatistics; sampled: number | null }) {
  const all = column.count + column.missing;
  const share = all ? ` (${figure(Math.round((column.missing / all) * 1000) / 10)} %)` : "";
  const quantiles = column.quantiles;
  const facts: [string, string | null][] = [
    [gridTexts.valuesThere, count(column.count)],
    [gridTexts.missingCount, column.missing ? count(column.missing) + share : "0"],
    [gridTexts.distinct, column.distinct === null ? null : count(column.distinct)],
    [gridTexts.min, column.min === null ? null : said(column.min)],
    [gridTexts.max, column.max === null ? null : said(column.max)],
    [gridTexts.mean, column.mean === null ? null : figure(column.mean)],
    [gridTexts.std, column.std === null ? null : figure(column.std)],
    ...quartiles(quantiles),
  ];
  const edges = column.histogram?.edges;
  return (
    <>
      {column.histogram && (
        <>
          <Histogram column={column} className={css.big} height={92} />
          <p className={css.ends}>
            <span>{said(column.min ?? edges?.[0])}</span>
            <span>{said(column.max ?? edges?.at(-1))}</span>
          </p>
        </>
      )}
      <dl className={css.facts}>
        {facts.map(([title, text]) =>
          text === null ? null : (
            <div key={title} style={{ display: "contents" }}>
              <dt>{title}</dt>
              <dd title={text}>{text}</dd>
            </div>
          ),
        )}
      </dl>
      {column.top && column.top.length > 0 && (
        <>
          <h4 className={css.subhead}>{gridTexts.most}</h4>
          <ul className={css.tops}>
            {column.top.map(({ value, count: times }) => (
              <li
                key={String(value)}
                className={css.top}
                style={{ "--share": `${(times / Math.max(1, all)) * 100}%` } as React.CSSProperties}
              >
                <span title={said(value)}>{said(value)}</span>
                <span>{count(times)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {sampled !== null && <p className={css.note}>{gridTexts.sampled(count(sampled))}</p>}
    </>
  );
}

function quartiles(values: readonly number[] | null): [string, string][] {
  if (!values) return [];
  const at = (share: number) => values[Math.round(share * (values.length - 1))];
  const [low, middle, high] = [at(0.25), at(0.5), at(0.75)];
  if (low === undefined || middle === undefined || high === undefined) return [];
  return [
    [gridTexts.median, figure(middle)],
    [gridTexts.quartiles, `${figure(low)} … ${figure(high)}`],
  ];
}
