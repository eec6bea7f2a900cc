import type { NodeProps } from "@xyflow/react";
import { lazy, memo, Suspense, useEffect, useRef } from "react";
import type { Note } from "../graph/document";
import { useDocument } from "../store/document";
import { canvasTexts as texts } from "../texts/canvas";
import type { NoteNode } from "./flow";
import { focusBox } from "./focus";
import css from "./Note.module.css";
import { Resizer } from "./Resizer";
import { show, useCanvas } from "./state";

const Markdown = lazy(() => import("../components/Markdown"));

/** A text on the canvas. */
export const NoteBox = memo(function NoteBox({ id, data, selected }: NodeProps<NoteNode>) {
  const typing = useCanvas((state) => state.renaming === id);
  const { text, colour } = data.note;
  return (
    <div className={css.note} data-selected={selected} style={colour ? { background: colour } : undefined}>
      <Resizer id={id} isVisible={selected && !typing} minWidth={120} minHeight={48} />
      {typing ? (
        <Editor id={id} note={data.note} />
      ) : text ? (
        <div className={css.text}>
          <Suspense fallback={text}>
            <Markdown text={text} />
          </Suspense>
        </div>
      ) : (
        <p className={css.hint}>{texts.noteHint}</p>
      )}
    </div>
  );
});

function Editor({ id, note }: { id: string; note: Note }) {
  const { text } = note;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, [text.length]);
  const ended = useRef(false); // the field is also left when it goes
  const done = (): void => {
    if (ended.current) return;
    ended.current = true;
    const typed = field.current?.value ?? text;
    show({ renaming: null });
    const { apply } = useDocument.getState();
    if (typed !== text) apply({ op: "edit-note", id, note: { ...note, text: typed } });
  };
  return (
    <textarea
      ref={field}
      className={`${css.editor} nodrag nowheel nopan`}
      defaultValue={text}
      aria-label={texts.noteText}
      placeholder={texts.notePlaceholder}
      onBlur={done}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
        done();
        focusBox(id);
      }}
    />
  );
}
