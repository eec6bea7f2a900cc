import { useEffect, useLayoutEffect, useState } from "react";
import { useLayout } from "../store/layout";
import { useLooked } from "../store/looked";
import { moving } from "../store/moving";
import { untilCalm } from "../store/pointer";

/** Whether the panel below stands open: where there is something to look at, and the person has not folded it. */
export function useOpening(): boolean {
  const wished = useLayout((state) => state.portOpen);
  const wanted = useLooked() !== null && wished;
  const [open, setOpen] = useState(wanted);
  useLayoutEffect(() => moving({ opening: wanted && !open }), [wanted, open]);
  useEffect(() => {
    if (!wanted) {
      setOpen(false);
      return;
    }
    let timer = 0;
    const attempt = (): void => {
      const { portHeight } = useLayout.getState();
      const left = untilCalm(window.innerHeight - portHeight);
      if (left <= 0) setOpen(true);
      else timer = window.setTimeout(attempt, left);
    };
    attempt();
    return () => clearTimeout(timer);
  }, [wanted]);
  return open && wanted;
}
