import { type Edge, type ReactFlowProps, useReactFlow } from "@xyflow/react";
import { type MouseEvent, useMemo } from "react";
import { pathOf } from "../graph/document";
import { EDGE_IN } from "../graph/faces";
import { useDocument } from "../store/document";
import { useSelection } from "../store/selection";
import { enter, unfold } from "./actions";
import type { FlowNode, WireEdge } from "./flow";
import { type Menu, show } from "./state";

type Pointing = Pick<
  ReactFlowProps<FlowNode, WireEdge>,
  | "onNodeDoubleClick"
  | "onNodeContextMenu"
  | "onSelectionContextMenu"
  | "onEdgeContextMenu"
  | "onPaneContextMenu"
  | "onEdgeClick"
  | "onEdgeMouseEnter"
  | "onEdgeMouseLeave"
>;

/**
 * What double clicks, menus and clicks on wires do. Always the same functions: with new ones at each move of a node, React
 * Flow would draw every other node and wire anew too.
 */
export function usePointing(): Pointing {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(() => {
    const menu = (event: Pick<MouseEvent, "clientX" | "clientY" | "preventDefault">, of: Menu["of"]): void => {
      event.preventDefault();
      const at = { x: event.clientX, y: event.clientY };
      show({ menu: { at, flow: screenToFlowPosition(at), of } });
    };
    return {
      onNodeDoubleClick: (_: MouseEvent, { id, type }: FlowNode) =>
        unfold(id) || (type === "box" ? enter(id) : type === "edge" || show({ renaming: id })),
      onNodeContextMenu: (event: MouseEvent, { id }: FlowNode) => {
        const { ids, select } = useSelection.getState();
        if (!ids.includes(id)) select([id]);
        menu(event, { kind: "nodes" });
      },
      onSelectionContextMenu: (event: MouseEvent) => menu(event, { kind: "nodes" }),
      onEdgeContextMenu: (event: MouseEvent, { id }: Edge) => menu(event, { kind: "wire", wire: id }),
      onPaneContextMenu: (event) => menu(event, { kind: "canvas" }),
      onEdgeMouseEnter: (_: MouseEvent, { id }: Edge) => show({ overWire: id }),
      onEdgeMouseLeave: () => show({ overWire: null }),
      onEdgeClick: (_: MouseEvent, edge: WireEdge) => lookAlong(edge),
    };
  }, [screenToFlowPosition]);
}

/** A click on a wire looks at what it carries. */
function lookAlong(edge: WireEdge): void {
  if (edge.source === EDGE_IN) return;
  const { within } = useDocument.getState();
  useSelection
    .getState()
    .look({ node: pathOf(within, edge.source), port: (edge.sourceHandle ?? "").replace("out:", "") });
}
