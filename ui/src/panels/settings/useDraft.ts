import { useEffect, useRef, useState } from "react";
import type { Json } from "../form/fields";

const PAUSE = 120; // ms without a key, after which what was typed takes effect

/**
 * A value that shows at once and takes effect a moment later while someone types.
 * Whatever is still waiting takes effect when the field goes away.
 */
export function useDraft(value: Json | undefined, commit: (value: Json) => void) {
  const [draft, setDraft] = useState<{ value: Json } | null>(null);
  const waiting = useRef<{ value: Json; timer: number } | null>(null);
  const latest = useRef(commit);
  latest.current = commit;

  const flush = () => {
    if (!waiting.current) return;
    clearTimeout(waiting.current.timer);
    const { value: settled } = waiting.current;
    waiting.current = null;
    setDraft(null);
    latest.current(settled);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the field goes away
  useEffect(() => flush, []);

  const change = (next: Json, how?: { typing: boolean }) => {
    if (waiting.current) clearTimeout(waiting.current.timer);
    waiting.current = { value: next, timer: window.setTimeout(flush, PAUSE) };
    setDraft({ value: next });
    if (!how?.typing) flush();
  };
  return { value: draft ? draft.value : value, change, flush };
}
