import { useReactFlow, useStore } from "@xyflow/react";
import { IconButton } from "../components/Button";
import { useLayout } from "../store/layout";
import { canvasTexts as texts } from "../texts/canvas";
import { show } from "./state";
import css from "./ViewControls.module.css";

/** Zoom, overview and help, at the edge of the canvas. */
export function ViewControls() {
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  const { minimap, change } = useLayout();
  return (
    <div className={css.controls} role="toolbar" aria-label={texts.view}>
      <IconButton icon="minus" label={texts.zoomOut} onClick={() => zoomOut({ duration: 120 })} />
      <button
        type="button"
        className={css.zoom}
        title={texts.zoomReal}
        aria-label={`${texts.zoomReal}, ${zoom} %`}
        onClick={() => zoomTo(1, { duration: 200 })}
      >
        {zoom} %
      </button>
      <IconButton icon="plus" label={texts.zoomIn} onClick={() => zoomIn({ duration: 120 })} />
      <span className={css.line} />
      <IconButton
        icon="maximize"
        label={texts.zoomFit}
        onClick={() => fitView({ padding: 0.15, maxZoom: 1.1, duration: 200 })}
      />
      <IconButton icon="eye" label={texts.minimap} pressed={minimap} onClick={() => change({ minimap: !minimap })} />
      <IconButton icon="keyboard" label={texts.help} onClick={() => show({ help: true })} />
    </div>
  );
}
