import { useEffect, useMemo, useRef, useState } from "react";
import type { Op } from "../../api/generated";
import { IconButton } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import type { Plain } from "../../graph/ops";
import type { Column, Place, Row, Sheet } from "../../graph/sheet/sheet";
import { useDocument } from "../../store/document";
import { useSelection } from "../../store/selection";
import { sheetTexts as texts } from "../../texts/sheet";
import type { Json } from "../form/fields";
import { useScope } from "../form/scope";
import { SheetGrid } from "../form/sheet/SheetGrid";
import css from "./settings.module.css";
import type { SheetOf } from "./sheets";

interface Props {
  of: SheetOf;
  settings: Readonly<Record<string, Json>>;
  title: string;
  path: string;
  within: string;
  id: string;
}

const listOf = <T,>(value: Json | undefined): readonly T[] => (Array.isArray(value) ? (value as T[]) : []);

/** Two settings of a node as one sheet: the columns, and the rows typed in. */
export function SheetField({ of, settings, title, path, within, id }: Props) {
  const apply = useDocument((state) => state.apply);
  const scope = useScope();
  const [large, setLarge] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const open = useRef(new Set<string>());
  const columns = settings[of.columns];
  const rows = settings[of.rows];
  const sheet: Sheet = useMemo(() => {
    const filled = ({ name = "", type = of.usual, ...more }: Partial<Column>): Column => ({ ...more, name, type });
    return { columns: listOf<Partial<Column>>(columns).map(filled), rows: listOf<Row>(rows) };
  }, [columns, rows, of.usual]);
  const led = useLedCell(path, of.rows);

  const change = (next: Sheet): void => {
    const ops: Plain[] = [];
    if (next.columns !== sheet.columns) ops.push(...set(of.columns, next.columns as unknown as Json));
    if (next.rows !== sheet.rows) ops.push(...set(of.rows, next.rows as unknown as Json));
    const [first] = ops;
    if (!first) return;
    const op: Op = ops.length === 1 ? first : { op: "batch", ops };
    apply(op);
  };
  const set = (setting: string, value: Json): Plain[] => {
    if (listOf(value).length > 0) return [{ op: "set", within, node: id, setting, value: value as never }];
    return setting in settings ? [{ op: "unset", within, node: id, setting }] : [];
  };

  const shrink = (): void => {
    setLarge(false);
    setTimeout(() => button.current?.focus()); // once the dialog is gone
  };
  const grid = (tall: number) => (
    <SheetGrid
      sheet={sheet}
      types={of.types}
      open={open.current}
      label={texts.grid(title)}
      tall={tall}
      led={led}
      onChange={change}
    />
  );
  const wrong = sheet.columns.length > 0 ? scope.problem(of.columns) : undefined;
  return (
    <div className={css.field} data-setting={of.columns}>
      <div className={css.stacked} data-setting={of.rows}>
        <div className={css.head}>
          <span className={css.label}>{texts.title}</span>
          <IconButton ref={button} icon="maximize" size="tiny" label={texts.enlarge} onClick={() => setLarge(true)} />
        </div>
        {large ? (
          <Dialog title={title} width={1180} onClose={shrink}>
            {grid(Math.max(240, innerHeight - 260))}
          </Dialog>
        ) : (
          grid(340)
        )}
      </div>
      {wrong && <p className={css.problem}>{wrong}</p>}
      <p className={css.doc}>{texts.doc}</p>
    </div>
  );
}

/** The cell of `rows[3][1]` that a message led to. */
function useLedCell(path: string, rows: string): Place | undefined {
  const led = useSelection((state) => state.setting);
  const [place, setPlace] = useState<Place>();
  useEffect(() => {
    if (!led || led.node !== path || !led.setting.startsWith(`${rows}[`)) return;
    const [, row = "0", column = "0"] = /\[(\d+)\](?:\[(\d+)\])?$/.exec(led.setting) ?? [];
    setPlace({ row: Number(row), column: Number(column) });
  }, [led, path, rows]);
  return place;
}
