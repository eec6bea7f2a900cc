import { useCallback, useMemo, useRef, useSyncExternalStore } from "react";
import type { Answers, Question, SliceName } from "./shapes";
import { questionKey, type TraceSource } from "./source";

const KEPT = 240;

interface Entry {
  answer?: unknown;
  problem?: string;
  waiting: boolean;
}

/** The slices of one source that were asked for, the ones used last kept. */
export class Slices {
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<() => void>();
  version = 0;

  constructor(readonly source: TraceSource) {}

  /** What is known of a slice now; asks for it where it is not. */
  get<K extends SliceName>(question: Question & { slice: K }): Answers[K] | undefined {
    const key = questionKey(question);
    const found = this.entries.get(key);
    if (found) {
      this.entries.delete(key);
      this.entries.set(key, found);
      return found.answer as Answers[K] | undefined;
    }
    this.entries.set(key, { waiting: true });
    void this.fetch(key, question);
    return undefined;
  }

  /** Why a slice did not come. */
  problem(question: Question): string | undefined {
    return this.entries.get(questionKey(question))?.problem;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Forget what was asked (a network that trains has moved on). */
  clear(slice: SliceName): void {
    for (const key of [...this.entries.keys()]) if (key.includes(`slice=${slice}`)) this.entries.delete(key);
    this.tell();
  }

  private async fetch(key: string, question: Question): Promise<void> {
    try {
      this.entries.set(key, { answer: await this.source.ask(question), waiting: false });
    } catch (error) {
      this.entries.set(key, { problem: error instanceof Error ? error.message : String(error), waiting: false });
    }
    while (this.entries.size > KEPT) {
      const oldest = this.entries.keys().next().value;
      if (oldest === undefined) break;
      this.entries.delete(oldest);
    }
    this.tell();
  }

  private tell(): void {
    this.version++;
    for (const listener of this.listeners) listener();
  }
}

/** Reads slices while rendering; renders again when any that was read arrives. */
export function useSlices(slices: Slices): Slices {
  useSyncExternalStore(slices.subscribe, () => slices.version);
  return slices;
}

/** One slice; while the next one is on its way the last one stays, so that nothing flickers. */
export function useSlice<K extends SliceName>(
  slices: Slices,
  question: Question & { slice: K },
  wanted = true,
): { answer: Answers[K] | undefined; problem: string | undefined; fresh: boolean } {
  const key = questionKey(question);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that the question does
  const asked = useMemo(() => question, [key]);
  const read = useCallback(() => (wanted ? slices.get(asked) : undefined), [slices, asked, wanted]);
  const answer = useSyncExternalStore(slices.subscribe, read);
  const problem = useSyncExternalStore(slices.subscribe, () => slices.problem(asked));
  const last = useRef<Answers[K] | undefined>(undefined);
  if (answer) last.current = answer;
  return { answer: answer ?? (problem ? undefined : last.current), problem, fresh: answer !== undefined };
}
