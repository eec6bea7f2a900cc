import type { Table } from "apache-arrow";
import { useEffect, useState } from "react";
import type { FigureFacts, Problem } from "../../api/generated";
import { getJson, Refusal, request } from "../../api/http";
import { arrow } from "../grid/arrow";
import { portPath } from "../grid/pages";

export interface Figure {
  facts: FigureFacts;
  data: Table;
  /** How many points there are, where only some came. */
  sampled: number | null;
}

/** The figure at a port: what it says and its data. The old one stays until the new one is there. */
export function useFigure(at: { document: string; node: string; port: string }, fresh: string) {
  const [state, setState] = useState<{ figure: Figure | null; problem: Problem | null }>({
    figure: null,
    problem: null,
  });
  const { document, node, port } = at;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `fresh` asks again
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const here = { document, node, port };
    const fetched = Promise.all([
      getJson<FigureFacts>(portPath(here, "figure"), signal),
      request(portPath(here, "figure-data"), { signal }).then(async (answer) => ({
        bytes: new Uint8Array(await answer.arrayBuffer()),
        sampled: answer.headers.get("X-Sampled"),
      })),
      arrow(),
    ]);
    fetched.then(
      ([facts, { bytes, sampled }, { tableFromIPC }]) => {
        const figure = { facts, data: tableFromIPC(bytes), sampled: sampled === null ? null : Number(sampled) };
        if (!signal.aborted) setState({ figure, problem: null });
      },
      (error: unknown) => {
        if (signal.aborted) return;
        if (!(error instanceof Refusal)) throw error;
        // What was drawn before stays on the page, marked as out of date, until it is computed anew.
        setState((now) => ({
          figure: error.status === 409 ? now.figure : null,
          problem: error.problem,
        }));
      },
    );
    return () => leaving.abort();
  }, [document, node, port, fresh]);
  return state;
}
