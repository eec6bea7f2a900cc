import { useEffect, useRef } from "react";
import { useTyped } from "../components/useTyped";
import { focusBox } from "./focus";
import { show } from "./state";

interface Props {
  id: string;
  title: string;
  label: string;
  className?: string | undefined;
  onKeep: (typed: string, group: string) => void;
}

/** The title of a node or frame as a field: Enter keeps it, Escape leaves it as it was. */
export function TitleField({ id, title, label, className = "", onKeep }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const { shown, type, end, revert } = useTyped(title, onKeep);
  useEffect(() => field.current?.select(), []);
  return (
    <input
      ref={field}
      className={`${className} nodrag`}
      value={shown}
      maxLength={200}
      aria-label={label}
      onChange={(event) => type(event.target.value)}
      onBlur={() => {
        end();
        show({ renaming: null });
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        if (event.key === "Enter") end();
        else revert();
        show({ renaming: null });
        focusBox(id);
      }}
    />
  );
}
