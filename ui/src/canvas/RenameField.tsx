import { useEffect, useRef } from "react";
import { useDocument } from "../store/document";
import { canvasTexts as texts } from "../texts/canvas";
import { focusBox } from "./focus";
import css from "./NodeBox.module.css";
import { show } from "./state";

/** The title of a node as a field: Enter keeps it, Escape leaves it as it was. */
export function RenameField({ id, title }: { id: string; title: string }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const ended = useRef(false); // the field is also left when it goes
  const done = (keep: boolean): void => {
    if (ended.current) return;
    ended.current = true;
    const typed = field.current?.value.trim() ?? "";
    show({ renaming: null });
    if (keep && typed !== title) useDocument.getState().apply({ op: "rename", node: id, title: typed });
  };
  return (
    <input
      ref={field}
      className={`${css.rename} nodrag`}
      defaultValue={title}
      maxLength={200}
      aria-label={texts.rename}
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
