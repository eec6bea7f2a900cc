import { type KeyboardEvent, useMemo } from "react";
import { wireNumber } from "../cell/numbers";
import { useOpened, usePlace } from "../opened";
import { useSize } from "../parts/size";
import type { Box, BoxNumbers, Histogram } from "../source/shapes";
import { useSlice } from "../source/slices";
import { useLooking, useLookingStore } from "../state";
import { BoxPictures } from "./BoxPictures";

const BOX = { width: 184, height: 164 };
const GAP = { x: 56, y: 26 };

/** The first level: the network as drawn, with what passes through it as small histograms. */
export function Layers() {
  const { head, slices, openLayer } = useOpened();
  const store = useLookingStore();
  const box = useLooking((s) => s.box);
  const place = usePlace();
  const [element, size] = useSize<HTMLDivElement>();
  const { answer } = useSlice(slices, { slice: "layers" });
  const drawn = useMemo(() => placed(head.boxes, size.width), [head.boxes, size.width]);
  const chosen =
    head.boxes.find((b) => b.id === box) ??
    head.boxes.find((b) => b.layer === place.layer) ??
    head.boxes.find((b) => b.parameters > 0);
  const choose = (found: Box) =>
    store.setState({ box: found.id, ...(found.layer === null ? {} : { layer: found.layer }) });
  const open = (found: Box) => {
    if (found.layer === null) {
      if (found.opens) openLayer?.(found.id);
      return;
    }
    choose(found);
    store.getState().goTo(1);
  };
  return (
    <div className="unf-layers" ref={element}>
      {size.width > 0 && (
        <>
          <svg
            viewBox={`0 0 ${drawn.width} ${drawn.height}`}
            width={drawn.width * drawn.scale}
            height={drawn.height * drawn.scale}
            role="group"
            aria-label="Layers of the network"
          >
            <defs>
              <marker
                id="unf-layer-head"
                viewBox="0 0 10 10"
                refX="8.5"
                refY="5"
                markerWidth="9"
                markerHeight="9"
                markerUnits="userSpaceOnUse"
                orient="auto"
              >
                <path d="M0 0.8L9.2 5L0 9.2Z" />
              </marker>
            </defs>
            {drawn.wires.map((wire) => (
              <path key={wire.id} className="unf-layer-wire" d={wire.path} markerEnd="url(#unf-layer-head)" />
            ))}
            {drawn.boxes.map(({ box: found, x, y }) => (
              <LayerBox
                key={found.id}
                box={found}
                x={x}
                y={y}
                numbers={answer?.boxes[found.id]}
                chosen={found.id === chosen?.id}
                onChoose={() => choose(found)}
                onOpen={() => open(found)}
              />
            ))}
          </svg>
          {chosen && <BoxPictures box={chosen} />}
        </>
      )}
    </div>
  );
}

interface LayerBoxProps {
  box: Box;
  x: number;
  y: number;
  numbers: BoxNumbers | undefined;
  chosen: boolean;
  onChoose: () => void;
  onOpen: () => void;
}

function LayerBox({ box, x, y, numbers, chosen, onChoose, onOpen }: LayerBoxProps) {
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (chosen) onOpen();
    else onChoose();
  };
  const opens = box.layer !== null || box.opens;
  return (
    <g
      className={`unf-layer-box ${box.kind}${chosen ? " chosen" : ""}${opens ? " opens" : ""}`}
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-label={`${box.title}, gives ${box.shape}, ${box.parameters} parameters${opens ? "; can be unfolded" : ""}`}
      data-box={box.id}
      data-focus={chosen && box.layer !== null ? "1" : undefined}
      onClick={onChoose}
      onDoubleClick={(event) => {
        event.stopPropagation();
        onOpen();
      }}
      onKeyDown={keys}
    >
      <rect width={BOX.width} height={BOX.height} rx={12} />
      <text className="title" x={14} y={25}>
        {shortened(box.title, 24)}
      </text>
      <text x={14} y={43}>
        {shortened(box.shape.replace("any number of steps", "steps"), 33)}
        <title>{box.shape}</title>
      </text>
      <text className="facts" x={14} y={59}>
        {shortened(box.facts.join(" · "), 30)}
        <title>{box.facts.join(" · ")}</title>
      </text>
      {box.parameters > 0 && (
        <text className="facts" x={14} y={BOX.height - 8}>
          {`${box.parameters.toLocaleString("en")} parameters`}
        </text>
      )}
      <Bars histogram={numbers?.activations ?? null} x={14} y={72} name="activations" kind="value" />
      <Bars histogram={numbers?.gradients ?? null} x={BOX.width / 2 + 4} y={72} name="gradients" kind="error" />
    </g>
  );
}

function Bars({
  histogram,
  x,
  y,
  name,
  kind,
}: {
  histogram: Histogram | null;
  x: number;
  y: number;
  name: string;
  kind: string;
}) {
  const [width, height] = [BOX.width / 2 - 18, 46];
  if (!histogram) return null;
  const most = Math.max(...histogram.counts, 1);
  const each = width / histogram.counts.length;
  const [low, high] = histogram.edges;
  const zero = low < 0 && high > 0 ? (width * -low) / (high - low) : null;
  return (
    <g transform={`translate(${x} ${y})`} className={`unf-bars ${kind}`}>
      <title>{`${name}: ${low.toPrecision(3)} to ${high.toPrecision(3)}, mean ${histogram.mean.toPrecision(3)}, standard deviation ${histogram.spread.toPrecision(3)}`}</title>
      {histogram.counts.map((count, k) => {
        const size = count ? Math.max(1, Math.sqrt(count / most) * height) : 0;
        // biome-ignore lint/suspicious/noArrayIndexKey: the bin is what it is
        return <rect key={k} x={k * each} y={height - size} width={Math.max(0.8, each - 0.7)} height={size} />;
      })}
      {zero !== null && <path className="zero" d={`M${zero} 0V${height + 2}`} />}
      <text x={0} y={height + 13}>
        {name}
      </text>
      <text x={0} y={height + 25} className="spread">
        {span(histogram)}
      </text>
    </g>
  );
}

/** From where to where the numbers lie, short. */
function span({ edges: [low, high], mean, spread }: Histogram): string {
  if (spread === 0) return wireNumber(mean);
  if (low < 0 && high > 0) return `up to ±${wireNumber(Math.max(-low, high), 2)}`;
  const both = `${wireNumber(low, 2)} … ${wireNumber(high, 2)}`;
  if (both.length <= 15) return both;
  return high > 0 ? `up to ${wireNumber(high, 2)}` : `down to ${wireNumber(low, 2)}`;
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

interface Placed {
  boxes: { box: Box; x: number; y: number }[];
  wires: { id: string; path: string }[];
  width: number;
  height: number;
  scale: number;
}

/** Boxes in columns by the longest way from an input; long chains are folded into several lines. */
export function placed(boxes: Box[], room: number): Placed {
  const depth = new Map<string, number>();
  for (const box of boxes) depth.set(box.id, 1 + Math.max(-1, ...box.inputs.map((id) => depth.get(id) ?? -1)));
  const columns: Box[][] = [];
  for (const box of boxes) {
    const column = depth.get(box.id) ?? 0;
    columns[column] = [...(columns[column] ?? []), box];
  }
  const fitting = Math.max(2, Math.floor((room - 20 + GAP.x) / (BOX.width * 0.8 + GAP.x * 0.8)));
  const line = Math.min(columns.length, fitting);
  const tallest: number[] = [];
  columns.forEach((column, c) => {
    const l = Math.floor(c / line);
    tallest[l] = Math.max(tallest[l] ?? 0, column.length);
  });
  const tops = tallest.map((_, l) =>
    tallest.slice(0, l).reduce((sum, count) => sum + count * (BOX.height + GAP.y) + 12, 10),
  );
  const at = new Map<string, { x: number; y: number; line: number }>();
  columns.forEach((column, c) => {
    const l = Math.floor(c / line);
    const before = (box: Box) => box.inputs.flatMap((id) => at.get(id) ?? []).filter((one) => one.line === l);
    const lanes = lanesOf(
      column.map((box) => before(box).map(({ y }) => y - (tops[l] ?? 0))),
      tallest[l] ?? 1,
    );
    column.forEach((box, r) => {
      at.set(box.id, { x: 10 + (c % line) * (BOX.width + GAP.x), y: (tops[l] ?? 0) + (lanes[r] ?? 0), line: l });
    });
  });
  const width = 20 + line * (BOX.width + GAP.x) - GAP.x;
  const height = (tops.at(-1) ?? 10) + (tallest.at(-1) ?? 1) * (BOX.height + GAP.y) - GAP.y + 20;
  const wires = boxes.flatMap((box) =>
    box.inputs.flatMap((input) => {
      const [from, to] = [at.get(input), at.get(box.id)];
      return from && to ? [{ id: `${input}>${box.id}`, path: wire(from, to, [...at.values()]) }] : [];
    }),
  );
  const found = boxes.map((box) => ({ box, x: at.get(box.id)?.x ?? 0, y: at.get(box.id)?.y ?? 0 }));
  return { boxes: found, wires, width, height, scale: Math.min(1.25, Math.max(0.6, (room - 8) / width)) };
}

/** How far down each box of a column stands: behind what it reads, so that no wire passes under another box. */
export function lanesOf(before: number[][], tallest: number): number[] {
  const each = BOX.height + GAP.y;
  const wanted = before.map((ys, r) =>
    ys.length ? ys.reduce((sum, y) => sum + y, 0) / ys.length : ((tallest - before.length) / 2 + r) * each,
  );
  const order = wanted.map((_, r) => r).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  let least = 0;
  for (const r of order) {
    wanted[r] = Math.max(wanted[r] ?? 0, least);
    least = (wanted[r] ?? 0) + each;
  }
  let most = (tallest - 1) * each;
  for (const r of order.reverse()) {
    wanted[r] = Math.min(wanted[r] ?? 0, most);
    most = (wanted[r] ?? 0) - each;
  }
  return wanted;
}

interface Standing {
  x: number;
  y: number;
  line: number;
}

/** From box to box; below what stands between them, so that a wire past a layer is not taken for two into and out of it. */
function wire(from: Standing, to: Standing, all: Standing[]): string {
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x - 2, to.y + BOX.height / 2];
  const [upper, lower] = [Math.min(y1, y2), Math.max(y1, y2)];
  const passed = all.filter(
    ({ x, y, line }) => line === from.line && x > from.x && x < to.x && y < lower && y + BOX.height > upper,
  );
  if (from.line === to.line && passed.length > 0) {
    const below = Math.max(...passed.map(({ y }) => y)) + BOX.height + GAP.y / 2;
    const half = GAP.x / 2;
    return `M${x1} ${y1}C${x1 + half} ${y1} ${x1} ${below} ${x1 + half} ${below}H${x2 - half}C${x2} ${below} ${x2 - half} ${y2} ${x2} ${y2}`;
  }
  if (from.line === to.line) return `M${x1} ${y1}C${x1 + 34} ${y1} ${x2 - 34} ${y2} ${x2} ${y2}`;
  const middle = to.y - GAP.y / 2 - 6;
  return `M${x1} ${y1}C${x1 + 30} ${y1} ${x1 + 30} ${middle} ${x1 - 20} ${middle}H${x2 + 14}C${x2 - 26} ${middle} ${x2 - 26} ${y2} ${x2} ${y2}`;
}
