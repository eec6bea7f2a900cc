import {
  BaseEdge,
  type ConnectionLineComponentProps,
  type EdgeProps,
  getBezierPath,
  ViewportPortal,
} from "@xyflow/react";
import { memo, useEffect, useMemo } from "react";
import { pathOf } from "../graph/document";
import { aside, course } from "../graph/route";
import { useCatalog } from "../store/catalog";
import { useDocument } from "../store/document";
import { useStatus } from "../store/status";
import { canvasTexts as texts } from "../texts/canvas";
import { drawnWire, endOf, misfit } from "./actions";
import type { FlowNode, WireEdge } from "./flow";
import { useObstacles } from "./obstacles";
import { shapeWords } from "./shapeWords";
import { leaveWire, useCanvas } from "./state";
import css from "./Wire.module.css";

/** Wires are told apart by dash too, as in reports. */
const DASHES: Record<string, string> = {
  hexagon: "9 4",
  triangle: "2 4",
  circle: "6 3 1.5 3",
  diamond: "12 3 2 3",
  star: "4 4",
  pentagon: "14 4",
};

const portColour = (type: string | null | undefined): string =>
  type ? `var(--port-${type}, var(--faint))` : "var(--faint)";

function useDash(type: string | null | undefined): string | undefined {
  return useCatalog((state) => DASHES[state.portTypes.get(type ?? "")?.shape ?? ""]);
}

/** What flows through a wire between layers: "96 steps x 14"; nothing for other wires, and while it is not known. */
function useShape(type: string | null | undefined, source: string, port: string | null | undefined): string {
  const within = useDocument((state) => state.within);
  const key = `${pathOf(within, source)}.${(port ?? "").replace("out:", "")}`;
  const shape = useStatus((status) => (type === "Network" ? status.ports[key]?.facts?.shape : undefined));
  return typeof shape === "string" ? shape : "";
}

/**
 * A wire in the colour and the dash of what it carries; between layers with the shape of what flows. Under the pointer, or
 * chosen, it is seen before the boxes too.
 */
export const Wire = memo(function Wire(props: EdgeProps<WireEdge>) {
  const { id, source, sourceHandleId, sourceX, sourceY, target, targetX, targetY, data, selected } = props;
  const dash = useDash(data?.type);
  const drop = useCanvas((state) => state.dropWire === id);
  const shape = useShape(data?.type, source, sourceHandleId);
  const boxes = useObstacles(source, target);
  const over = useCanvas((state) => state.overWire === id);
  const { path, x, y } = useMemo(
    () => course({ x: sourceX, y: sourceY }, { x: targetX, y: targetY }, boxes, aside(`${source}.${sourceHandleId}`)),
    [sourceX, sourceY, targetX, targetY, boxes, source, sourceHandleId],
  );
  const style = { stroke: portColour(data?.type), strokeDasharray: dash };
  useEffect(() => () => leaveWire(id), [id]); // the pointer does not leave what goes
  return (
    <>
      {(over || selected) && (
        <ViewportPortal>
          <svg className={css.front} aria-hidden="true">
            <path d={path} style={style} data-selected={selected} />
          </svg>
        </ViewportPortal>
      )}
      <BaseEdge
        path={path}
        interactionWidth={18}
        className={css.wire ?? ""}
        data-selected={selected}
        data-drop={drop}
        style={style}
      />
      {shape && (
        <text className={css.shape} x={x} y={y - 7} textAnchor="middle">
          {shapeWords(shape, sourceX, targetX)}
        </text>
      )}
    </>
  );
});

/** The wire in the hand; where it may not end, it says why. */
export function WireInHand({
  fromX,
  fromY,
  toX,
  toY,
  fromHandle,
  toHandle,
  fromPosition,
  toPosition,
}: ConnectionLineComponentProps<FlowNode>) {
  const end = endOf(fromHandle.nodeId, fromHandle.id ?? "");
  const dash = useDash(end.type);
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  });
  const reason = toHandle ? reasonFor(fromHandle, toHandle) : "";
  return (
    <g>
      <path
        d={path}
        className={css.inHand}
        data-refused={reason !== ""}
        style={{ stroke: portColour(end.type), strokeDasharray: dash }}
      />
      {reason && (
        <foreignObject x={toX + 14} y={toY + 10} width={260} height={90} className={css.over}>
          <div className={css.reason} role="status">
            {reason}
          </div>
        </foreignObject>
      )}
    </g>
  );
}

interface End {
  nodeId: string;
  id?: string | null;
  type: "source" | "target";
}

function reasonFor(from: End, to: End): string {
  if (from.nodeId === to.nodeId && from.id === to.id) return "";
  if (from.type === to.type) return misfitSides(from.type);
  const [source, target] = from.type === "source" ? [from, to] : [to, from];
  return misfit(drawnWire(source.nodeId, source.id ?? "", target.nodeId, target.id ?? ""));
}

const misfitSides = (type: "source" | "target"): string => (type === "source" ? texts.bothOutputs : texts.bothInputs);
