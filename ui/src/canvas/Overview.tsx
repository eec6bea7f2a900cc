import { MiniMap } from "@xyflow/react";
import { memo } from "react";
import { useStatus } from "../store/status";
import { canvasTexts as texts } from "../texts/canvas";
import type { FlowNode } from "./flow";
import css from "./Overview.module.css";

const COLOURS: Record<string, string> = {
  done: "var(--good)",
  failed: "var(--bad)",
  interrupted: "var(--bad)",
  stale: "var(--warn)",
  incomplete: "var(--warn)",
  running: "var(--accent)",
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
