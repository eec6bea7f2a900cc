import { useEffect } from "react";
import { pathOf } from "../graph/document";
import { faceOf } from "../graph/faces";
import { chosenNode, useSelection } from "../store/selection";
import { here } from "./actions";

/** A node that is chosen is looked at: its first output is shown below. */
export function useLooking(): void {
  const id = useSelection(chosenNode);
  useEffect(() => {
    const { level, types, within } = here();
    const block = id ? level.nodes[id] : undefined;
    if (!id || !block) return;
    const { looked, look } = useSelection.getState();
    const node = pathOf(within, id);
    const port = faceOf(block, types).outputs[0]?.name;
    if (looked?.node !== node && port !== undefined) look({ node, port });
  }, [id]);
}
