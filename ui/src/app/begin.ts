// A workflow that begins with a data set: the node is added once the document is open.

import { addNode } from "../canvas/actions";

let wanted: { id: string; dataSet: string } | null = null;

export function beginWith(id: string, dataSet: string): void {
  wanted = { id, dataSet };
}

export function beginNow(id: string): void {
  if (wanted?.id !== id) return;
  addNode({ type: "data_set", at: { x: 0, y: 0 }, settings: { name: wanted.dataSet } });
  wanted = null;
}
