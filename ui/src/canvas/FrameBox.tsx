import { type NodeProps, NodeResizer } from "@xyflow/react";
import { memo, useEffect, useRef } from "react";
import type { Frame } from "../graph/document";
import { useDocument } from "../store/document";
import { canvasTexts as texts } from "../texts/canvas";
import { resize } from "./actions";
import type { FrameNode } from "./flow";
import { focusBox } from "./focus";
import css from "./Note.module.css";
import { show, useCanvas } from "./state";

/** A titled rectangle behind what belongs together; dragged, it takes along what lies in it. */
export const FrameBox = memo(function FrameBox({ id, data, selected }: NodeProps<FrameNode>) {
  const typing = useCanvas((state) => state.renaming === id);
  const { title, colour } = data.frame;
  const style = colour
    ? { borderColor: colour, background: `color-mix(in srgb, ${colour} 10%, transparent)` }
    : undefined;
  return (
    <div className={css.frame} data-selected={selected} style={style}>
      <NodeResizer
        isVisible={selected}
        minWidth={160}
        minHeight={80}
        onResizeEnd={(_, { x, y, width, height }) => resize(id, x, y, width, height)}
        lineClassName={css.line ?? ""}
        handleClassName={css.handle ?? ""}
      />
      {typing ? <Title id={id} frame={data.frame} /> : <div className={css.frameTitle}>{title}</div>}
    </div>
  );
});

function Title({ id, frame }: { id: string; frame: Frame }) {
  const { title } = frame;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const ended = useRef(false); // the field is also left when it goes
  const done = (keep: boolean): void => {
    if (ended.current) return;
    ended.current = true;
    const typed = field.current?.value.trim() ?? "";
    show({ renaming: null });
    const { apply } = useDocument.getState();
    if (keep && typed !== title) apply({ op: "edit-frame", id, frame: { ...frame, title: typed } });
  };
  return (
    <input
      ref={field}
      className="nodrag"
      defaultValue={title}
      maxLength={200}
      aria-label={texts.frameTitle}
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
