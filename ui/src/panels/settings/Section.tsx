import type { ReactNode } from "react";
import { Icon } from "../../theme/Icon";
import css from "./settings.module.css";

/** A part of the panel that folds. */
export function Section({ title, open, children }: { title: string; open?: boolean; children: ReactNode }) {
  return (
    <details className={css.section} open={open}>
      <summary>
        {title}
        <Icon name="chevron-right" size={15} />
      </summary>
      <div className={css.inside}>{children}</div>
    </details>
  );
}
