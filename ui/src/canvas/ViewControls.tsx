import { useStore } from "@xyflow/react";
import { IconButton } from "../components/Button";
import { useLayout } from "../store/layout";
import { canvasTexts as texts } from "../texts/canvas";
import { show } from "./state";
import { useGlides } from "./useGlides";
import css from "./ViewControls.module.css";
import { useFit } from "./viewing";

/** Zoom, overview and help, at the edge of the canvas. */
export function ViewControls() {
  const { zoomIn, zoomOut, zoomToReal } = useGlides();
  const fit = useFit();
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  const { minimap, paletteOpen, settingsOpen, settingsWidth, narrow, change } = useLayout();
  return (
    <div
      className={css.controls}
      style={narrow && settingsOpen ? { right: settingsWidth + 12 } : undefined}
      role="toolbar"
      aria-label={texts.view}
    >
      <IconButton icon="minus" label={texts.zoomOut} onClick={zoomOut} />
      <button
        type="button"
        className={css.zoom}
        title={texts.zoomReal}
        aria-label={`${texts.zoomReal}, ${zoom} %`}
        onClick={zoomToReal}
      >
        {zoom} %
      </button>
      <IconButton icon="plus" label={texts.zoomIn} onClick={zoomIn} />
      <span className={css.line} />
      <IconButton icon="maximize" label={texts.zoomFit} onClick={fit} />
      {paletteOpen && (
        <IconButton icon="eye" label={texts.minimap} pressed={minimap} onClick={() => change({ minimap: !minimap })} />
      )}
      <IconButton icon="keyboard" label={texts.help} onClick={() => show({ help: true })} />
    </div>
  );
}
