import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useDocument } from "../store/document";
import { canvasTexts as texts } from "../texts/canvas";
import type { FrameNode } from "./flow";
import { frameGround } from "./grounds";
import css from "./Note.module.css";
import { Resizer } from "./Resizer";
import { useCanvas } from "./state";
import { TitleField } from "./TitleField";

/** A titled rectangle behind what belongs together; dragged, it takes along what lies in it. */
export const FrameBox = memo(function FrameBox({ id, data, selected }: NodeProps<FrameNode>) {
  const typing = useCanvas((state) => state.renaming === id);
  const far = useCanvas((state) => state.far);
  const { title, colour } = data.frame;
  if (far && !typing) return <div className={css.far} />; // drawn on the far field's sheet
  const style = colour ? { borderColor: colour, background: frameGround(colour) } : undefined;
  return (
    <div className={css.frame} data-selected={selected} style={style}>
      <Resizer id={id} isVisible={selected} minWidth={160} minHeight={80} />
      {typing ? (
        <TitleField
          id={id}
          title={title}
          label={texts.frameTitle}
          onKeep={(typed, group) =>
            useDocument.getState().apply({ op: "edit-frame", id, frame: { ...data.frame, title: typed } }, group)
          }
        />
      ) : (
        <div className={css.frameTitle}>{title}</div>
      )}
    </div>
  );
});
