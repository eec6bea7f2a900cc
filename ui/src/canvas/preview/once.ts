// What previews ask for: each thing once, two at a time, the last answers kept: a box that comes back into view asks nothing.

import { useEffect, useState } from "react";

const AT_ONCE = 2;
const MOST = 200;

const kept = new Map<string, Promise<unknown>>();
const waiting: (() => void)[] = [];
let busy = 0;

async function inTurn<T>(make: () => Promise<T>): Promise<T> {
  if (busy >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  busy += 1;
  try {
    return await make();
  } finally {
    busy -= 1;
    waiting.shift()?.();
  }
}

/** The answer to a question, made where it is not kept; one that failed is asked again. */
export function once<T>(question: string, make: () => Promise<T>): Promise<T> {
  const known = kept.get(question);
  if (known) return known as Promise<T>;
  const made = inTurn(make);
  kept.set(question, made);
  made.catch(() => kept.delete(question));
  for (const old of kept.keys()) {
    if (kept.size <= MOST) break;
    kept.delete(old);
  }
  return made;
}

export interface Answer<T> {
  value: T | null;
  failed: unknown;
}

/** The answer to a question; the last one stays until the next is there. null asks nothing. */
export function useOnce<T>(question: string | null, make: () => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ value: null, failed: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question says what is made
  useEffect(() => {
    if (question === null) return;
    let gone = false;
    once(question, make).then(
      (value) => gone || setAnswer({ value, failed: null }),
      (failed: unknown) => gone || setAnswer({ value: null, failed }),
    );
    return () => {
      gone = true;
    };
  }, [question]);
  return answer;
}
