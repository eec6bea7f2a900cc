import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import css from "./Splitter.module.css";

interface Props {
  label: string;
  /** the panel grows to this side when the pointer goes the other way */
  side: "left" | "right" | "bottom";
  size: number;
  least: number;
  most: number;
  onChange: (size: number) => void;
}

/** The edge of a panel, which can be dragged, or moved with the arrows. */
export function Splitter({ label, side, size, least, most, onChange }: Props) {
  const start = useRef<{ at: number; size: number } | null>(null);
  const upright = side !== "bottom";
  const sign = side === "left" ? 1 : -1;
  const set = (value: number): void => onChange(Math.round(Math.max(least, Math.min(most, value))));
  const at = (event: PointerEvent): number => (upright ? event.clientX : event.clientY);
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = upright
      ? { ArrowLeft: -16, ArrowRight: 16 }
      : { ArrowUp: -16, ArrowDown: 16 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(size + sign * step);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>
    <div
      role="separator"
      aria-label={label}
      aria-orientation={upright ? "vertical" : "horizontal"}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      className={css.splitter}
      data-side={side}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { at: at(event), size };
      }}
      onPointerMove={(event) => {
        if (start.current) set(start.current.size + sign * (at(event) - start.current.at));
      }}
      onPointerUp={() => {
        start.current = null;
      }}
    />
  );
}
