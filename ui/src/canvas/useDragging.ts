import type { OnNodeDrag } from "@xyflow/react";
import { type Dispatch, type SetStateAction, useCallback, useRef } from "react";
import { movedTo, type Place } from "../graph/document";
import { intoWire } from "../graph/fits";
import type { Plain } from "../graph/ops";
import { act, here, insertIntoWire, wiresAt } from "./actions";
import type { FlowNode } from "./flow";
import { boxOf, settled } from "./places";
import { show, useCanvas } from "./state";

interface Drag {
  /** where what a frame takes along stood */
  along: Map<string, { x: number; y: number }>;
  from: { x: number; y: number };
}

/** Dragging boxes: a frame takes along what lies in it, a node dropped on a wire goes into it. */
export function useDragging(setNodes: Dispatch<SetStateAction<FlowNode[]>>) {
  const drag = useRef<Drag | null>(null);

  const onNodeDragStart: OnNodeDrag<FlowNode> = useCallback((_, node, moved) => {
    drag.current = { along: along(moved), from: { ...node.position } };
  }, []);

  const onNodeDrag: OnNodeDrag<FlowNode> = useCallback(
    (event, node, moved) => {
      const state = drag.current;
      if (!state) return;
      if (state.along.size > 0) {
        const x = node.position.x - state.from.x;
        const y = node.position.y - state.from.y;
        setNodes((old) =>
          old.map((one) => {
            const start = state.along.get(one.id);
            return start ? { ...one, position: { x: start.x + x, y: start.y + y }, dragging: true } : one;
          }),
        );
      }
      const wire = moved.length === 1 && node.type === "box" ? wireUnder(event, node.id) : null;
      if (useCanvas.getState().dropWire !== wire) show({ dropWire: wire });
    },
    [setNodes],
  );

  const onNodeDragStop: OnNodeDrag<FlowNode> = useCallback(
    (_, node, moved) => {
      const state = drag.current;
      drag.current = null;
      const wire = useCanvas.getState().dropWire;
      show({ dropWire: null });
      const x = node.position.x - (state?.from.x ?? 0);
      const y = node.position.y - (state?.from.y ?? 0);
      setNodes((old) => old.map((one) => (state?.along.has(one.id) ? { ...one, dragging: false } : one)));
      if (!state || (x === 0 && y === 0)) return;
      const places = Object.fromEntries([
        ...moved.map((one) => [one.id, placed(one.id, one.position)]),
        ...[...state.along].map(([id, at]) => [id, placed(id, { x: at.x + x, y: at.y + y })]),
      ]) as Record<string, Place>;
      const move: Plain = { op: "move", layout: { ...settledPlaces(), ...places } };
      if (!wire || !insertIntoWire(node.id, wire, move)) act([move]);
    },
    [setNodes],
  );
  return { onNodeDragStart, onNodeDrag, onNodeDragStop };
}

function settledPlaces(): Record<string, Place> {
  const [move] = settled();
  return move?.op === "move" ? (move.layout as Record<string, Place>) : {};
}

const placed = (id: string, { x, y }: { x: number; y: number }): Place => movedTo(here().level.layout[id], x, y);

/** What lies wholly in the frames that are dragged, and is not dragged itself. */
function along(moved: readonly FlowNode[]): Drag["along"] {
  const { level, types } = here();
  const found: Drag["along"] = new Map();
  const inHand = new Set(moved.map((one) => one.id));
  const frames = moved.filter((one) => one.type === "frame").map((one) => boxOf(level, types, one.id));
  if (frames.length === 0) return found;
  for (const id of [...Object.keys(level.nodes), ...Object.keys(level.notes), ...Object.keys(level.frames)]) {
    if (inHand.has(id)) continue;
    const b = boxOf(level, types, id);
    const inside = frames.some(
      (f) => b.x >= f.x && b.y >= f.y && b.x + b.width <= f.x + f.width && b.y + b.height <= f.y + f.height,
    );
    if (inside) found.set(id, { x: b.x, y: b.y });
  }
  return found;
}

/** The wire under the pointer that would take the node up: only a node without wires is put into one. */
function wireUnder(event: MouseEvent | TouchEvent, id: string): string | null {
  if (!("clientX" in event) || wiresAt(id).length > 0) return null;
  return wireAt(event.clientX, event.clientY, (wire) => {
    const { level, types } = here();
    return intoWire(level, id, wire, types).length > 0;
  });
}

/** The first wire at a point of the screen that fits. */
export function wireAt(x: number, y: number, fits: (wire: string) => boolean): string | null {
  const { level } = here();
  for (const element of document.elementsFromPoint(x, y)) {
    const wire = element.closest(".react-flow__edge")?.getAttribute("data-id");
    if (wire && level.wires.includes(wire) && fits(wire)) return wire;
  }
  return null;
}
