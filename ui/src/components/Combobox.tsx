import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../theme/Icon";
import { TextInput } from "./Inputs";
import inputs from "./Inputs.module.css";
import { type Option, Options } from "./Options";
import { Popup } from "./Popup";

interface Props {
  id?: string;
  label: string;
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
  /** What is typed is only looked for: it counts when it is chosen, not when the focus leaves. */
  seeking?: boolean;
  placeholder?: string;
  none: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  width?: number;
}

/** Options whose text or value holds what was typed: first what is called just so, then those that begin with it. */
export function matching(options: readonly Option[], typed: string): Option[] {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return [...options];
  const text = (option: Option) => (option.text ?? option.value).toLowerCase();
  const rank = (option: Option) => (text(option) === wanted ? 0 : text(option).startsWith(wanted) ? 1 : 2);
  return options
    .filter((option) => text(option).includes(wanted) || option.value.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b));
}

/** A line to type in with a list to choose from; what is typed and is not in the list is taken as it is. */
export function Combobox({ id, label, value, options, onChange, seeking, placeholder, none, width, ...aria }: Props) {
  const anchor = useRef<HTMLInputElement>(null);
  const list = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const settled = useRef(false); // whoever is told of a choice may move the focus, and this box still holds what was typed
  const shown = useMemo(() => matching(options, typed ?? ""), [options, typed]);

  const close = () => {
    setOpen(false);
    setTyped(null);
  };
  const take = (taken: string) => {
    settled.current = true;
    close();
    if (taken !== value) onChange(taken);
  };
  const show = () => {
    setOpen(true);
    setActive(
      Math.max(
        0,
        options.findIndex((option) => option.value === value),
      ),
    );
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return show();
      const by = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) => (now + by + shown.length) % Math.max(1, shown.length));
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      const option = shown[active];
      if (option && !option.disabled) take(option.value);
      else if (typed !== null) take(typed);
    }
  };
  return (
    <span className={inputs.selecting}>
      <TextInput
        ref={anchor}
        id={id}
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-activedescendant={open && shown[active] ? `${list}-${active}` : undefined}
        aria-autocomplete="list"
        {...aria}
        className={inputs.select}
        style={{ cursor: "text" }}
        value={typed ?? value}
        placeholder={placeholder}
        onChange={(event) => {
          settled.current = false;
          setTyped(event.target.value);
          setOpen(true);
          setActive(0);
        }}
        onClick={() => open || show()}
        onKeyDown={key}
        onBlur={() => {
          if (!seeking && !settled.current && typed !== null && typed !== value) onChange(typed);
          close();
        }}
      />
      <Icon name="chevron-down" size={15} />
      {open && (
        <Popup anchor={anchor} onClose={close} width={width}>
          <Options
            id={list}
            label={label}
            options={shown}
            active={active}
            chosen={[value]}
            none={none}
            onChoose={(option) => take(option.value)}
            onActive={setActive}
          />
        </Popup>
      )}
    </span>
  );
}
