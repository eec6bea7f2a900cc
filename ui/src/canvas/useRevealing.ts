import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import { moving } from "../store/moving";
import { untilCalm } from "../store/pointer";
import { useSelection } from "../store/selection";
import { here } from "./actions";
import type { FlowNode } from "./flow";
import { revealWith } from "./focus";
import { boxOf } from "./places";
import { useGlides } from "./useGlides";
import { boxesOf, margins, yielded } from "./viewing";

const MARGIN = 40;

/**
 * A box that takes the focus is moved into sight. When the panel below rises, what was seen whole is made to fit into what is
 * left; else the chosen box is moved into sight, if it was seen.
 */
export function useRevealing(nodes: readonly FlowNode[]): void {
  const { getViewport } = useReactFlow();
  const { glide } = useGlides();
  const flow = useStoreApi<FlowNode>();
  const height = useStore((state) => state.height);
  const before = useRef(height);
  const latest = useRef(nodes);
  latest.current = nodes;
  const reveal = useCallback(
    (id: string, seenTo = Infinity): void => {
      const { level, types } = here();
      const view = document.querySelector("[data-canvas]")?.getBoundingClientRect();
      if (!view || !(level.nodes[id] ?? level.notes[id] ?? level.frames[id])) return;
      const { x, y, zoom } = getViewport();
      const box = boxOf(level, types, id);
      const [left, top] = [box.x * zoom + x, box.y * zoom + y];
      const [right, bottom] = [left + box.width * zoom, top + box.height * zoom];
      const inside = left >= 0 && top >= 0 && right <= view.width && bottom <= view.height;
      const unseen = seenTo < Infinity && (right < 0 || bottom < 0 || left > view.width || top > seenTo);
      if (inside || unseen) return;
      const by = (low: number, high: number, size: number): number =>
        low < MARGIN ? MARGIN - low : high > size - MARGIN ? size - MARGIN - high : 0;
      glide({ x: x + by(left, right, view.width), y: y + by(top, bottom, view.height), zoom }, 160);
    },
    [getViewport, glide],
  );
  useEffect(() => revealWith(reveal), [reveal]);
  useEffect(() => {
    const was = before.current;
    if (height >= was) {
      before.current = height;
      return;
    }
    const makeRoom = (): void => {
      const { width } = flow.getState();
      const whole = yielded(boxesOf(latest.current), getViewport(), was, { width, height }, margins());
      const { ids } = useSelection.getState();
      if (whole) glide(whole, 160);
      else if (ids.length === 1 && ids[0]) reveal(ids[0], was);
    };
    moving({ yielding: true });
    let timer = 0;
    const attempt = (): void => {
      const left = untilCalm();
      if (left > 0) {
        timer = window.setTimeout(attempt, left);
        return;
      }
      before.current = height;
      makeRoom();
      moving({ yielding: false });
    };
    attempt();
    return () => {
      clearTimeout(timer);
      moving({ yielding: false });
    };
  }, [height, reveal, flow, getViewport, glide]);
}
