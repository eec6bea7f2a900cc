import { usePlace, useStep } from "../opened";
import { useStill } from "../parts/colours";
import { useLooking } from "../state";
import type { TimeRow } from "./rows";
import { type Columns, LEFT } from "./Time";

/** The step looked at: a lit column, and the arrows by which information (or the error) passes through it. */
export function Cursor({ columns, rows, height }: { columns: Columns; rows: TimeRow[]; height: number }) {
  const t = useStep();
  const backward = useLooking((s) => s.backward);
  const playing = useLooking((s) => s.playing);
  const { direction, layer } = usePlace();
  const still = useStill();
  const x = (t - columns.start) * columns.step;
  const width = Math.max(2, columns.step);
  const inside = t >= columns.start && t < columns.stop;
  const cells = rows.filter((row) => row.kind === "cells");
  const top = cells[0]?.y ?? 0;
  const last = cells.at(-1);
  const bottom = last ? last.y + last.height : height;
  const here =
    cells.find((row) => row.kind === "cells" && row.layer === layer && row.direction === direction) ?? rows[0];
  const ahead = (direction === "reverse") === backward;
  return (
    <>
      {playing && (
        <div
          className="unf-unreached"
          style={{
            top: top - 2,
            height: bottom - top + 4,
            ...(ahead
              ? { left: LEFT + Math.max(0, x + width), right: 14 }
              : { left: LEFT, width: Math.max(0, Math.min(columns.width, x)) }),
          }}
        />
      )}
      {inside && here && (
        <div
          className={`unf-cursor${backward ? " backward" : ""}${playing && !still ? " playing" : ""}`}
          style={{ transform: `translateX(${LEFT + x}px)`, width, height }}
        >
          <i />
          <i className="unf-focus" data-focus="2" style={{ top: here.y, height: here.height }} />
          <Flow
            rows={rows}
            width={width}
            height={height}
            backward={backward}
            first={t === columns.start}
            last={t === columns.stop - 1}
          />
        </div>
      )}
    </>
  );
}

/** Arrows up (or down) between the rows, and to the next step (or the one before) where that is shown. */
function Flow({
  rows,
  width,
  height,
  backward,
  first,
  last,
}: {
  rows: TimeRow[];
  width: number;
  height: number;
  backward: boolean;
  /** Whether no step is shown to the left, or to the right. */
  first: boolean;
  last: boolean;
}) {
  const flow = rows.filter((row) => row.kind !== "norms" && !(row.kind === "shown" && row.of === "wanted"));
  const middle = width / 2;
  const paths = flow.slice(1).map((row, k) => {
    const above = flow[k];
    if (!above) return null;
    const [low, high] = [row.y + 1, above.y + above.height - 1];
    return backward ? arrow(middle, high, middle, low) : arrow(middle, low, middle, high);
  });
  const cells = rows.filter((row) => row.kind === "cells");
  const sideways = cells.map((row) => {
    const y = row.y + row.height / 2;
    const ahead = (row.kind === "cells" && row.direction === "reverse") === backward;
    if (ahead ? last : first) return null;
    return ahead ? arrow(width - 2, y, width + 20, y) : arrow(2, y, -20, y);
  });
  return (
    <svg className="unf-flow" width={width} height={height} aria-hidden="true">
      {[...paths, ...sideways].map((path, k) => (path ? <path key={String(k)} d={path} /> : null))}
    </svg>
  );
}

function arrow(x1: number, y1: number, x2: number, y2: number): string {
  const [dx, dy] = [Math.sign(x2 - x1), Math.sign(y2 - y1)];
  const [px, py] = [dy * 4, dx * 4];
  return `M${x1} ${y1}L${x2} ${y2}M${x2 - 5 * dx + px} ${y2 - 5 * dy + py}L${x2} ${y2}L${x2 - 5 * dx - px} ${y2 - 5 * dy - py}`;
}
