import { useStoreApi } from "@xyflow/react";
import { memo, useEffect, useMemo, useRef } from "react";
import { useCatalog } from "../store/catalog";
import { useTheme } from "../store/layout";
import { useStatus } from "../store/status";
import css from "./Canvas.module.css";
import { coursesAmong } from "./farCourses";
import { type Drawn, drawFar, lookOf, type Transform } from "./farDrawing";
import type { FlowNode, WireEdge } from "./flow";
import { useResting } from "./obstacles";

/** Zoomed out further than this, boxes are plain: sooner where there are many. */
export const FAR_MANY = 0.42;
export const FAR_FEW = 0.24;

/** Pixels that are drawn beyond each edge of the view: so far a sheet is pushed about as it is. */
const BEYOND = 160;

/**
 * All boxes and wires on a sheet, plain: what is too small to read costs nothing to draw. What is being dragged lies on a
 * sheet of its own, so that all the others stay as they are drawn.
 */
export function FarField({ nodes, edges }: { nodes: readonly FlowNode[]; edges: readonly WireEdge[] }) {
  const inHand = nodes.filter((one) => one.dragging);
  const ids = new Set(inHand.map((one) => one.id));
  const held = (edge: WireEdge): boolean => ids.has(edge.source) || ids.has(edge.target);
  const resting = useSame(ids.size > 0 ? nodes.filter((one) => !ids.has(one.id)) : nodes);
  const lying = useSame(ids.size > 0 ? edges.filter((edge) => !held(edge)) : edges);
  const restingEnds = useMemo(() => new Map(resting.map((one) => [one.id, one])), [resting]);
  return (
    <div className={css.far} aria-hidden="true">
      <Sheet nodes={resting} edges={lying} ends={restingEnds} />
      {ids.size > 0 && (
        <Sheet nodes={inHand} edges={edges.filter(held)} ends={new Map(nodes.map((one) => [one.id, one]))} />
      )}
    </div>
  );
}

/** The list of before, where it holds the same things. */
function useSame<T>(now: readonly T[]): readonly T[] {
  const before = useRef(now);
  const { length } = before.current;
  if (length !== now.length || now.some((one, k) => one !== before.current[k])) before.current = now;
  return before.current;
}

/** One sheet, larger than the view: it is drawn anew only when the view is zoomed or leaves it. */
const Sheet = memo(function Sheet({ nodes, edges, ends }: Omit<Drawn, "states" | "courseOf">) {
  const sheet = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const theme = useTheme();
  const states = useStatus((status) => status.nodes);
  const kinds = useCatalog((state) => state.portTypes);
  const boxes = useResting();

  useEffect(() => {
    const canvas = sheet.current;
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen) return;
    const courseOf = coursesAmong(boxes);
    const look = lookOf(theme, kinds); // not before: the page takes on another theme after it is rendered
    let drawn: { transform: Transform; width: number; height: number } | null = null;
    const show = (): void => {
      const { width, height, transform } = flow.getState();
      const [x, y, zoom] = transform;
      if (!drawn || drawn.width !== width || drawn.height !== height || !covers(drawn.transform, transform)) {
        const size = { width: width + 2 * BEYOND, height: height + 2 * BEYOND };
        drawFar(pen, { nodes, edges, ends, states, courseOf }, look, [x + BEYOND, y + BEYOND, zoom], size);
        drawn = { transform, width, height };
      }
      const [right, down] = [x - drawn.transform[0], y - drawn.transform[1]];
      canvas.style.transform = `translate(${right - BEYOND}px, ${down - BEYOND}px)`;
    };
    let planned = 0;
    show();
    const stop = flow.subscribe((now, before) => {
      if (now.transform === before.transform && now.width === before.width && now.height === before.height) return;
      cancelAnimationFrame(planned);
      planned = requestAnimationFrame(show);
    });
    return () => {
      stop();
      cancelAnimationFrame(planned);
    };
  }, [nodes, edges, ends, flow, states, theme, kinds, boxes]);
  return <canvas ref={sheet} />;
});

/** Whether a sheet drawn for one view, pushed, holds all of another. */
function covers([x, y, zoom]: Transform, now: Transform): boolean {
  return zoom === now[2] && Math.abs(now[0] - x) <= BEYOND && Math.abs(now[1] - y) <= BEYOND;
}
