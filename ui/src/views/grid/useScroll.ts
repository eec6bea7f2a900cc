import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Scale, scaleOf, scrolledTop, trueTop } from "./scale";

export interface Scroll {
  /** True top of what is seen, in pixels of full height. */
  top: number;
  /** What the element is scrolled to. */
  scrolled: number;
  /** Height for rows. */
  view: number;
  scale: Scale;
  /** Scroll to a true top. */
  to: (top: number) => void;
}

/** Vertical scrolling of `rows` rows in an element with a header that stays. */
export function useScroll(element: RefObject<HTMLElement | null>, rows: number, row: number, head: number): Scroll {
  const scale = scaleOf(rows, row);
  const [view, setView] = useState(0);
  const [at, setAt] = useState({ top: 0, scrolled: 0 });
  const now = useRef({ at, scale, view });
  now.current = { at, scale, view };

  const to = useRef((wanted: number) => {
    const { scale, view } = now.current;
    const top = Math.max(0, Math.min(wanted, scale.full - view));
    const scrolled = Math.round(scrolledTop(scale, top, view));
    now.current.at = { top, scrolled };
    setAt({ top, scrolled });
    if (element.current && element.current.scrollTop !== scrolled) element.current.scrollTop = scrolled;
  });

  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => setView(Math.max(0, target.clientHeight - head));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(target);
    return () => watch.disconnect();
  }, [element, head]);

  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const scrolling = () => {
      const { at, scale, view } = now.current;
      if (Math.abs(target.scrollTop - at.scrolled) < 1) return; // our own doing
      setAt({ top: trueTop(scale, target.scrollTop, view), scrolled: target.scrollTop });
    };
    const wheel = (event: WheelEvent) => {
      const { at, scale } = now.current;
      if (scale.full <= scale.laid || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const lines = event.deltaMode === 1 ? row : 1;
      to.current(at.top + event.deltaY * lines);
      if (event.deltaX) target.scrollLeft += event.deltaX;
    };
    target.addEventListener("scroll", scrolling, { passive: true });
    target.addEventListener("wheel", wheel, { passive: false });
    return () => {
      target.removeEventListener("scroll", scrolling);
      target.removeEventListener("wheel", wheel);
    };
  }, [element, row]);

  // Fewer rows than before: do not stay beyond their end.
  useLayoutEffect(() => {
    if (now.current.at.top > Math.max(0, scale.full - view)) to.current(scale.full);
  }, [scale.full, view]);

  return {
    top: Math.max(0, Math.min(at.top, Math.max(0, scale.full - view))),
    scrolled: at.scrolled,
    view,
    scale,
    to: to.current,
  };
}
