import { type ReactNode, useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { formTexts } from "../../texts/form";
import { Icon } from "../../theme/Icon";
import type { Json } from "./fields";
import css from "./form.module.css";

interface Props {
  id: string;
  label: string;
  entries: readonly Json[];
  fresh: () => Json;
  onChange: (entries: Json[]) => void;
  children: (entry: Json, index: number) => ReactNode;
  add: string;
}

/** The same with one entry moved to another place. */
export function moved<T>(entries: readonly T[], from: number, to: number): T[] {
  const rest = entries.filter((_, index) => index !== from);
  const one = entries[from];
  return one === undefined ? [...entries] : [...rest.slice(0, to), one, ...rest.slice(to)];
}

/** Entries that can be added, removed and put in order, with the mouse or the keyboard. */
export function Entries({ id, label, entries, fresh, onChange, children, add }: Props) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const several = entries.length > 1;
  return (
    <fieldset id={id} className={css.entries} aria-label={label}>
      {entries.map((entry, index) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are known by their place alone
          key={index}
          className={css.entry}
          aria-label={formTexts.entry(index + 1)}
          data-over={over === index && dragged !== index}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(index);
          }}
          onDrop={() => dragged !== null && dragged !== index && onChange(moved(entries, dragged, index))}
        >
          {/* biome-ignore lint/a11y/noStaticElementInteractions: for the mouse; the keyboard has buttons */}
          <span
            className={css.grip}
            draggable={several}
            onDragStart={() => setDragged(index)}
            onDragEnd={() => {
              setDragged(null);
              setOver(null);
            }}
          >
            {several && <Icon name="grip" size={14} />}
          </span>
          {children(entry, index)}
          <div className={css.tools}>
            {several && (
              <IconButton
                icon={index === 0 ? "arrow-down" : "arrow-up"}
                size="tiny"
                label={index === 0 ? formTexts.down(index + 1) : formTexts.up(index + 1)}
                onClick={() => onChange(moved(entries, index, index === 0 ? 1 : index - 1))}
              />
            )}
            <IconButton
              icon="trash"
              size="tiny"
              label={formTexts.removeEntry(index + 1)}
              onClick={() => onChange(entries.filter((_, other) => other !== index))}
            />
          </div>
        </fieldset>
      ))}
      <Button className={css.add} size="small" icon="plus" onClick={() => onChange([...entries, fresh()])}>
        {add}
      </Button>
    </fieldset>
  );
}
