import { useCallback, useEffect, useRef, useState } from "react";
import { forget, wait } from "../store/drafts";

const PAUSE = 250; // ms without a key, after which what was typed is kept

interface Visit {
  /** all that is kept while the field is not left is one step of undo */
  group: string;
  first: string;
  kept: string;
}

/**
 * A title or a note while it is typed: it stands as typed, and is kept a moment behind, so that a page that goes loses none of it.
 * clean: as it is kept.
 */
export function useTyped(
  text: string,
  keep: (typed: string, group: string) => void,
  clean: (typed: string) => string = (typed) => typed.trim(),
) {
  const [typed, setTyped] = useState<string | null>(null);
  const visit = useRef<Visit | null>(null);
  const waiting = useRef<{ text: string; timer: number } | null>(null);
  const latest = useRef(keep);
  latest.current = keep;

  const put = useCallback((next: string): void => {
    if (!visit.current || next === visit.current.kept) return;
    visit.current.kept = next;
    latest.current(next, visit.current.group);
  }, []);
  const flush = useCallback((): void => {
    const last = waiting.current;
    waiting.current = null;
    forget(flush);
    if (!last) return;
    clearTimeout(last.timer);
    put(last.text);
  }, [put]);
  useEffect(() => flush, [flush]);

  const type = (next: string): void => {
    visit.current ??= { group: crypto.randomUUID(), first: text, kept: text };
    clearTimeout(waiting.current?.timer);
    waiting.current = { text: clean(next), timer: window.setTimeout(flush, PAUSE) };
    wait(flush);
    setTyped(next);
  };
  /** The field is left. */
  const end = (): void => {
    flush();
    visit.current = null;
    setTyped(null);
  };
  /** The person takes it back. */
  const revert = (): void => {
    clearTimeout(waiting.current?.timer);
    waiting.current = null;
    forget(flush);
    if (visit.current) put(visit.current.first);
    end();
  };
  return { shown: typed ?? text, type, end, revert };
}
