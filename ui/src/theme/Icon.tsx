import { memo } from "react";
import { drawing } from "./icons";

interface Props {
  /** An icon's name, as nodes give it. */
  name: string;
  /** Where there is no such icon, that of this family is drawn. */
  family?: string;
  size?: number;
  /** Said by screen readers; an icon without one only decorates. */
  label?: string;
  className?: string;
}

/** A line drawing in the colour of the text around it. */
export const Icon = memo(function Icon({ name, family, size = 16, label, className }: Props) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size < 20 ? 1.8 : 1.65}
      strokeLinecap="round"
      strokeLinejoin="round"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      style={{ flex: "none" }}
    >
      <path d={drawing(name, family)} />
    </svg>
  );
});
