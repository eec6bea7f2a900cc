import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { EDGE_IN, EDGE_OUT } from "../graph/faces";
import { useCatalog } from "../store/catalog";
import { useTheme } from "../store/layout";
import { useStatus } from "../store/status";
import css from "./Canvas.module.css";
import { drawnSize, type FlowNode, type WireEdge } from "./flow";
import { STATE_COLOURS } from "./stateColours";

/** Zoomed out further than this, boxes are plain: sooner where there are many. */
export const FAR_MANY = 0.42;
export const FAR_FEW = 0.24;

/** Pixels that are drawn beyond each edge of the view: so far the sheet is pushed about as it is. */
const BEYOND = 160;

type Transform = readonly [number, number, number];

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
    const font = `600 26px ${style.getPropertyValue("--sans")}`;
    const wires = new Map([...kinds].map(([name, kind]) => [name, theme === "dark" ? kind.on_dark : kind.on_light]));
    const byId = new Map(nodes.map((one) => [one.id, one]));

    const draw = ([x, y, zoom]: Transform, width: number, height: number): void => {
      const ratio = devicePixelRatio;
      const [across, down] = [width + 2 * BEYOND, height + 2 * BEYOND];
      if (canvas.width !== Math.round(across * ratio) || canvas.height !== Math.round(down * ratio)) {
        canvas.width = Math.round(across * ratio);
        canvas.height = Math.round(down * ratio);
        canvas.style.width = `${across}px`;
        canvas.style.height = `${down}px`;
      }
      const [left, top] = [x + BEYOND, y + BEYOND];
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.setTransform(zoom * ratio, 0, 0, zoom * ratio, left * ratio, top * ratio);
      const seen = { left: -left / zoom, top: -top / zoom, right: (across - left) / zoom, bottom: (down - top) / zoom };
      pen.lineWidth = 1.6 / Math.max(zoom, 0.16);
      for (const edge of edges) {
        const source = byId.get(edge.source);
        const target = byId.get(edge.target);
        if (!source || !target) continue;
        const from = { x: source.position.x + drawnSize(source).width, y: source.position.y + 26 };
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
      pen.font = font;
      for (const one of nodes) {
        const { width: w, height: h } = drawnSize(one);
        const { x: at, y: above } = one.position;
        if (at > seen.right || at + w < seen.left || above > seen.bottom || above + h < seen.top) continue;
        const state = one.type === "box" ? (states[one.data.path]?.state ?? "ready") : "";
        pen.fillStyle = one.type === "frame" ? `color-mix(in srgb, ${line} 20%, transparent)` : (panel ?? "");
        pen.strokeStyle = one.selected ? (accent ?? "") : (line ?? "");
        pen.lineWidth = (one.selected ? 3 : 1.2) / Math.max(zoom, 0.16);
        pen.beginPath();
        pen.roundRect(at, above, w, h, 10);
        pen.fill();
        pen.stroke();
        if (one.type === "box") {
          pen.fillStyle = palette.get(state) ?? faint ?? "";
          pen.beginPath();
          pen.roundRect(at, above, 14, h, [10, 0, 0, 10]);
          pen.fill();
        }
        if (zoom > 0.16) write(one, at, above, w);
      }
    };

    const write = (one: FlowNode, left: number, top: number, w: number): void => {
      pen.fillStyle = text ?? "";
      pen.save();
      pen.beginPath();
      pen.rect(left + 24, top, w - 34, 90);
      pen.clip();
      pen.fillText((wordsOf(one).split("\n")[0] ?? "").slice(0, 40), left + 26, top + 46);
      pen.restore();
    };

    let drawn: Transform | null = null;
    let size = { width: 0, height: 0 };
    const show = (): void => {
      const { width, height, transform } = flow.getState();
      const [x, y] = pushed(drawn, transform);
      const same = size.width === width && size.height === height;
      if (!drawn || !same || drawn[2] !== transform[2] || Math.abs(x) > BEYOND || Math.abs(y) > BEYOND) {
        draw(transform, width, height);
        drawn = transform;
        size = { width, height };
      }
      const [right, down] = pushed(drawn, transform);
      canvas.style.transform = `translate(${right - BEYOND}px, ${down - BEYOND}px)`;
    };

    let planned = 0;
    show();
    const stop = flow.subscribe((now, before) => {
      if (now.transform === before.transform && now.width === before.width && now.height === before.height) return;
      cancelAnimationFrame(planned);
      planned = requestAnimationFrame(show);
    });
    return () => {
      stop();
      cancelAnimationFrame(planned);
    };
  }, [nodes, edges, flow, theme, states, kinds]);
  return (
    <div className={css.far} aria-hidden="true">
      <canvas ref={sheet} />
    </div>
  );
}

/** How far the view has moved since the sheet was drawn. */
const pushed = (drawn: Transform | null, now: Transform): [number, number] =>
  drawn ? [now[0] - drawn[0], now[1] - drawn[1]] : [0, 0];

function wordsOf(one: FlowNode): string {
  if (one.type === "box") return one.data.face.title;
  if (one.type === "frame") return one.data.frame.title;
  if (one.type === "note") return one.data.note.text;
  return one.id === EDGE_IN ? "in" : one.id === EDGE_OUT ? "out" : "";
}
