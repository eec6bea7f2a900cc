import type { Finding, NodeState } from "../api/generated";

interface Wrong {
  what: string;
  remedy: string;
  setting: string | null;
  /** a fault, not only something still to be filled in */
  bad: boolean;
}

/** What a node's message says; null where there is nothing, or where only a wire is missing: the light tells that. */
export function wrongOn(path: string, state: NodeState, findings: readonly Finding[]): Wrong | null {
  if (["running", "waiting", "done"].includes(state.state)) return null;
  const own = findings.filter((one) => one.node === path);
  const failed = state.state === "failed" || state.state === "interrupted";
  if (failed && state.problem) return { ...state.problem, bad: true };
  const finding = own.find((one) => one.id !== "input-missing");
  if (!finding) return null;
  return { ...finding, bad: finding.severity === "error" && finding.id !== "setting" };
}
