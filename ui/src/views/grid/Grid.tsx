import { useVirtualizer } from "@tanstack/react-virtual";
import type { Field, Table } from "apache-arrow";
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { Skeleton } from "../../components/Empty";
import { count } from "../../components/formats";
import { notify, notifyProblem } from "../../store/notices";
import { gridTexts } from "../../texts/grid";
import { busyWith } from "./busy";
import { Cell } from "./Cell";
import { Column } from "./Column";
import { cellOf, plain, widthOf } from "./cells";
import css from "./grid.module.css";
import { HeadCell } from "./HeadCell";
import type { Query } from "./pages";
import { ROW, seenRows } from "./scale";
import { Toolbar } from "./Toolbar";
import { usePages } from "./usePages";
import { useScroll } from "./useScroll";
import { useStatistics } from "./useStatistics";
import { Whole } from "./Whole";

interface Props {
  document: string;
  node: string;
  port: string;
  /** Columns that are known before any row is. */
  columns: readonly (readonly [string, string])[] | null;
  /** Changes when the rows may have changed. */
  fresh: string;
  /** Shown in the place of the rows that cannot be had. */
  refused: (problem: { id: string; what: string; remedy: string }) => React.ReactNode;
}

const HEAD = 34;
const MINI = 29;
const TALL_ROW = 64;
/** one and the same: a new list each time would have the widths measured, and all drawn again, without end */
const NO_FIELDS: Field[] = [];
const FEW = 12; // rows that are seen at a glance: no histograms

export default function Grid({ document, node, port, columns, fresh, refused }: Props) {
  const [sort, setSort] = useState("");
  const [where, setWhere] = useState("");
  const [mini, setMini] = useState(true);
  const [side, setSide] = useState(false);
  const [active, setActive] = useState<{ row: number; column: number } | null>(null);
  const [whole, setWhole] = useState<{ row: number; column: number } | null>(null);
  const [widths, setWidths] = useState<ReadonlyMap<string, number>>(new Map());
  const frame = useRef<HTMLDivElement>(null);
  const id = useId();

  const query: Query = { document, node, port, sort, where };
  const { pages, fresh: settled } = usePages(query, fresh);
  const problem = pages?.problem;
  const unsorted = problem?.setting === "sort"; // its column is no longer there, and nor is its head, to click on
  useEffect(() => {
    if (!problem || !unsorted) return;
    notifyProblem({ ...problem, remedy: `${gridTexts.sortGone} ${problem.remedy}` });
    setSort("");
  }, [problem, unsorted]);
  const table = pages?.schema ?? null;
  const fields = table?.schema.fields ?? NO_FIELDS;
  const names = useMemo(() => fields.map((field) => field.name), [fields]);
  const rows = pages?.rows ?? 0;
  const pictures = useMemo(() => hasPictures(table), [table]);
  const row = pictures ? TALL_ROW : ROW;
  const small = pages?.rows !== null && rows <= FEW;
  const bars = mini && !small;
  const head = HEAD + (bars ? MINI : 0);
  const scroll = useScroll(frame, rows, row, head);
  const [first, end] = seenRows(scroll.top, scroll.view, row, rows);
  useEffect(() => {
    if (pages && end > first) pages.want(first, end);
  }, [pages, first, end]);

  const natural = useMemo(() => naturalWidths(table), [table]);
  const widthAt = useCallback(
    (index: number) => widths.get(fields[index]?.name ?? "") ?? natural[index] ?? 120,
    [widths, natural, fields],
  );
  const numbers = Math.max(44, count(rows).length * 6.5 + 20);
  const across = useVirtualizer({
    horizontal: true,
    count: fields.length,
    getScrollElement: () => frame.current,
    estimateSize: widthAt,
    overscan: 3,
    paddingStart: numbers,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when widths change
  useEffect(() => across.measure(), [widthAt, numbers]);
  const seen = across.getVirtualItems();

  const wanted = bars || side ? seen.map((one) => fields[one.index]?.name ?? "").filter(Boolean) : [];
  const types = new Map(columns ?? []);
  const { columns: statistics, sampled } = useStatistics(
    query,
    pages?.rows === null ? [] : wanted,
    pages?.content ?? fresh,
  );

  const move = (to: { row: number; column: number }) => {
    const next = {
      row: Math.max(0, Math.min(rows - 1, to.row)),
      column: Math.max(0, Math.min(fields.length - 1, to.column)),
    };
    setActive(next);
    across.scrollToIndex(next.column);
    const top = next.row * row;
    if (top < scroll.top) scroll.to(top);
    else if (top + row > scroll.top + scroll.view) scroll.to(top + row - scroll.view);
  };
  const textOf = (at: { row: number; column: number }): string | null => {
    const found = pages?.at(at.row);
    const field = fields[at.column];
    if (!found || !field) return null;
    return plain(found.table.getChildAt(at.column)?.get(found.index), field.type);
  };
  const copy = async (at: { row: number; column: number }) => {
    const text = textOf(at);
    if (text === null) return;
    await navigator.clipboard.writeText(text);
    notify({ tone: "good", text: gridTexts.copied });
  };
  const key = (event: KeyboardEvent) => {
    if (event.target !== frame.current) return;
    const at = active ?? { row: first, column: 0 };
    const page = Math.max(1, Math.floor(scroll.view / row) - 1);
    const steps: Record<string, [number, number]> = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [page, 0],
      PageUp: [-page, 0],
      Home: event.ctrlKey ? [-rows, -fields.length] : [0, -fields.length],
      End: event.ctrlKey ? [rows, fields.length] : [0, fields.length],
    };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      move(active ? { row: at.row + step[0], column: at.column + step[1] } : at);
    } else if ((event.ctrlKey || event.metaKey) && event.key === "c" && active) {
      event.preventDefault();
      event.stopPropagation();
      void copy(active);
    } else if (event.key === "Enter" && active) {
      event.preventDefault();
      setWhole(active);
    }
  };

  const chosen = active ? (fields[active.column]?.name ?? null) : null;
  const busy = pages && (!settled || pages.ordering) ? busyWith(pages.query, query) : null;
  if (problem && !where && !unsorted) return <>{refused(problem)}</>;
  const indexes: number[] = [];
  for (let index = first; index < end; index += 1) indexes.push(index);
  return (
    <div className={css.wrap}>
      <Toolbar
        query={query}
        columns={columns}
        rows={pages?.rows ?? null}
        names={names}
        problem={where && problem ? `${problem.what} ${problem.remedy}` : undefined}
        busy={busy?.with ?? null}
        onStop={() => {
          setSort(busy?.without.sort ?? sort);
          setWhere(busy?.without.where ?? where);
        }}
        mini={mini}
        side={side}
        onWhere={(condition) => {
          setWhere(condition);
          setActive(null);
          scroll.to(0);
        }}
        onJump={(to) => move({ row: to - 1, column: active?.column ?? 0 })}
        onColumn={(index) => {
          move({ row: active?.row ?? first, column: index });
          frame.current?.focus();
        }}
        onMini={setMini}
        onSide={setSide}
      />
      <div className={css.body}>
        {/* biome-ignore lint/a11y/useSemanticElements: only the rows that are seen exist */}
        <div
          ref={frame}
          className={css.grid}
          role="grid"
          tabIndex={0}
          aria-label={gridTexts.table(port)}
          aria-rowcount={rows + 1}
          aria-colcount={fields.length}
          aria-busy={!settled}
          aria-activedescendant={active ? `${id}-${active.row}-${active.column}` : undefined}
          onKeyDown={key}
        >
          <div
            className={css.sizer}
            hidden={!pages}
            style={{ height: head + scroll.scale.laid, width: across.getTotalSize() }}
          >
            {/* biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: its buttons take focus */}
            <div className={css.header} role="row" aria-rowindex={1} style={{ height: head }}>
              <span className={css.corner} style={{ width: numbers }} />
              {seen.map(({ index, start, size }) => {
                const field = fields[index];
                return (
                  field && (
                    <HeadCell
                      key={field.name}
                      name={field.name}
                      type={types.get(field.name) ?? ""}
                      index={index}
                      left={start}
                      width={size}
                      sort={sort}
                      mini={bars}
                      statistics={statistics.get(field.name)}
                      chosen={chosen === field.name}
                      onSort={setSort}
                      onWidth={(width) => setWidths((now) => new Map(now).set(field.name, width))}
                    />
                  )
                );
              })}
            </div>
            {indexes.map((index) => {
              const found = pages?.at(index);
              return (
                // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: the grid has the focus
                <div
                  key={index}
                  className={css.row}
                  role="row"
                  aria-rowindex={index + 2}
                  style={{
                    top: head + scroll.scrolled + index * row - scroll.top,
                    height: row,
                    width: across.getTotalSize(),
                    lineHeight: `${row - 1}px`,
                  }}
                >
                  <span className={css.number} style={{ width: numbers }}>
                    {count(index + 1)}
                  </span>
                  {seen.map(({ index: column, start, size }) => {
                    const field = fields[column];
                    return (
                      field && (
                        <Cell
                          key={field.name}
                          id={`${id}-${index}-${column}`}
                          column={column}
                          left={start}
                          width={size}
                          type={field.type}
                          waiting={!found}
                          value={found?.table.getChildAt(column)?.get(found.index)}
                          active={active?.row === index && active.column === column}
                          onChoose={() => {
                            setActive({ row: index, column });
                            frame.current?.focus({ preventScroll: true });
                          }}
                          onOpen={() => setWhole({ row: index, column })}
                        />
                      )
                    );
                  })}
                </div>
              );
            })}
          </div>
        </div>
        {!pages && (
          <div className={css.over}>
            <Skeleton label={gridTexts.loading} lines={9} />
          </div>
        )}
        {pages?.rows === 0 && (
          <p className={css.over} style={{ top: head }}>
            {where ? gridTexts.noRowsFiltered : gridTexts.noRowsAtAll}
          </p>
        )}
        {side && (
          <Column
            name={chosen}
            column={chosen ? statistics.get(chosen) : undefined}
            sampled={sampled}
            onClose={() => setSide(false)}
          />
        )}
      </div>
      {whole && fields[whole.column] && (
        <Whole
          title={gridTexts.cell(fields[whole.column]?.name ?? "", whole.row + 1)}
          text={textOf(whole) ?? ""}
          value={pages
            ?.at(whole.row)
            ?.table.getChildAt(whole.column)
            ?.get(pages.at(whole.row)?.index ?? 0)}
          onCopy={() => copy(whole)}
          onClose={() => setWhole(null)}
        />
      )}
    </div>
  );
}

/** Whether a column of the table holds pictures, so that rows have to be taller. */
function hasPictures(table: Table | null): boolean {
  return (
    table?.schema.fields.some((field, index) => {
      const value = table.numRows > 0 ? table.getChildAt(index)?.get(0) : null;
      return value instanceof Uint8Array && String(field.type).includes("Binary");
    }) ?? false
  );
}

function naturalWidths(table: Table | null): number[] {
  if (!table) return [];
  const looked = Math.min(table.numRows, 40);
  return table.schema.fields.map((field, index) => {
    const values = Array.from(
      { length: looked },
      (_, row) => cellOf(table.getChildAt(index)?.get(row), field.type).text,
    );
    return widthOf(field.name, field.type, values);
  });
}
