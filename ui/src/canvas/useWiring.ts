import type { Connection, Edge, FinalConnectionState } from "@xyflow/react";
import { useReactFlow } from "@xyflow/react";
import { useCallback, useRef } from "react";
import { notify } from "../store/notices";
import { connect, connectToNode, disconnect, drawnWire, endOf, misfit } from "./actions";
import type { WireEdge } from "./flow";
import { cornerAt } from "./sizes";
import { say, show, type WireEnd } from "./state";

const wireFrom = (one: Connection | Edge) =>
  drawnWire(one.source, one.sourceHandle ?? "", one.target, one.targetHandle ?? "");

const pointOf = (event: MouseEvent | TouchEvent): { x: number; y: number } => {
  const at = "clientX" in event ? event : (event.changedTouches[0] ?? { clientX: 0, clientY: 0 });
  return { x: at.clientX, y: at.clientY };
};

/** Drawing wires: refused with the reason while dragging; to empty canvas asks what comes next. */
export function useWiring() {
  const { screenToFlowPosition } = useReactFlow();
  const reconnected = useRef(false);

  const isValidConnection = useCallback((one: Connection | Edge) => misfit(wireFrom(one)) === "", []);
  const onConnect = useCallback((one: Connection) => {
    connect(wireFrom(one));
  }, []);

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (state.isValid || !state.fromHandle) return;
      const from = endOf(state.fromHandle.nodeId, state.fromHandle.id ?? "");
      if (state.toHandle) return refuse(from, endOf(state.toHandle.nodeId, state.toHandle.id ?? ""));
      const at = pointOf(event);
      const under = document.elementFromPoint(at.x, at.y);
      const node = under?.closest(".react-flow__node")?.getAttribute("data-id");
      if (node) connectToNode(from, node);
      else if (under?.closest(".react-flow"))
        show({ search: { at, flow: cornerAt(screenToFlowPosition(at), from.side), from } });
    },
    [screenToFlowPosition],
  );

  const onReconnectStart = useCallback(() => {
    reconnected.current = false;
  }, []);
  const onReconnect = useCallback((old: WireEdge, now: Connection) => {
    reconnected.current = true;
    connect(wireFrom(now), old.id);
  }, []);
  const onReconnectEnd = useCallback((event: MouseEvent | TouchEvent, old: WireEdge) => {
    const { x, y } = pointOf(event);
    if (!reconnected.current && !document.elementFromPoint(x, y)?.closest(".react-flow__node")) disconnect([old.id]);
  }, []);
  return { isValidConnection, onConnect, onConnectEnd, onReconnectStart, onReconnect, onReconnectEnd };
}

/** A wire let go over a port that does not take it. */
function refuse(from: WireEnd, to: WireEnd): void {
  if (from.node === to.node || from.side === to.side) return;
  const [source, target] = from.side === "out" ? [from, to] : [to, from];
  const reason = misfit({ source: source.node, output: source.port, target: target.node, input: target.port });
  if (!reason) return;
  notify({ tone: "info", text: reason });
  say(reason);
}
