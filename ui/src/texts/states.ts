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
