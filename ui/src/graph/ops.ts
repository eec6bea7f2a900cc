// Edits as plain data: exactly what travels to the server.

import type { BatchOp, Op } from "../api/generated";

export type Plain = Exclude<Op, BatchOp>;
export type { Op };

/** The edit with the level it happens in written in, where it does not say one itself. */
export function placed(op: Op, within: string): Op {
  if (op.op === "batch") return { ...op, ops: op.ops.map((one) => ({ ...one, within: one.within ?? within })) };
  return { ...op, within: op.within ?? within };
}
