import { useMemo } from "react";
import type { NetworkFacts, NodeState } from "../../api/generated";
import { useFetched } from "../../components/useFetched";
import { useDocument } from "../../store/document";
import { usePortFacts } from "../../store/status";
import { portPath } from "../grid/pages";

export type Learnt = Pick<NodeState, "curves" | "points" | "per">;

const MOST = 500; // points of a curve, as of live ones

/** The history of a whole training as curves; of long ones every second point is given up, as often as need be. */
export function curvesOf(history: Learnt["curves"]): Learnt {
  const points = Math.max(0, ...Object.values(history).map((values) => values.length));
  let every = 1;
  while (points > MOST * every) every *= 2;
  const thin = Object.entries(history).map(([name, values]) => [name, values.filter((_, i) => i % every === 0)]);
  return { curves: Object.fromEntries(thin), points, per: "epoch" };
}

/** What a node learnt: as it was seen in a run, else as the network keeps it that is in the store. */
export function useLearnt(node: string, port: string, state: NodeState): Learnt {
  const document = useDocument((now) => now.id);
  const facts = usePortFacts(node, port);
  const seen = Object.keys(state.curves).length > 0;
  const kept = !seen && state.state === "done" && facts?.type === "Network" && typeof facts.facts.epochs === "number";
  const { data } = useFetched<NetworkFacts>(
    kept ? portPath({ document, node, port }, "network") : null,
    kept ? JSON.stringify(facts.facts) : "",
  );
  const history = kept ? data?.history : undefined;
  return useMemo(() => (history ? curvesOf(history) : state), [history, state]);
}
