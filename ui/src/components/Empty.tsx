import type { ReactNode } from "react";
import { Icon } from "../theme/Icon";
import css from "./Empty.module.css";

interface Props {
  icon: string;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** What stands where there is nothing to show: why, and what to do. */
export function Empty({ icon, title, children, actions }: Props) {
  return (
    <div className={css.empty}>
      <Icon name={icon} size={28} />
      <p className={css.title}>{title}</p>
      {children && <div className={css.text}>{children}</div>}
      {actions && <div className={css.actions}>{actions}</div>}
    </div>
  );
}

/** Grey lines while something loads. */
export function Skeleton({ lines = 6, label }: { lines?: number; label: string }) {
  return (
    <div className={css.skeleton} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are all alike
        <span key={line} style={{ width: `${92 - ((line * 37) % 40)}%` }} />
      ))}
    </div>
  );
}
