import type { NodeState } from "../api/generated";

export const stateTexts: Record<NodeState["state"], string> = {
  incomplete: "Needs settings",
  ready: "Ready",
  waiting: "Waiting",
  running: "Running",
  done: "Done",
  stale: "Stale",
  failed: "Failed",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
  placeholder: "Not installed",
};

const NEEDS_WIRE = "Needs a wire";

/** How a node stands, in words. */
export const stateName = ({ state, problem }: Pick<NodeState, "state" | "problem">): string =>
  state === "incomplete" && problem?.id === "input-missing" ? NEEDS_WIRE : stateTexts[state];
