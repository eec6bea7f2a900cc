import { useEffect, useState } from "react";
import type { CellSpec, Head } from "./shapes";
import type { TraceSource } from "./source";

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

/**
 * The traces that are wanted, once their heads have come or failed; those before them until then. To suspend instead would
 * take longer: React shows what it waited for no sooner than 0.3 s after it began to show that it waits.
 */
export function useThere(wanted: TraceSource[] | null): TraceSource[] | null {
  const [there, setThere] = useState<TraceSource[] | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let still = true;
    void Promise.allSettled(wanted.map(headOf)).then(() => still && setThere(wanted));
    return () => {
      still = false;
    };
  }, [wanted]);
  return there;
}
