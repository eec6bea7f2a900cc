import { useStoreApi } from "@xyflow/react";
import { memo, type PointerEvent, useEffect, useRef } from "react";
import { useTheme } from "../store/layout";
import { useStatus } from "../store/status";
import { canvasTexts as texts } from "../texts/canvas";
import { drawnSize, type FlowNode, type WireEdge } from "./flow";
import css from "./Overview.module.css";
import { around, type Fit, fitted, type Rect, viewOf, within } from "./overview";
import { STATE_COLOURS } from "./stateColours";
import { useGlides } from "./useGlides";

/**
 * The whole workflow, small, beside the canvas: so it covers nothing. All boxes on one sheet: an element for each, asked
 * at every move of the canvas, took a third of a frame's time with a thousand.
 */
export const Overview = memo(function Overview() {
  const flow = useStoreApi<FlowNode, WireEdge>();
  const { put, putZoom } = useGlides();
  const theme = useTheme();
  const states = useStatus((status) => status.nodes);
  const whole = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLCanvasElement>(null);
  const view = useRef<HTMLDivElement>(null);
  const fit = useRef<Fit>({ scale: 1, x: 0, y: 0 });
  const held = useRef<{ x: number; y: number } | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const pen = sheet.current?.getContext("2d");
    const [frame, pane] = [whole.current, view.current];
    if (!pen || !frame || !pane) return;
    const colourOf = colours();
    let size = { width: frame.clientWidth, height: frame.clientHeight };
    let drawn: readonly FlowNode[] | null = null;
    let bounds: Rect | null = null;

    const draw = (): void => {
      const { nodes, transform, width, height } = flow.getState();
      const seen = viewOf(transform, width, height);
      if (nodes !== drawn) bounds = around(nodes.map(rectOf));
      const now = fitted(bounds, seen, size.width, size.height);
      const before = fit.current;
      if (nodes !== drawn || now.scale !== before.scale || now.x !== before.x || now.y !== before.y)
        drawBoxes(pen, nodes, now, size, (node) => colourOf(node, states));
      drawn = nodes;
      fit.current = now;
      const at = within(seen, now);
      pane.style.transform = `translate(${at.x}px, ${at.y}px)`;
      pane.style.width = `${at.width}px`;
      pane.style.height = `${at.height}px`;
    };

    let planned = 0;
    const plan = (): void => {
      cancelAnimationFrame(planned);
      planned = requestAnimationFrame(draw);
    };
    const watch = new ResizeObserver(() => {
      size = { width: frame.clientWidth, height: frame.clientHeight };
      drawn = null;
      plan();
    });
    draw();
    watch.observe(frame);
    const stop = flow.subscribe((now, before) => {
      const moved = now.transform !== before.transform || now.width !== before.width || now.height !== before.height;
      if (moved || now.nodes !== before.nodes) plan();
    });
    return () => {
      stop();
      watch.disconnect();
      cancelAnimationFrame(planned);
    };
  }, [flow, states, theme]);

  useEffect(() => {
    const frame = whole.current;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 0.05 : 0.002;
      putZoom(flow.getState().transform[2] * 2 ** (-event.deltaY * lines));
    };
    frame?.addEventListener("wheel", wheel, { passive: false });
    return () => frame?.removeEventListener("wheel", wheel);
  }, [flow, putZoom]);

  const hold = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = { x: event.clientX, y: event.clientY };
  };
  const move = (event: PointerEvent): void => {
    if (!held.current) return;
    const [x, y, zoom] = flow.getState().transform;
    const by = zoom / fit.current.scale;
    const [right, down] = [event.clientX - held.current.x, event.clientY - held.current.y];
    held.current = { x: event.clientX, y: event.clientY };
    put({ x: x - right * by, y: y - down * by, zoom });
  };
  const letGo = (): void => {
    held.current = null;
  };
  return (
    <div
      ref={whole}
      className={css.overview}
      onPointerDown={hold}
      onPointerMove={move}
      onPointerUp={letGo}
      onPointerCancel={letGo}
    >
      <canvas ref={sheet} role="img" aria-label={texts.minimap} />
      <div ref={view} className={css.view} />
    </div>
  );
});

const rectOf = (node: FlowNode): Rect => ({ ...node.position, ...drawnSize(node) });

function drawBoxes(
  pen: CanvasRenderingContext2D,
  nodes: readonly FlowNode[],
  fit: Fit,
  { width, height }: { width: number; height: number },
  colourOf: (node: FlowNode) => string,
): void {
  const ratio = devicePixelRatio;
  pen.canvas.width = Math.round(width * ratio);
  pen.canvas.height = Math.round(height * ratio);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const node of nodes) {
    const at = within(rectOf(node), fit);
    const [wide, high] = [Math.max(1, at.width), Math.max(1, at.height)];
    pen.fillStyle = colourOf(node);
    if (12 * fit.scale < 1) pen.fillRect(at.x, at.y, wide, high);
    else {
      pen.beginPath();
      pen.roundRect(at.x, at.y, wide, high, Math.min(12 * fit.scale, high / 2));
      pen.fill();
    }
  }
}

type States = ReturnType<typeof useStatus.getState>["nodes"];

/** The colours of the theme in use, looked up once. */
function colours(): (node: FlowNode, states: States) => string {
  const style = getComputedStyle(document.documentElement);
  const named = new Map<string, string>();
  const colour = (name: string): string => {
    const found = named.get(name) ?? style.getPropertyValue(name).trim();
    named.set(name, found);
    return found;
  };
  const mixed = (name: string, share: number): string =>
    `color-mix(in srgb, ${colour(name)} ${share}%, ${colour("--panel")})`;
  return (node, states) => {
    if (node.type === "frame") return colour("--line-strong");
    if (node.type !== "box") return mixed("--warn", 40);
    const own = STATE_COLOURS[states[node.data.path]?.state ?? ""];
    return own ? mixed(own, 70) : colour("--control-line");
  };
}
