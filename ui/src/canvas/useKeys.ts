import { useReactFlow } from "@xyflow/react";
import { useCallback, useEffect } from "react";
import { useDocument } from "../store/document";
import { useSelection } from "../store/selection";
import { cancel, run } from "../store/session";
import { useStatus } from "../store/status";
import * as actions from "./actions";
import { nextOf } from "./fitting";
import { boxElement, focusBox, focusCanvas, focusInto, focusSettings } from "./focus";
import { type Direction, firstNode, neighbour } from "./moving";
import { boxOf } from "./places";
import { BOX_WIDTH, NOTE } from "./sizes";
import { type Point, show, useCanvas, type WireEnd } from "./state";
import { useGlides } from "./useGlides";
import { useFit, useFreeSpot } from "./viewing";

/** What React's key events and the window's have in common. */
type Key = Pick<
  KeyboardEvent,
  | "key"
  | "ctrlKey"
  | "metaKey"
  | "shiftKey"
  | "altKey"
  | "target"
  | "defaultPrevented"
  | "preventDefault"
  | "stopPropagation"
>;

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest("input, textarea, select, [contenteditable=true], dialog, [role=menu]") !== null;

const ARROWS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const STEPS: Record<Direction, [number, number]> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

/** The chosen node, where exactly one is chosen. */
const chosen = (): string | null => {
  const { ids } = useSelection.getState();
  return ids.length === 1 ? (ids[0] ?? null) : null;
};

export function useKeys() {
  const { screenToFlowPosition } = useReactFlow();
  const { zoomIn, zoomOut, zoomToReal } = useGlides();
  const fit = useFit();
  const free = useFreeSpot();

  /** Where a new node comes when the keyboard adds it: right of the chosen one, else in the middle of what is seen. */
  const spot = useCallback((): { at: Point; flow: Point } => {
    const id = chosen();
    const { level, types } = actions.here();
    const box = id && level.nodes[id] ? boxOf(level, types, id) : null;
    const element = id ? boxElement(id) : null;
    if (box && element) {
      const seen = element.getBoundingClientRect();
      return { at: { x: seen.right + 24, y: seen.top }, flow: { x: box.x + BOX_WIDTH + 72, y: box.y } };
    }
    const view = document.querySelector("[data-canvas]")?.getBoundingClientRect();
    const at = { x: (view?.left ?? 0) + (view?.width ?? 800) / 2, y: (view?.top ?? 0) + (view?.height ?? 600) / 3 };
    return { at: { x: at.x - 190, y: at.y }, flow: screenToFlowPosition({ x: at.x - BOX_WIDTH / 2, y: at.y }) };
  }, [screenToFlowPosition]);

  const search = useCallback((from?: WireEnd) => show({ search: { ...spot(), ...(from ? { from } : {}) } }), [spot]);

  const go = useCallback((where: Direction) => {
    const { level, types } = actions.here();
    const now = useSelection.getState().ids.at(-1);
    const next = now && level.nodes[now] ? neighbour(level, types, now, where) : firstNode(level, types);
    if (!next) return;
    useSelection.getState().select([next]);
    focusBox(next);
  }, []);

  const onKeyDown = useCallback(
    (event: Key) => {
      if (typing(event.target) || event.defaultPrevented) return;
      const mod = event.ctrlKey || event.metaKey;
      const id = chosen();
      const arrow = ARROWS[event.key];
      const did = (act: () => unknown): void => {
        event.preventDefault();
        event.stopPropagation();
        act();
      };
      if (arrow && mod && !event.shiftKey) {
        if (arrow === "down" && id) did(() => actions.enter(id));
        if (arrow === "up") did(actions.leave);
      } else if (arrow && event.shiftKey) {
        const [x, y] = STEPS[arrow];
        const by = mod ? 48 : 8;
        did(() => actions.nudge(x * by, y * by));
      } else if (arrow && !event.altKey) did(() => go(arrow));
      else if (mod) {
        const key = event.key.toLowerCase();
        if (key === "a") did(chooseAll);
        else if (key === "d") did(actions.duplicate);
        else if (key === "c" && getSelection()?.isCollapsed !== false) did(actions.copy);
        else if (key === "x") did(actions.cut);
        else if (key === "g") did(event.shiftKey ? actions.expandChosen : actions.collapse);
      } else if (event.altKey) return;
      else
        switch (event.key) {
          case "Tab":
            if (!event.shiftKey) did(() => search(nextOf(id)));
            break;
          case "/":
            did(() => search());
            break;
          case "Delete":
          case "Backspace":
            did(() => {
              actions.removeChosen();
              focusCanvas();
            });
            break;
          case "Enter":
            if (id) did(focusSettings);
            break;
          case "F2":
            if (id) did(() => show({ renaming: id }));
            break;
          case "Escape":
            did(stepBack);
            break;
          case "ContextMenu":
            did(() => menuFor(id, spot()));
            break;
          case "F10":
            if (event.shiftKey) did(() => menuFor(id, spot()));
            break;
          case "c":
            if (id) did(() => show({ connect: { node: id } }));
            break;
          case "o":
            if (id) did(() => actions.unfold(id));
            break;
          case "n":
            did(() => actions.addNote(free(spot().flow, NOTE)));
            break;
          case "f":
            did(() => actions.addFrame(spot().flow));
            break;
          case "v":
            did(() => actions.togglePreview());
            break;
          case "p":
            did(actions.togglePin);
            break;
          case "r":
            did(() => actions.runChosen());
            break;
          case "l":
            did(actions.tidy);
            break;
          case "0":
            did(fit);
            break;
          case "1":
            did(zoomToReal);
            break;
          case "+":
          case "=":
            did(zoomIn);
            break;
          case "-":
            did(zoomOut);
            break;
        }
    },
    [fit, free, go, search, spot, zoomIn, zoomOut, zoomToReal],
  );
  useWindowKeys(onKeyDown);
  return { onKeyDown, search };
}

function chooseAll(): void {
  const { level } = actions.here();
  useSelection
    .getState()
    .select([...Object.keys(level.nodes), ...Object.keys(level.notes), ...Object.keys(level.frames)]);
}

function stepBack(): void {
  const { ids, wires, select } = useSelection.getState();
  if (ids.length + wires.length > 0) select([]);
  else actions.leave();
  focusCanvas();
}

function menuFor(id: string | null, { at, flow }: { at: Point; flow: Point }): void {
  const box = id ? boxElement(id)?.getBoundingClientRect() : null;
  const point = box ? { x: box.left + 20, y: box.top + 40 } : at;
  const { ids } = useSelection.getState();
  show({ menu: { at: point, flow, of: { kind: ids.length > 0 ? "nodes" : "canvas" } } });
}

/** Keys that work wherever the focus is: undo, run, help, going round the parts of the window. */
function useWindowKeys(onCanvas: (event: Key) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // Nothing has the focus: the canvas is meant, but for Tab, which goes on to what can have it.
      if (event.target === document.body && event.key !== "Tab") onCanvas(event);
      if (event.defaultPrevented) return;
      const mod = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      const { undo, redo } = useDocument.getState();
      const did = (act: () => void): void => {
        event.preventDefault();
        act();
      };
      if (event.key === "F6") did(() => nextArea(event.shiftKey));
      else if (mod && event.key === "Enter") did(() => (useStatus.getState().run.state === "idle" ? run() : cancel()));
      else if (typing(event.target)) return;
      else if (mod && key === "z") did(event.shiftKey ? redo : undo);
      else if (mod && key === "y") did(redo);
      else if (event.key === "?" && !useCanvas.getState().search) did(() => show({ help: true }));
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onCanvas]);
}

/** The next part of the window that can takes the focus. */
function nextArea(back: boolean): void {
  const areas = [...document.querySelectorAll<HTMLElement>("[data-area]")].filter((one) => one.offsetParent !== null);
  const now = areas.findIndex((one) => one.contains(document.activeElement));
  for (let step = 1; step <= areas.length; step += 1) {
    const next = areas[(now + (back ? -step : step) + 2 * areas.length) % areas.length];
    if (next?.dataset.area === "canvas") {
      const id = chosen();
      if (id) focusBox(id);
      else focusCanvas();
      return;
    }
    if (next && focusInto(next)) return;
  }
}
