import type { Finding, NodeState } from "../api/generated";
import { withoutList, withoutTitle } from "../texts/wording";

export interface Wrong {
  what: string;
  remedy: string;
  setting: string | null;
  /** a fault, not only something still to be filled in */
  bad: boolean;
}

/** What a node's message says; null where there is nothing. titles: of the node, which stand above it. */
export function wrongOn(path: string, titles: string[], state: NodeState, findings: readonly Finding[]): Wrong | null {
  if (["running", "waiting", "done"].includes(state.state)) return null;
  const own = findings.filter((one) => one.node === path);
  const failed = state.state === "failed" || state.state === "interrupted";
  if (failed && state.problem) return { ...worded(state.problem, titles), bad: true };
  // Whoever has just added a node wires it first: what it lacks beside the wire is told after that.
  const finding = own.find((one) => one.id === "input-missing") ?? own[0];
  if (!finding) return null;
  return { ...worded(finding, titles), bad: finding.severity === "error" && !TODO.includes(finding.id) };
}

/** What is only still to be done. */
const TODO = ["setting", "input-missing"];

const worded = ({ what, remedy, setting }: Pick<Finding, "what" | "remedy" | "setting">, titles: string[]) => ({
  what: withoutTitle(what, ...titles),
  remedy: withoutList(remedy),
  setting,
});
