import { useEffect, useMemo, useState } from "react";
import { IconButton } from "../../components/Button";
import { count } from "../../components/formats";
import { TextInput } from "../../components/Inputs";
import { FormulaControl } from "../../panels/form/FormulaControl";
import type { Field } from "../../panels/form/fields";
import { type Scope, ScopeContext } from "../../panels/form/scope";
import { gridTexts } from "../../texts/grid";
import { Icon } from "../../theme/Icon";
import { Download } from "./Download";
import css from "./grid.module.css";
import type { Query } from "./pages";
import { ToColumn } from "./ToColumn";

interface Props {
  query: Query;
  columns: readonly (readonly [string, string])[] | null;
  rows: number | null;
  /** The names of its columns, as they stand in it. */
  names: readonly string[];
  problem: string | undefined;
  /** What the rows are waited for. */
  busy: "sort" | "filter" | null;
  onStop: () => void;
  mini: boolean;
  side: boolean;
  onWhere: (condition: string) => void;
  onJump: (row: number) => void;
  onColumn: (index: number) => void;
  onMini: (on: boolean) => void;
  onSide: (on: boolean) => void;
}

const MANY = 20; // columns; fewer are found by looking

const CONDITION = {
  kind: "formula",
  least: 0,
  port: null,
  gives: "boolean",
  nullable: false,
  title: gridTexts.filter,
  doc: "",
} satisfies Field;

/** Above the table: its size, a condition to show only some rows, the way to a row or column, statistics, a file of it. */
export function Toolbar({ query, columns, rows, names, problem, busy, mini, side, ...props }: Props) {
  const { document, where } = query;
  const [typed, setTyped] = useState(where);
  const [jump, setJump] = useState("");
  useEffect(() => setTyped(where), [where]);
  const scope: Scope = useMemo(
    () => ({
      document,
      columns: () => columns?.map(([name, type]) => ({ name, type })),
      unknown: () => "",
      problem: () => problem,
      fault: () => problem !== undefined,
      leave: () => undefined,
      position: () => undefined,
    }),
    [document, columns, problem],
  );
  return (
    <>
      <div className={css.bar}>
        <span className={css.size} role="status">
          {rows === null ? gridTexts.loading : gridTexts.oneSize(count(rows), count(names.length))}
        </span>
        {busy && (
          <span className={css.busy} role="status">
            {gridTexts.busy[busy]}
            <IconButton icon="close" size="tiny" label={gridTexts.stop[busy]} onClick={props.onStop} />
          </span>
        )}
        <div className={css.filter}>
          <Icon name="filter" size={15} className={css.filterIcon} />
          <ScopeContext value={scope}>
            <FormulaControl
              field={CONDITION}
              id="where"
              path="where"
              label={gridTexts.filter}
              value={typed}
              onChange={(text) => setTyped(String(text ?? ""))}
              hint={gridTexts.filterHint}
              onEnter={(text) => props.onWhere(text.trim())}
            />
          </ScopeContext>
          {(typed || where) && (
            <IconButton
              icon="close"
              size="tiny"
              label={gridTexts.filterClear}
              onClick={() => {
                setTyped("");
                props.onWhere("");
              }}
            />
          )}
        </div>
        <div className={css.tools}>
          <TextInput
            className={css.jump}
            style={{ height: 28 }}
            inputMode="numeric"
            aria-label={gridTexts.jump}
            placeholder={gridTexts.jump}
            value={jump}
            onChange={(event) => setJump(event.target.value)}
            onKeyDown={(event) => {
              const row = Number(jump.replaceAll(/[\s,]/g, ""));
              if (event.key === "Enter" && jump && Number.isInteger(row)) props.onJump(row);
            }}
          />
          {names.length > MANY && <ToColumn names={names} onColumn={props.onColumn} />}
          <IconButton icon="bin" label={gridTexts.histograms} pressed={mini} onClick={() => props.onMini(!mini)} />
          <IconButton
            icon="statistics"
            label={gridTexts.statistics}
            pressed={side}
            onClick={() => props.onSide(!side)}
          />
          <Download query={query} rows={problem ? null : rows} />
        </div>
      </div>
      {problem && <p className={css.problem}>{problem}</p>}
    </>
  );
}
