// Which part of the canvas is shown: what is fitted stays clear of the zoom bar and of panels that lie over the canvas.

import { useStore, useStoreApi, type Viewport } from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { useDocument } from "../store/document";
import { useLayout } from "../store/layout";
import { moving } from "../store/moving";
import type { FlowNode } from "./flow";
import { around, type Rect } from "./overview";
import { useGlides } from "./useGlides";

export const LEAST_ZOOM = 0.05;

const MARGIN = 36; // pixels
const BAR = 64; // pixels, with the zoom bar
const CRUMBS = 56; // pixels, with the way out of a component

interface Room {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** Pixels at each side of the canvas that are left free. */
function margins(): Room {
  const { narrow, paletteOpen, paletteWidth, settingsOpen, settingsWidth } = useLayout.getState();
  return {
    top: useDocument.getState().within ? CRUMBS : MARGIN,
    right: MARGIN + (narrow && settingsOpen ? settingsWidth : 0),
    bottom: BAR,
    left: MARGIN + (narrow && paletteOpen ? paletteWidth : 0),
  };
}

interface Extent {
  width: number;
  height: number;
}

const READABLE = 0.5; // a zoom at which words can just be read
const COMFORTABLE = 0.7;

/** The view of all boxes on a canvas of this size, at most in their natural size. */
export function fitted(boxes: readonly Rect[], size: Extent, room: Room): Viewport {
  const { x: left, y: top, width, height } = around(boxes) ?? { x: 0, y: 0, width: 1, height: 1 };
  const free = { width: size.width - room.left - room.right, height: size.height - room.top - room.bottom };
  const zoom = Math.max(LEAST_ZOOM, Math.min(1, free.width / width, free.height / height));
  return {
    x: room.left + (free.width - width * zoom) / 2 - left * zoom,
    y: room.top + (free.height - height * zoom) / 2 - top * zoom,
    zoom,
  };
}

/** The view that a level begins with: the whole, or where that is too small to read, its left side, larger where the height allows. */
export function beginning(boxes: readonly Rect[], size: Extent, room: Room): Viewport {
  const whole = fitted(boxes, size, room);
  if (whole.zoom >= READABLE) return whole;
  const first = boxes.reduce((a, b) => (b.x < a.x ? b : a));
  const { y: above, height } = around(boxes) ?? first;
  const free = size.height - room.top - room.bottom;
  const zoom = Math.min(COMFORTABLE, Math.max(READABLE, free / height));
  const [top, bottom] = [above * zoom, (above + height) * zoom];
  const middle = room.top + free / 2 - (first.y + first.height / 2) * zoom;
  const lowest = size.height - room.bottom - bottom;
  const centred = room.top + (free - (bottom - top)) / 2 - top;
  const y = bottom - top <= free ? centred : Math.min(room.top - top, Math.max(lowest, middle));
  return { x: room.left - first.x * zoom, y, zoom };
}

/** Where boxes lie, as large as they are drawn, or will be. */
const boxesOf = (nodes: readonly FlowNode[]): Rect[] =>
  nodes.map(({ position, measured, width, height, initialWidth, initialHeight }) => ({
    ...position,
    width: measured?.width ?? width ?? initialWidth ?? 0,
    height: measured?.height ?? height ?? initialHeight ?? 0,
  }));

/** Show everything. */
export function useFit(): () => void {
  const flow = useStoreApi<FlowNode>();
  const { glide } = useGlides();
  return useCallback(() => {
    const { nodes, width, height } = flow.getState();
    if (nodes.length > 0) glide(fitted(boxesOf(nodes), { width, height }, margins()), 200);
  }, [flow, glide]);
}

/** Show a level when it is first looked at. */
export function useBeginning(nodes: readonly FlowNode[]): void {
  const { put } = useGlides();
  const flow = useStoreApi();
  const place = useDocument((state) => `${state.id}/${state.within}`);
  const ready = useStore((state) => state.width > 0);
  const shown = useRef("");
  const latest = useRef(nodes);
  latest.current = nodes;
  useLayoutEffect(() => {
    if (shown.current !== place) moving({ beginning: true });
  }, [place]);
  useEffect(() => () => moving({ beginning: true }), []);
  useEffect(() => {
    if (!ready || shown.current === place) return;
    shown.current = place;
    requestAnimationFrame(() => {
      const { width, height } = flow.getState();
      const boxes = boxesOf(latest.current);
      if (boxes.length > 0) put(beginning(boxes, { width, height }, margins()));
      moving({ beginning: false });
    });
  }, [place, ready, put, flow]);
}
