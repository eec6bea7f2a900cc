import type { KeyboardEvent } from "react";
import { Icon } from "../theme/Icon";
import css from "./Tabs.module.css";

export interface Tab<T extends string> {
  id: T;
  title: string;
  icon?: string;
  count?: number;
  bad?: boolean;
}

interface Props<T extends string> {
  label: string;
  tabs: readonly Tab<T>[];
  chosen: T;
  onChoose: (tab: T) => void;
  /** Ids of the panels are `${panels}-${tab}`. */
  panels: string;
}

/** Tabs; the arrow keys move between them. */
export function Tabs<T extends string>({ label, tabs, chosen, onChoose, panels }: Props<T>) {
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs[(tabs.findIndex((tab) => tab.id === chosen) + by + tabs.length) % tabs.length];
    if (!next) return;
    onChoose(next.id);
    document.getElementById(`${panels}-tab-${next.id}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className={css.tabs} onKeyDown={step}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          id={`${panels}-tab-${tab.id}`}
          type="button"
          role="tab"
          aria-selected={tab.id === chosen}
          aria-controls={tab.id === chosen ? `${panels}-${tab.id}` : undefined}
          tabIndex={tab.id === chosen ? 0 : -1}
          className={css.tab}
          onClick={() => onChoose(tab.id)}
        >
          {tab.icon && <Icon name={tab.icon} size={15} />}
          {tab.title}
          {tab.count ? (
            <span className={css.count} data-tone={tab.bad ? "bad" : undefined}>
              {tab.count}
            </span>
          ) : null}
        </button>
      ))}
    </div>
  );
}
