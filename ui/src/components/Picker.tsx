import { type KeyboardEvent, useId, useRef, useState } from "react";
import { pickerTexts } from "../texts/picker";
import { Icon } from "../theme/Icon";
import { LinkButton } from "./Button";
import { matching } from "./Combobox";
import type { Option } from "./Options";
import { Options } from "./Options";
import css from "./Picker.module.css";
import { Popup } from "./Popup";

interface Props {
  id?: string;
  label: string;
  describedBy?: string;
  invalid?: boolean;
  chosen: readonly string[];
  options: readonly Option[];
  /** The options are known, so that a chosen one that is not among them is marked. */
  known: boolean;
  none: string;
  placeholder: string;
  onChange: (chosen: string[]) => void;
}

/** Several of many: what is chosen stands as chips in its order, and a list opens to add. */
export function Picker({
  id,
  label,
  describedBy,
  invalid,
  chosen,
  options,
  known,
  none,
  placeholder,
  onChange,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const [dragged, setDragged] = useState<string | null>(null);
  const shown = matching(options, typed);
  const fitting = options.filter((option) => !option.disabled).map((option) => option.value);

  const toggle = (value: string) => {
    setTyped("");
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  };
  const drop = (before: string) => {
    if (!dragged || dragged === before) return;
    const rest = chosen.filter((one) => one !== dragged);
    rest.splice(rest.indexOf(before) + (chosen.indexOf(dragged) < chosen.indexOf(before) ? 1 : 0), 0, dragged);
    onChange(rest);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (open) setActive((now) => (now + by + shown.length) % Math.max(1, shown.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const option = open ? shown[active] : undefined;
      if (option && !option.disabled) toggle(option.value);
      else if (typed.trim()) toggle(typed.trim());
      else setOpen(true);
    } else if (event.key === "Backspace" && typed === "" && chosen.length > 0) {
      onChange(chosen.slice(0, -1));
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the input within takes keys
    <div ref={box} className={css.picker} data-invalid={invalid} onClick={() => input.current?.focus()}>
      {chosen.map((value) => {
        const option = options.find((one) => one.value === value);
        const bad = (known && !option) || option?.disabled;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: dragging only orders; the keyboard removes and adds
          <span
            key={value}
            className={css.chip}
            data-bad={bad}
            draggable
            onDragStart={() => setDragged(value)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={() => drop(value)}
            title={bad ? pickerTexts.unfit(value) : value}
          >
            {option?.icon && <Icon name={bad ? "warning" : option.icon} size={13} />}
            <span>{value}</span>
            <button
              type="button"
              className={css.remove}
              aria-label={pickerTexts.remove(value)}
              onClick={(event) => {
                event.stopPropagation();
                onChange(chosen.filter((one) => one !== value));
                input.current?.focus();
              }}
            >
              <Icon name="close" size={11} />
            </button>
          </span>
        );
      })}
      <input
        ref={input}
        id={id}
        className={css.input}
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-activedescendant={open && shown[active] ? `${list}-${active}` : undefined}
        aria-autocomplete="list"
        style={chosen.length === 0 ? { minWidth: 72 } : undefined}
        placeholder={chosen.length === 0 ? placeholder : ""}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          setActive(0);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={key}
        onBlur={() => setOpen(false)}
      />
      {open && (
        <Popup anchor={box} onClose={() => setOpen(false)}>
          <Options
            id={list}
            label={label}
            options={shown}
            active={active}
            chosen={chosen}
            many
            none={none}
            onChoose={(option) => toggle(option.value)}
            onActive={setActive}
          />
          {fitting.length > 1 && (
            <div className={css.foot} onPointerDown={(event) => event.preventDefault()}>
              <LinkButton tabIndex={-1} onClick={() => onChange([...new Set([...chosen, ...fitting])])}>
                {pickerTexts.all}
              </LinkButton>
              <LinkButton tabIndex={-1} onClick={() => onChange([])}>
                {pickerTexts.nothing}
              </LinkButton>
            </div>
          )}
        </Popup>
      )}
    </div>
  );
}
