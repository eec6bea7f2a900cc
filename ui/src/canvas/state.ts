// What the canvas shows for the moment: search, menus, dialogs. Nothing here belongs to the document.

import { create } from "zustand";

/** A port that a wire is drawn from. */
export interface WireEnd {
  node: string;
  port: string;
  /** which side of the node it is on */
  side: "in" | "out";
  type: string | null;
}

export interface Point {
  x: number;
  y: number;
}

interface Search {
  /** on the screen */
  at: Point;
  /** on the canvas: where the new node comes */
  flow: Point;
  /** the new node is wired to this port */
  from?: WireEnd;
  /** the new node goes into this wire */
  into?: string;
}

export interface Menu {
  at: Point;
  flow: Point;
  /** a node, note or frame; or a wire; or the empty canvas */
  of: { kind: "nodes" } | { kind: "wire"; wire: string } | { kind: "canvas" };
}

interface CanvasState {
  search: Search | null;
  menu: Menu | null;
  /** the node or port that "connect to ..." is asked for */
  connect: { node: string; end?: WireEnd } | null;
  /** a wire with a value dropped on a node: which setting shall it feed? */
  feed: { end: WireEnd; node: string } | null;
  help: boolean;
  /** node, frame or note whose text is being typed */
  renaming: string | null;
  /** a wire that would take up what is being dragged */
  dropWire: string | null;
  /** the wire under the pointer */
  overWire: string | null;
  /** so far out that boxes are plain */
  far: boolean;
  /** said to screen readers */
  said: string;
}

export const useCanvas = create<CanvasState>()(() => ({
  search: null,
  menu: null,
  connect: null,
  feed: null,
  help: false,
  renaming: null,
  dropWire: null,
  overWire: null,
  far: false,
  said: "",
}));

export const show = (what: Partial<CanvasState>): void => useCanvas.setState(what);

/** The pointer is no longer over a wire. */
export function leaveWire(id: string): void {
  if (useCanvas.getState().overWire === id) show({ overWire: null });
}

/** Say something to screen readers; a change is needed for the same to be said again. */
export const say = (text: string): void =>
  useCanvas.setState(({ said }) => ({ said: said === text ? `${text} ` : text }));
