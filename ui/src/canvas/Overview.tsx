import { MiniMap } from "@xyflow/react";
import { memo } from "react";
import { useStatus } from "../store/status";
import { canvasTexts as texts } from "../texts/canvas";
import type { FlowNode } from "./flow";
import css from "./Overview.module.css";

const COLOURS: Record<string, string> = {
  done: "color-mix(in srgb, var(--good) 60%, var(--panel))",
  failed: "color-mix(in srgb, var(--bad) 60%, var(--panel))",
  interrupted: "color-mix(in srgb, var(--bad) 60%, var(--panel))",
  stale: "color-mix(in srgb, var(--warn) 60%, var(--panel))",
  incomplete: "color-mix(in srgb, var(--warn) 60%, var(--panel))",
  running: "color-mix(in srgb, var(--accent) 60%, var(--panel))",
};

/** The whole workflow, small, beside the canvas: so it covers nothing. */
export const Overview = memo(function Overview() {
  const states = useStatus((status) => status.nodes);
  const colour = (node: FlowNode): string => {
    if (node.type === "frame") return "var(--line)";
    if (node.type !== "box") return "var(--warn-soft)";
    return COLOURS[states[node.data.path]?.state ?? ""] ?? "var(--line-strong)";
  };
  return (
    <div className={css.overview}>
      <MiniMap<FlowNode>
        pannable
        zoomable
        ariaLabel={texts.minimap}
        nodeColor={colour}
        nodeBorderRadius={12}
        maskColor="color-mix(in srgb, var(--muted) 14%, transparent)"
        bgColor="var(--panel)"
        offsetScale={2}
      />
    </div>
  );
});
