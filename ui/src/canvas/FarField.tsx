import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { EDGE_IN, EDGE_OUT } from "../graph/faces";
import { useCatalog } from "../store/catalog";
import { useTheme } from "../store/layout";
import { useStatus } from "../store/status";
import css from "./Canvas.module.css";
import type { FlowNode, WireEdge } from "./flow";

/** Zoomed out further than this, boxes are plain: sooner where there are many. */
export const FAR_MANY = 0.42;
export const FAR_FEW = 0.24;

const STATE_COLOURS: Record<string, string> = {
  done: "--good",
  failed: "--bad",
  interrupted: "--bad",
  stale: "--warn",
  incomplete: "--warn",
  running: "--accent",
};

/** All boxes and wires on one sheet, plain: what is too small to read costs nothing to draw. */
export function FarField({ nodes, edges }: { nodes: readonly FlowNode[]; edges: readonly WireEdge[] }) {
  const sheet = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const theme = useTheme();
  const states = useStatus((status) => status.nodes);
  const kinds = useCatalog((state) => state.portTypes);

  useEffect(() => {
    const canvas = sheet.current;
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const palette = new Map(Object.entries(STATE_COLOURS).map(([state, name]) => [state, colour(name)]));
    const [panel, line, accent, text, faint] = ["--panel", "--line-strong", "--accent", "--text", "--faint"].map(
      colour,
    );
    const wires = new Map([...kinds].map(([name, kind]) => [name, theme === "dark" ? kind.on_dark : kind.on_light]));
    const byId = new Map(nodes.map((one) => [one.id, one]));
    const size = (one: FlowNode) => ({
      width: one.measured?.width ?? one.width ?? one.initialWidth ?? 0,
      height: one.measured?.height ?? one.height ?? one.initialHeight ?? 0,
    });

    const draw = (): void => {
      const { width, height, transform } = flow.getState();
      const [x, y, zoom] = transform;
      const ratio = devicePixelRatio;
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio);
      const seen = { left: -x / zoom, top: -y / zoom, right: (width - x) / zoom, bottom: (height - y) / zoom };
      pen.lineWidth = 1.6 / Math.max(zoom, 0.16);
      for (const edge of edges) {
        const source = byId.get(edge.source);
        const target = byId.get(edge.target);
        if (!source || !target) continue;
        const from = { x: source.position.x + size(source).width, y: source.position.y + 26 };
        const to = { x: target.position.x, y: target.position.y + 26 };
        if (Math.max(from.x, to.x) < seen.left || Math.min(from.x, to.x) > seen.right) continue;
        if (Math.max(from.y, to.y) < seen.top || Math.min(from.y, to.y) > seen.bottom) continue;
        const reach = Math.max(40, Math.abs(to.x - from.x) / 2);
        pen.strokeStyle = edge.selected ? (accent ?? "") : (wires.get(edge.data?.type ?? "") ?? faint ?? "");
        pen.beginPath();
        pen.moveTo(from.x, from.y);
        pen.bezierCurveTo(from.x + reach, from.y, to.x - reach, to.y, to.x, to.y);
        pen.stroke();
      }
      for (const one of nodes) {
        const { width: w, height: h } = size(one);
        const { x: left, y: top } = one.position;
        if (left > seen.right || left + w < seen.left || top > seen.bottom || top + h < seen.top) continue;
        const state = one.type === "box" ? (states[one.data.path]?.state ?? "ready") : "";
        pen.fillStyle = one.type === "frame" ? `color-mix(in srgb, ${line} 20%, transparent)` : (panel ?? "");
        pen.strokeStyle = one.selected ? (accent ?? "") : (line ?? "");
        pen.lineWidth = (one.selected ? 3 : 1.2) / Math.max(zoom, 0.16);
        pen.beginPath();
        pen.roundRect(left, top, w, h, 10);
        pen.fill();
        pen.stroke();
        if (one.type === "box") {
          pen.fillStyle = palette.get(state) ?? faint ?? "";
          pen.beginPath();
          pen.roundRect(left, top, 14, h, [10, 0, 0, 10]);
          pen.fill();
        }
        if (zoom > 0.16) write(one, left, top, w);
      }
    };

    const write = (one: FlowNode, left: number, top: number, w: number): void => {
      const words =
        one.type === "box"
          ? one.data.face.title
          : one.type === "frame"
            ? one.data.frame.title
            : one.type === "note"
              ? one.data.note.text
              : one.id === EDGE_IN
                ? "in"
                : one.id === EDGE_OUT
                  ? "out"
                  : "";
      pen.font = `600 26px ${style.getPropertyValue("--sans")}`;
      pen.fillStyle = text ?? "";
      pen.save();
      pen.beginPath();
      pen.rect(left + 24, top, w - 34, 90);
      pen.clip();
      pen.fillText((words.split("\n")[0] ?? "").slice(0, 40), left + 26, top + 46);
      pen.restore();
    };

    let planned = 0;
    const plan = (): void => {
      cancelAnimationFrame(planned);
      planned = requestAnimationFrame(draw);
    };
    draw();
    const stop = flow.subscribe(plan);
    return () => {
      stop();
      cancelAnimationFrame(planned);
    };
  }, [nodes, edges, flow, theme, states, kinds]);
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a drawing; nothing in it takes the focus
  return <canvas ref={sheet} className={css.far} aria-hidden="true" />;
}
