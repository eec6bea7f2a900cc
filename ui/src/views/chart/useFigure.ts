import { useEffect, useState } from "react";
import type { Problem } from "../../api/generated";
import { Refusal } from "../../api/http";
import { type Figure, fetchFigure } from "./fetchFigure";

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
    fetchFigure({ document, node, port }, signal).then(
      (figure) => {
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
