import { useEffect, useRef } from "react";
import { focusBox } from "./focus";
import { show } from "./state";

interface Props {
  id: string;
  title: string;
  label: string;
  className?: string | undefined;
  onKeep: (typed: string) => void;
}

/** The title of a node or frame as a field: Enter keeps it, Escape leaves it as it was. */
export function TitleField({ id, title, label, className = "", onKeep }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const ended = useRef(false); // the field is also left when it goes
  const done = (keep: boolean): void => {
    if (ended.current) return;
    ended.current = true;
    const typed = field.current?.value.trim() ?? "";
    show({ renaming: null });
    if (keep && typed !== title) onKeep(typed);
  };
  return (
    <input
      ref={field}
      className={`${className} nodrag`}
      defaultValue={title}
      maxLength={200}
      aria-label={label}
      onBlur={() => done(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        done(event.key === "Enter");
        focusBox(id);
      }}
    />
  );
}
