import { useEffect, useReducer, useRef } from "react";
import { Pages, type Query, samePort } from "./pages";

/** The pages of a question. When the question or `key` changes, the old ones are shown until the new ones are there. */
export function usePages(query: Query, key: string): { pages: Pages | null; fresh: boolean } {
  const [, bump] = useReducer((count: number) => count + 1, 0);
  const shown = useRef<Pages | null>(null);
  const next = useRef<Pages | null>(null);
  const { document, node, port, sort, where } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` asks again
  useEffect(() => {
    const asked: Query = { document, node, port, sort, where };
    if (shown.current && !samePort(shown.current.query, asked)) {
      shown.current.close();
      shown.current = null;
    }
    const made = new Pages(asked, () => {
      if (next.current === made && shown.current !== made) {
        shown.current?.close();
        shown.current = made;
      }
      bump();
    });
    next.current?.close();
    next.current = made;
    made.want(0, 1);
    bump(); // what is shown is not what is asked for
    return () => {
      if (shown.current !== made) made.close();
    };
  }, [document, node, port, sort, where, key]);
  useEffect(
    () => () => {
      shown.current?.close();
      next.current?.close();
    },
    [],
  );
  return { pages: shown.current, fresh: shown.current === next.current };
}
