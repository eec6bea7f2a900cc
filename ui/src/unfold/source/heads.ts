import { useEffect, useState } from "react";
import type { CellSpec, Head } from "./shapes";
import { SourceError, type TraceSource } from "./source";

const heads = new WeakMap<TraceSource, Promise<Head>>();

const NOTHING: CellSpec = { kind: "", variant: "", variables: [], parameters: [], routes: [], output: "", states: [] };

/** What a trace is, to be waited for. */
export function headOf(source: TraceSource): Promise<Head> {
  const known = heads.get(source);
  if (known) return known;
  const head: Promise<Head> = source.head().then((one) => {
    const value = whole(one);
    Object.assign(head, { status: "fulfilled", value }); // so that `use` reads it at once
    return value;
  });
  heads.set(source, head);
  return head;
}

/** A network without recurrent layers has nothing but its first level. */
function whole(head: Head): Head {
  return { ...head, spec: head.spec ?? NOTHING };
}

/** Traces whose heads have come, or why one of them did not. */
interface There {
  sources: TraceSource[];
  refused: SourceError | null;
}

/**
 * The traces that are wanted, once their heads have come or failed; those before them until then. To suspend instead would
 * take longer: React shows what it waited for no sooner than 0.3 s after it began to show that it waits.
 */
export function useThere(wanted: TraceSource[] | null): There | null {
  const [there, setThere] = useState<There | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let still = true;
    void Promise.allSettled(wanted.map(headOf)).then((ends) => {
      const reasons = ends.map((end) => (end.status === "rejected" ? end.reason : null));
      if (still) setThere({ sources: wanted, refused: reasons.find((one) => one instanceof SourceError) ?? null });
    });
    return () => {
      still = false;
    };
  }, [wanted]);
  return there;
}
