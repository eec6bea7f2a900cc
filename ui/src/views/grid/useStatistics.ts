import { useEffect, useRef, useState } from "react";
import type { ColumnStatistics, Statistics } from "../../api/generated";
import { getJson, Refusal } from "../../api/http";
import { portPath } from "./pages";

const AT_ONCE = 12; // columns a question

interface Found {
  columns: ReadonlyMap<string, ColumnStatistics>;
  sampled: number | null;
}

/** Statistics of the columns that are seen, asked for as they come into view; `key`: ask again when it changes. */
export function useStatistics(
  at: { document: string; node: string; port: string; where: string },
  wanted: readonly string[],
  key: string,
) {
  const [found, setFound] = useState<Found>({ columns: new Map(), sampled: null });
  const asked = useRef(new Set<string>());
  const line = useRef<AbortController | null>(null);
  const { document, node, port, where } = at;
  const question = `${document}/${node}/${port}/${key}/${where}`;
  const before = useRef(question);
  if (before.current !== question) {
    before.current = question;
    asked.current = new Set();
    line.current?.abort();
    line.current = null;
  }
  const list = wanted.join("\u0000");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `question` asks again
  useEffect(() => {
    const missing = list ? list.split("\u0000").filter((name) => !asked.current.has(name)) : [];
    if (missing.length === 0) return;
    const timer = setTimeout(() => {
      const leaving = line.current ?? new AbortController();
      line.current = leaving;
      for (const name of missing) asked.current.add(name);
      for (let start = 0; start < missing.length; start += AT_ONCE) {
        const query = new URLSearchParams(missing.slice(start, start + AT_ONCE).map((name) => ["column", name]));
        if (where) query.set("where", where);
        getJson<Statistics>(`${portPath({ document, node, port }, "statistics")}?${query}`, leaving.signal).then(
          ({ columns, sampled }) =>
            setFound((now) => ({
              columns: new Map([...now.columns, ...columns.map((one) => [one.name, one] as const)]),
              sampled,
            })),
          (error: unknown) => {
            if (leaving.signal.aborted) return;
            if (!(error instanceof Refusal)) throw error;
            // The table itself says what is wrong; without statistics its header stays plain.
          },
        );
      }
    }, 60);
    return () => clearTimeout(timer);
  }, [question, list]);
  useEffect(() => () => line.current?.abort(), []);
  return found;
}
