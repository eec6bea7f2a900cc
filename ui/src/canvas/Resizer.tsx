import { NodeResizer } from "@xyflow/react";
import { resize } from "./actions";
import css from "./Resizer.module.css";

/** The handles at the edges of a box that may be made larger. */
export function Resizer({ id, ...rest }: { id: string; isVisible: boolean; minWidth: number; minHeight: number }) {
  return (
    <NodeResizer
      onResizeEnd={(_, { x, y, width, height }) => resize(id, x, y, width, height)}
      lineClassName={css.line ?? ""}
      handleClassName={css.handle ?? ""}
      {...rest}
    />
  );
}
