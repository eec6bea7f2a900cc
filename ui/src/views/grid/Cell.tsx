import type { DataType } from "apache-arrow";
import { memo } from "react";
import { cellOf } from "./cells";
import css from "./grid.module.css";
import { Picture } from "./Picture";

interface Props {
  id: string;
  column: number;
  left: number;
  width: number;
  type: DataType;
  waiting: boolean;
  value: unknown;
  active: boolean;
  onChoose: () => void;
  onOpen: () => void;
}

const NUMBERS = new Set([2, 3, 7]); // Arrow's ids of integers, floats and decimals

/** One cell of the table. */
export const Cell = memo(
  function Cell({ id, column, left, width, type, waiting, value, active, onChoose, onOpen }: Props) {
    const cell = waiting ? null : cellOf(value, type);
    return (
      // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents lint/a11y/useSemanticElements: the grid has focus and keys
      <div
        id={id}
        role="gridcell"
        aria-colindex={column + 1}
        className={waiting ? `${css.cell} ${css.waiting}` : css.cell}
        data-kind={cell?.kind}
        data-right={NUMBERS.has(type.typeId)}
        data-active={active}
        style={{ left, width }}
        onClick={onChoose}
        onDoubleClick={onOpen}
      >
        {cell?.kind === "image" && cell.bytes ? <Picture bytes={cell.bytes} tall={58} /> : cell?.text}
      </div>
    );
  },
  (a, b) =>
    a.value === b.value &&
    a.waiting === b.waiting &&
    a.active === b.active &&
    a.left === b.left &&
    a.width === b.width &&
    a.id === b.id &&
    a.type === b.type,
);
