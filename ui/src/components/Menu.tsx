import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Icon } from "../theme/Icon";
import css from "./Menu.module.css";

export interface MenuItem {
  label: string;
  icon?: string;
  keys?: string;
  disabled?: boolean;
  danger?: boolean;
  run: () => void;
}

interface Props {
  label: string;
  at: { x: number; y: number };
  /** groups are set apart by a line */
  groups: (MenuItem | null | false | undefined)[][];
  onClose: () => void;
}

/** A menu at a point: arrows, Home, End and first letters move, Enter chooses, Escape closes. */
export function Menu({ label, at, groups, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(at);
  const before = useRef(document.activeElement as HTMLElement | null);

  useLayoutEffect(() => {
    const box = menu.current?.getBoundingClientRect();
    if (!box) return;
    setPlace({
      x: Math.max(8, Math.min(at.x, innerWidth - box.width - 8)),
      y: Math.max(8, Math.min(at.y, innerHeight - box.height - 8)),
    });
    menu.current?.querySelector<HTMLElement>('[role="menuitem"]:not(:disabled)')?.focus();
  }, [at]);

  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (!menu.current?.contains(event.target as Node)) onClose();
    };
    addEventListener("pointerdown", outside, true);
    addEventListener("blur", onClose);
    return () => {
      removeEventListener("pointerdown", outside, true);
      removeEventListener("blur", onClose);
    };
  }, [onClose]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    event.stopPropagation();
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)') ?? [])];
    const now = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[(to + items.length) % items.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      onClose();
      before.current?.focus();
    } else if (event.key.length === 1) {
      const next = [...items.slice(now + 1), ...items.slice(0, now + 1)];
      next.find((one) => one.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
      return;
    } else return;
    event.preventDefault();
  };

  const shown = groups
    .map((group) => group.filter((one) => one !== null && one !== false && one !== undefined))
    .filter((group) => group.length > 0);
  return createPortal(
    <div
      ref={menu}
      role="menu"
      aria-label={label}
      tabIndex={-1}
      className={css.menu}
      style={{ left: place.x, top: place.y }}
      onKeyDown={onKeyDown}
    >
      {shown.map((group) => (
        <div key={group[0]?.label} role="none" className={css.group}>
          {group.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={css.item}
              data-danger={item.danger}
              disabled={item.disabled}
              onPointerMove={(event) => event.currentTarget.focus()}
              onClick={() => {
                onClose();
                before.current?.focus();
                item.run();
              }}
            >
              <Icon name={item.icon ?? ""} className={item.icon ? "" : (css.none ?? "")} />
              <span className={css.label}>{item.label}</span>
              {item.keys && <kbd>{item.keys}</kbd>}
            </button>
          ))}
        </div>
      ))}
    </div>,
    document.body,
  );
}
