// Where the pointer is and when it was pressed: nothing moves under a hand that drags or clicks twice.

const DOUBLE_CLICK = 400; // ms in which a second click may follow the first
const HELD = 50; // ms after which it is asked again whether the pointer still holds something

const pointer = { y: 0, at: Number.NEGATIVE_INFINITY, down: false };
window.addEventListener(
  "pointerdown",
  ({ clientY, timeStamp }) => Object.assign(pointer, { y: clientY, at: timeStamp, down: true }),
  true,
);
for (const over of ["pointerup", "pointercancel"] as const)
  window.addEventListener(over, () => Object.assign(pointer, { down: false }), true);
window.addEventListener("pointermove", ({ clientY }) => Object.assign(pointer, { y: clientY }), true);

/** How long whatever lies below so many pixels of the window has to wait before it may move, in milliseconds; 0: no longer. */
export function untilCalm(below = 0): number {
  if (pointer.down) return HELD;
  return pointer.y > below ? Math.max(0, pointer.at + DOUBLE_CLICK - performance.now()) : 0;
}
