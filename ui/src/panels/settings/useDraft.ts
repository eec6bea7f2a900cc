import { useEffect, useRef, useState } from "react";
import { forget, wait } from "../../store/drafts";
import type { Json } from "../form/fields";

const PAUSE = 120; // ms without a key, after which what was typed takes effect

/**
 * A value that shows at once and takes effect a moment later while someone types.
 * Whatever is still waiting takes effect when the field goes away, or something is asked for that counts on it.
 */
export function useDraft(value: Json | undefined, commit: (value: Json) => void) {
  const [draft, setDraft] = useState<{ value: Json } | null>(null);
  const waiting = useRef<{ value: Json; timer: number; flush: () => void } | null>(null);
  const latest = useRef(commit);
  latest.current = commit;

  const flush = () => {
    if (!waiting.current) return;
    const { value: settled, timer, flush: own } = waiting.current;
    clearTimeout(timer);
    forget(own);
    waiting.current = null;
    setDraft(null);
    latest.current(settled);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the field goes away
  useEffect(() => flush, []);

  const change = (next: Json, how?: { typing: boolean }) => {
    if (waiting.current) {
      clearTimeout(waiting.current.timer);
      forget(waiting.current.flush);
    }
    waiting.current = { value: next, timer: window.setTimeout(flush, PAUSE), flush };
    wait(flush);
    setDraft({ value: next });
    if (!how?.typing) flush();
  };
  return { value: draft ? draft.value : value, change, flush };
}
