import { useRef } from "react";
import type { ColumnStatistics } from "../../api/generated";
import { typeIcon } from "../../panels/form/columns";
import { gridTexts } from "../../texts/grid";
import { Icon } from "../../theme/Icon";
import css from "./grid.module.css";
import { Histogram } from "./Histogram";

interface Props {
  name: string;
  type: string;
  index: number;
  left: number;
  width: number;
  sort: string;
  mini: boolean;
  statistics: ColumnStatistics | undefined;
  chosen: boolean;
  onSort: (sort: string) => void;
  onWidth: (width: number) => void;
}

const NARROWEST = 48;

/** A column's head: type, name, order, small histogram. A click goes through smallest first, largest first, none. */
export function HeadCell({ name, type, index, left, width, sort, mini, statistics, chosen, onSort, onWidth }: Props) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const order = sort === name ? "ascending" : sort === `-${name}` ? "descending" : undefined;
  const next = order === undefined ? name : order === "ascending" ? `-${name}` : "";
  const action = { "": gridTexts.sortNone, [name]: gridTexts.sortUp }[next] ?? gridTexts.sortDown;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: the button within takes focus
    <div
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={order ?? "none"}
      className={css.headCell}
      style={{ left, width }}
    >
      <button
        type="button"
        className={css.headButton}
        title={`${gridTexts.column(name, type)}\n${action(name)}`}
        onClick={() => onSort(next)}
      >
        <Icon name={typeIcon(type)} size={13} label={type} />
        <span className={css.headName}>{name}</span>
        {order && <Icon name={order === "ascending" ? "sort-up" : "sort-down"} size={12} />}
      </button>
      {mini && statistics && (
        <Histogram column={statistics} className={css.mini} missingClass={css.gone} chosen={chosen} />
      )}
      <span
        className={css.resize}
        aria-hidden="true"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = { x: event.clientX, width };
        }}
        onPointerMove={(event) =>
          from.current && onWidth(Math.max(NARROWEST, from.current.width + event.clientX - from.current.x))
        }
        onPointerUp={() => {
          from.current = null;
        }}
      />
    </div>
  );
}
