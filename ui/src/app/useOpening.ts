import { useEffect, useLayoutEffect, useState } from "react";
import { useLayout } from "../store/layout";
import { useLooked } from "../store/looked";
import { moving } from "../store/moving";

const DOUBLE_CLICK = 400; // ms in which a second click may follow the first
const HELD = 50; // ms after which it is asked again whether the pointer still holds something

/** Where the pointer is, and when it was pressed last. */
const pointer = { y: 0, at: Number.NEGATIVE_INFINITY, down: false };
window.addEventListener(
  "pointerdown",
  ({ clientY, timeStamp }) => Object.assign(pointer, { y: clientY, at: timeStamp, down: true }),
  true,
);
for (const over of ["pointerup", "pointercancel"] as const)
  window.addEventListener(over, () => Object.assign(pointer, { down: false }), true);
window.addEventListener("pointermove", ({ clientY }) => Object.assign(pointer, { y: clientY }), true);

/** How long the panel has to wait before it may rise: nothing moves under a hand that drags or clicks twice. */
function wait(height: number): number {
  if (pointer.down) return HELD;
  const covered = pointer.y > window.innerHeight - height;
  return covered ? pointer.at + DOUBLE_CLICK - performance.now() : 0;
}

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
      const left = wait(portHeight);
      if (left <= 0) setOpen(true);
      else timer = window.setTimeout(attempt, left);
    };
    attempt();
    return () => clearTimeout(timer);
  }, [wanted]);
  return open && wanted;
}
