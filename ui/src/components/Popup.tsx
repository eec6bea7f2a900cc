import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import css from "./Popup.module.css";

interface Props {
  /** What it hangs on. */
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ReactNode;
  /** Width in pixels; as wide as the anchor if not given. */
  width?: number;
  maxHeight?: number;
}

interface Place {
  left: number;
  width: number;
  top?: number;
  bottom?: number;
  maxHeight: number;
}

const MARGIN = 8;

function place(anchor: HTMLElement, wanted: number | undefined, most: number): Place {
  const box = anchor.getBoundingClientRect();
  const width = Math.max(wanted ?? box.width, Math.min(box.width, 200));
  const left = Math.max(MARGIN, Math.min(box.left, innerWidth - width - MARGIN));
  const below = innerHeight - box.bottom - MARGIN - 4;
  const above = box.top - MARGIN - 4;
  return below >= Math.min(most, 220) || below >= above
    ? { left, width, top: box.bottom + 4, maxHeight: Math.min(most, below) }
    : { left, width, bottom: innerHeight - box.top + 4, maxHeight: Math.min(most, above) };
}

/** A box that hangs on something, above all else; a click elsewhere or Escape closes it. */
export function Popup({ anchor, onClose, children, width, maxHeight = 320 }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Place | null>(null);
  useLayoutEffect(() => {
    const move = () => anchor.current && setAt(place(anchor.current, width, maxHeight));
    move();
    addEventListener("resize", move);
    addEventListener("scroll", move, true);
    return () => {
      removeEventListener("resize", move);
      removeEventListener("scroll", move, true);
    };
  }, [anchor, width, maxHeight]);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!element.current?.contains(target) && !anchor.current?.contains(target)) onClose();
    };
    const leave = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      event.preventDefault();
      onClose();
      anchor.current?.focus();
    };
    addEventListener("pointerdown", outside, true);
    addEventListener("keydown", leave, true);
    return () => {
      removeEventListener("pointerdown", outside, true);
      removeEventListener("keydown", leave, true);
    };
  }, [anchor, onClose]);
  if (!at) return null;
  // Within a dialog the box has to be a part of it: what lies outside cannot be clicked.
  const root = anchor.current?.closest("dialog") ?? document.body;
  return createPortal(
    <div ref={element} className={css.popup} style={at}>
      {children}
    </div>,
    root,
  );
}
