import type { NodeProps } from "@xyflow/react";
import { lazy, memo, type ReactNode, Suspense, useEffect, useLayoutEffect, useRef } from "react";
import { useTyped } from "../components/useTyped";
import type { Note } from "../graph/document";
import { useDocument } from "../store/document";
import { useTheme } from "../store/layout";
import { canvasTexts as texts } from "../texts/canvas";
import type { NoteNode } from "./flow";
import { focusBox } from "./focus";
import { noteGround } from "./grounds";
import css from "./Note.module.css";
import { Resizer } from "./Resizer";
import { show, useCanvas } from "./state";

const Markdown = lazy(() => import("../components/Markdown"));

/** A text on the canvas. */
export const NoteBox = memo(function NoteBox({ id, data, selected }: NodeProps<NoteNode>) {
  const typing = useCanvas((state) => state.renaming === id);
  const far = useCanvas((state) => state.far);
  const theme = useTheme();
  const { text, colour } = data.note;
  if (far && !typing) return <div className={css.far} />; // drawn on the far field's sheet
  return (
    <div
      className={css.note}
      data-selected={selected}
      style={colour ? { background: noteGround(theme, colour) } : undefined}
    >
      <Resizer id={id} isVisible={selected && !typing} minWidth={120} minHeight={48} />
      {typing ? (
        <Editor id={id} note={data.note} />
      ) : text ? (
        <Suspense fallback={<div className={css.text}>{text}</div>}>
          <Fitting>
            <Markdown text={text} />
          </Fitting>
        </Suspense>
      ) : (
        <p className={css.hint}>{texts.noteHint}</p>
      )}
    </div>
  );
});

const TYPE = [16, 14.5, 13]; // pixels

/** A text in the largest type with which all of it is seen. */
function Fitting({ children }: { children: ReactNode }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const text = element.current;
    if (!text) return;
    for (const size of TYPE) {
      text.style.fontSize = `${size}px`;
      if (text.scrollHeight <= text.clientHeight) break;
    }
  });
  return (
    <div ref={element} className={css.text}>
      {children}
    </div>
  );
}

const asTyped = (text: string): string => text;

function Editor({ id, note }: { id: string; note: Note }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const keep = (text: string, group: string): void => {
    useDocument.getState().apply({ op: "edit-note", id, note: { ...note, text } }, group);
  };
  const { shown, type, end } = useTyped(note.text, keep, asTyped);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, []);
  const done = (): void => {
    end();
    show({ renaming: null });
  };
  return (
    <textarea
      ref={field}
      className={`${css.editor} nodrag nowheel nopan`}
      value={shown}
      aria-label={texts.noteText}
      placeholder={texts.notePlaceholder}
      onChange={(event) => type(event.target.value)}
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
