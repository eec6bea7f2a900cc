import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { TextArea } from "../../components/Inputs";
import { Options } from "../../components/Options";
import { Popup } from "../../components/Popup";
import { formTexts } from "../../texts/form";
import { type Completion, completions, inserted, wordAt } from "./complete";
import css from "./form.module.css";
import { type Of, useScope } from "./scope";

interface Props extends Of<"formula"> {
  /** Enter does this, and makes no line, where there is nothing to complete. */
  onEnter?: (text: string) => void;
  hint?: string;
}

/** A formula over the incoming columns, with what may be written at the cursor, and a mark where it goes wrong. */
export function FormulaControl({ field, value, onChange, path, id, label, describedBy, onEnter, hint }: Props) {
  const scope = useScope();
  const area = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [cursor, setCursor] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const jump = useRef<number | null>(null);
  const text = typeof value === "string" ? value : "";
  const position = scope.position(path);

  const at = cursor === null ? null : wordAt(text, cursor);
  const found = at ? completions(at.word, scope.columns(field.port) ?? [], text[at.start] === '"') : [];
  const whole = found.length === 1 && found[0]?.value === at?.word;
  const open = at !== null && found.length > 0 && !whole;

  useLayoutEffect(() => {
    if (jump.current === null || !area.current) return;
    area.current.setSelectionRange(jump.current, jump.current);
    jump.current = null;
  });

  const change = (next: string) => onChange(next === "" && field.nullable ? null : next, { typing: true });
  const take = (index: number) => {
    const completion = found[index];
    if (!completion || !at || cursor === null) return;
    const [next, end] = inserted(text, cursor, at.start, completion);
    jump.current = end;
    setCursor(null);
    change(next);
  };
  const key = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      setCursor(event.currentTarget.selectionStart);
      setActive(0);
    } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setActive((active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (open && (event.key === "Tab" || event.key === "Enter")) {
      event.preventDefault();
      take(active);
    } else if (event.key === "Enter" && onEnter) {
      event.preventDefault();
      onEnter(text);
    }
  };
  return (
    <div className={css.formula}>
      <TextArea
        ref={area}
        id={id}
        code
        rows={1}
        spellCheck={false}
        role="combobox"
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={scope.fault(path)}
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-activedescendant={open ? `${list}-${active}` : undefined}
        aria-autocomplete="list"
        placeholder={hint ?? (field.gives === "boolean" ? formTexts.condition : formTexts.formula)}
        value={text}
        onChange={(event) => {
          change(event.target.value);
          const where = event.target.selectionStart;
          setCursor(wordAt(event.target.value, where)?.word ? where : null);
          setActive(0);
        }}
        onKeyDown={key}
        onBlur={() => setCursor(null)}
      />
      {position !== undefined && text !== "" && (
        <p className={css.mark} aria-hidden="true">
          {text.slice(0, position)}
          <mark>{/^\w+|^.?/s.exec(text.slice(position))?.[0] || " "}</mark>
          {text.slice(position + (/^\w+|^.?/s.exec(text.slice(position))?.[0].length ?? 0))}
        </p>
      )}
      {open && (
        <Popup anchor={area} onClose={() => setCursor(null)} maxHeight={240}>
          <Options
            id={list}
            label={formTexts.completions}
            options={found}
            active={Math.min(active, found.length - 1)}
            none=""
            onChoose={(option) => take(found.indexOf(option as Completion))}
            onActive={setActive}
          />
        </Popup>
      )}
    </div>
  );
}
