// Which part of the canvas is shown: what is fitted stays clear of the zoom bar and of panels that lie over the canvas.

import { useStore, useStoreApi, type Viewport } from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { unfoldedOfPath } from "../app/router";
import { useDocument } from "../store/document";
import { useLayout } from "../store/layout";
import { moving } from "../store/moving";
import { keepStanding, takeView } from "../store/standing";
import type { FlowNode } from "./flow";
import { freeSpot } from "./free";
import { around, type Rect, viewOf, within } from "./overview";
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
export function margins(): Room {
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

/** The view of all boxes on a canvas of this size, at most in their natural size, or another.  most: the largest zoom. */
export function fitted(boxes: readonly Rect[], size: Extent, room: Room, most = 1): Viewport {
  const { x: left, y: top, width, height } = around(boxes) ?? { x: 0, y: 0, width: 1, height: 1 };
  const free = { width: size.width - room.left - room.right, height: size.height - room.top - room.bottom };
  const zoom = Math.max(LEAST_ZOOM, Math.min(most, free.width / width, free.height / height));
  return {
    x: room.left + (free.width - width * zoom) / 2 - left * zoom,
    y: room.top + (free.height - height * zoom) / 2 - top * zoom,
    zoom,
  };
}

/**
 * The view of all boxes once the canvas is lower than it was, where all were seen before and not all are now; null where they
 * were not, or would get too small to read.
 */
export function yielded(
  boxes: readonly Rect[],
  view: Viewport,
  before: number,
  size: Extent,
  room: Room,
): Viewport | null {
  const whole = around(boxes);
  if (!whole) return null;
  const { x, y, width, height } = within(whole, { scale: view.zoom, x: view.x, y: view.y });
  const seen = x >= 0 && y >= 0 && x + width <= size.width && y + height <= before;
  if (!seen || y + height <= size.height) return null;
  const fit = fitted(boxes, size, room, view.zoom);
  return fit.zoom >= Math.min(READABLE, view.zoom) ? fit : null;
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
export const boxesOf = (nodes: readonly FlowNode[]): Rect[] =>
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

/** A place for a box of this size: near the wished one, in sight and clear of what is drawn there.  null: anywhere in sight. */
export type FreeSpot = (wished: { x: number; y: number } | null, size: Extent) => { x: number; y: number };

export function useFreeSpot(): FreeSpot {
  const flow = useStoreApi<FlowNode>();
  return useCallback(
    (wished, size) => {
      const { transform, width, height, nodes } = flow.getState();
      const view = clear(viewOf(transform, width, height), margins(), transform[2]);
      const others = boxesOf(nodes.filter(({ type }) => type !== "frame"));
      return freeSpot(others, size, wished ?? { x: view.x + view.width / 3, y: view.y + view.height / 3 }, view);
    },
    [flow],
  );
}

/** A view without what is to stay free at its sides. */
const clear = ({ x, y, width, height }: Rect, { top, right, bottom, left }: Room, zoom: number): Rect => ({
  x: x + left / zoom,
  y: y + top / zoom,
  width: width - (left + right) / zoom,
  height: height - (top + bottom) / zoom,
});

/** Show a level when it is first looked at; whoever comes back from an opened network sees what was left. */
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
  useLayoutEffect(
    () => () => {
      const [x, y, zoom] = flow.getState().transform;
      if (unfoldedOfPath(location.pathname) !== null) keepStanding({ x, y, zoom });
      moving({ beginning: true });
    },
    [flow],
  );
  useEffect(() => {
    if (!ready || shown.current === place) return;
    shown.current = place;
    requestAnimationFrame(() => {
      const { width, height } = flow.getState();
      const boxes = boxesOf(latest.current);
      const { id, within } = useDocument.getState();
      const view = takeView(id, within);
      if (boxes.length > 0) put(view ?? beginning(boxes, { width, height }, margins()));
      moving({ beginning: false });
    });
  }, [place, ready, put, flow]);
}
