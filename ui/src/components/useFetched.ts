import { useEffect, useState } from "react";
import type { Problem } from "../api/generated";
import { getJson, Refusal } from "../api/http";

export interface Fetched<T> {
  data: T | undefined;
  problem: Problem | undefined;
  /** An answer to this very question has not come yet; `data` may be that to the one before. */
  loading: boolean;
}

/** Fetch JSON and keep the last answer until the next is there; null asks nothing. `key`: fetch again when it changes. */
export function useFetched<T>(path: string | null, key: unknown = ""): Fetched<T> {
  const [state, setState] = useState<Fetched<T> & { asked: string | null }>({
    data: undefined,
    problem: undefined,
    loading: path !== null,
    asked: path,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` asks again
  useEffect(() => {
    if (path === null) return;
    const leaving = new AbortController();
    setState((now) => ({ ...now, loading: true }));
    getJson<T>(path, leaving.signal).then(
      (data) => setState({ data, problem: undefined, loading: false, asked: path }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        if (!(error instanceof Refusal)) throw error;
        setState({ data: undefined, problem: error.problem, loading: false, asked: path });
      },
    );
    return () => leaving.abort();
  }, [path, key]);
  return state;
}
