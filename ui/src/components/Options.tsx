import { useEffect, useRef } from "react";
import { Icon } from "../theme/Icon";
import css from "./Options.module.css";

export interface Option {
  value: string;
  text?: string;
  icon?: string;
  hint?: string;
  disabled?: boolean;
  /** Why not, where it is disabled. */
  reason?: string;
}

interface Props {
  id: string;
  label: string;
  options: readonly Option[];
  active: number;
  chosen?: readonly string[];
  /** More than one may be chosen: a mark stands before those that are. */
  many?: boolean;
  none: string;
  onChoose: (option: Option) => void;
  onActive: (index: number) => void;
}

/** The list under a box to choose from. The focus stays in the box; `active` is what Enter would take. */
export function Options({ id, label, options, active, chosen, many, none, onChoose, onActive }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-index="${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active]);
  if (options.length === 0) return <p className={css.none}>{none}</p>;
  return (
    <div ref={list} id={id} role="listbox" aria-label={label} aria-multiselectable={many} className={css.options}>
      {options.map((option, index) => {
        const on = chosen?.includes(option.value) ?? false;
        const refused = option.disabled && !options[index - 1]?.disabled ? option.reason : undefined;
        return [
          refused && (
            <p key={`${option.value} reason`} className={css.reason} role="presentation">
              {refused}
            </p>
          ),
          // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the box keeps focus and keys
          <div
            key={`${option.value} ${option.icon}`} // a column and a function may share a name
            id={`${id}-${index}`}
            role="option"
            aria-selected={on}
            aria-disabled={option.disabled}
            title={option.disabled ? option.reason : undefined}
            data-index={index}
            data-active={index === active}
            className={css.option}
            onPointerDown={(event) => event.preventDefault()}
            onPointerMove={() => index !== active && onActive(index)}
            onClick={() => option.disabled || onChoose(option)}
          >
            {option.icon && <Icon name={option.icon} size={15} />}
            <span className={css.text}>{option.text ?? option.value}</span>
            {option.hint && <span className={css.hint}>{option.hint}</span>}
            {many && <Icon name={on ? "check" : "plus"} size={14} label={on ? "chosen" : undefined} />}
          </div>,
        ];
      })}
    </div>
  );
}
