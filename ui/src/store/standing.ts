// Where a person stands in a workflow: kept while a network of it is open, and taken up again on coming back.

import { levelOf, useDocument } from "./document";
import { useSelection } from "./selection";

/** The part of the canvas that is shown, as React Flow has it. */
interface View {
  x: number;
  y: number;
  zoom: number;
}

interface Standing {
  document: string;
  within: string;
  view: View;
  selection: Pick<ReturnType<typeof useSelection.getState>, "ids" | "wires" | "looked">;
}

let left: Standing | null = null;

/** Keep the component that is looked into, what is chosen, and the view of it. */
export function keepStanding(view: View): void {
  const { id: document, within } = useDocument.getState();
  const { ids, wires, looked } = useSelection.getState();
  left = { document, within, view, selection: { ids, wires, looked } };
}

/** The component that was looked into; "" where nothing is kept of the document. */
export const keptWithin = (document: string): string => (left?.document === document ? left.within : "");

/** Choose what was chosen, as far as it is still there. */
export function chooseAgain(): void {
  const now = useDocument.getState();
  if (!left || left.document !== now.id || left.within !== now.within) return;
  const { nodes, notes, frames, wires } = levelOf(now);
  const { ids, wires: chosen, looked } = left.selection;
  useSelection.setState({
    ids: ids.filter((one) => one in nodes || one in notes || one in frames),
    wires: chosen.filter((one) => wires.includes(one)),
    looked,
  });
}

/** The view that is kept of this level; it is taken up once. */
export function takeView(document: string, within: string): View | null {
  const view = left?.document === document && left.within === within ? left.view : null;
  left = null;
  return view;
}
