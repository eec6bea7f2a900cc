import type { Finding, NodeState } from "../api/generated";
import { type Touched, toDo } from "../store/touched";
import { withoutList, withoutTitle } from "../texts/wording";

export interface Wrong {
  what: string;
  remedy: string;
  setting: string | null;
  /** todo: nothing is wrong, it is only not ready yet */
  tone: "todo" | "warn" | "bad";
}

/** What a node's message says; null where there is nothing. titles: of the node, which stand above it. */
export function wrongOn(
  path: string,
  titles: string[],
  state: NodeState,
  findings: readonly Finding[],
  touched: Touched,
): Wrong | null {
  if (["running", "waiting", "done"].includes(state.state)) return null;
  const own = findings.filter((one) => one.node === path);
  const failed = state.state === "failed" || state.state === "interrupted";
  if (failed && state.problem) return { ...worded(state.problem, titles), tone: "bad" };
  // Whoever has just added a node wires it first: what it lacks beside the wire is told after that.
  const finding = own.find((one) => one.id === "input-missing") ?? own[0];
  if (!finding) return null;
  const fault = finding.severity === "error" ? "bad" : "warn";
  return { ...worded(finding, titles), tone: toDo(touched, path, finding) ? "todo" : fault };
}

const worded = ({ what, remedy, setting }: Pick<Finding, "what" | "remedy" | "setting">, titles: string[]) => ({
  what: withoutTitle(what, ...titles),
  remedy: withoutList(remedy),
  setting,
});
