import { applyNodeChanges, type EdgeChange, type NodeChange } from "@xyflow/react";
import { useCallback, useLayoutEffect, useMemo, useState } from "react";
import { useCatalog } from "../store/catalog";
import { useDocument, useLevel } from "../store/document";
import { useSelection } from "../store/selection";
import { edgesOf, type FlowNode, nodesOf, type WireEdge } from "./flow";

/** The boxes and wires as React Flow draws them; what is in the hand runs ahead of the document. */
export function useFlow() {
  const level = useLevel();
  const within = useDocument((state) => state.within);
  const types = useCatalog((state) => state.nodes);
  const ids = useSelection((state) => state.ids);
  const wires = useSelection((state) => state.wires);
  const [nodes, setNodes] = useState<FlowNode[]>(() => nodesOf(level, within, types, new Set(ids), []));

  useLayoutEffect(() => {
    setNodes((old) => nodesOf(level, within, types, new Set(ids), old));
  }, [level, within, types, ids]);

  const edges = useMemo(() => edgesOf(level, types, new Set(wires)), [level, types, wires]);

  const onNodesChange = useCallback((changes: NodeChange<FlowNode>[]) => {
    choose(changes, "ids");
    const rest = changes.filter((one) => one.type !== "select" && one.type !== "remove");
    if (rest.length > 0) setNodes((old) => applyNodeChanges(rest, old));
  }, []);
  const onEdgesChange = useCallback((changes: EdgeChange<WireEdge>[]) => choose(changes, "wires"), []);
  return { nodes, edges, setNodes, onNodesChange, onEdgesChange };
}

function choose(changes: readonly (NodeChange<FlowNode> | EdgeChange<WireEdge>)[], which: "ids" | "wires"): void {
  const selects = changes.filter((one) => one.type === "select");
  if (selects.length === 0) return;
  const now = useSelection.getState();
  const chosen = new Set(now[which]);
  for (const one of selects) {
    if (one.selected) chosen.add(one.id);
    else chosen.delete(one.id);
  }
  if (which === "ids") now.select([...chosen], now.wires);
  else now.select(now.ids, [...chosen]);
}
