import type { KeyboardEvent } from "react";
import { entryName, useEntry, useOpened, usePlace, useStep, useStripLook, useUnitLook, useVariable } from "../opened";
import { colour, css, errorShare, ink, type Kind, useTheme, valueShare } from "../parts/colours";
import { greatest, numbers } from "../source/arrays";
import type { StripLook } from "../source/look";
import type { Packed, Variable } from "../source/shapes";
import { useLooking, useLookingStore } from "../state";
import type { CircuitNode } from "./graph";
import type { Layout, Point, Side } from "./layout";
import { wireNumber } from "./numbers";
import type { Shape } from "./paths";

const GLYPHS: Record<string, string> = {
  sum: "+",
  product: "×",
  tanh: "tanh",
  logistic: "σ",
  relu: "relu",
  one_minus: "1−",
  same: "=",
};
const CHIP = { width: 66, height: 19 };

/** A node of the drawing: what it does, whose value it carries, and the value. */
export function BlockNode({ node, at, shape }: { node: CircuitNode; at: Point & { side?: Side }; shape: Shape }) {
  const { head } = useOpened();
  const store = useLookingStore();
  const chosen = useVariable();
  const backward = useLooking((s) => s.backward);
  const variable = head.spec.variables.find((v) => v.id === node.variable);
  const entry = useEntryLabel(variable);
  const own = variable && node.offset === 0;
  const choose = () => variable && store.setState({ variable: variable.id, beside: "equation" });
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    choose();
  };
  const round = shape.kind === "circle";
  const outline = round ? (
    <circle className="outline" r={shape.width / 2} />
  ) : (
    <rect
      className="outline"
      x={-shape.width / 2}
      y={-shape.height / 2}
      width={shape.width}
      height={shape.height}
      rx={node.glyph === "port" ? shape.height / 2 : 7}
    />
  );
  const selected = own && chosen === node.id;
  const name = variable ? plainAt(variable, node.offset) : "";
  const central = round && shape.width > 40;
  return (
    <g
      className={`unf-node ${node.glyph} ${variable?.role.replace(" ", "-") ?? "operator"}${selected ? " selected" : ""}`}
      transform={`translate(${at.x} ${at.y})`}
      data-node={node.id}
      data-focus={selected ? "3" : undefined}
      {...(variable && {
        role: "button",
        tabIndex: 0,
        "aria-label": `${variable.label} ${name}`,
        "aria-pressed": selected,
        onClick: choose,
        onKeyDown: keys,
        onDoubleClick: () => {
          choose();
          store.getState().goTo(3);
        },
      })}
    >
      {variable && <title>{`${variable.label}: ${variable.meaning}`}</title>}
      {selected && <Halo shape={shape} />}
      {outline}
      <text className={node.glyph === "port" || central ? "symbol" : "glyph"} dy={central ? "-0.6em" : "0.34em"}>
        {node.glyph === "port" ? name : central ? plain(variable) : (GLYPHS[node.glyph] ?? "")}
      </text>
      {variable && (
        <Chip
          variable={variable}
          offset={node.offset}
          side={at.side ?? "right"}
          shape={shape}
          label={node.glyph === "port" ? entry : (backward ? "δ" : "") + plain(variable)}
        />
      )}
    </g>
  );
}

/** Which of the numbers that come in it is, where there are several. */
function useEntryLabel(variable: Variable | undefined): string {
  const { head } = useOpened();
  const { layer } = usePlace();
  const entry = useEntry();
  const all = useLooking((s) => s.all);
  const several = (head.layers[layer]?.inputs ?? 1) > 1;
  return variable?.role === "input" && several && !all ? entryName(head, layer, entry) : "";
}

function Halo({ shape }: { shape: Shape }) {
  const [w, h] = [shape.width + 12, shape.height + 12];
  const radius = shape.kind === "circle" ? w / 2 : 12;
  return <rect className="halo" x={-w / 2} y={-h / 2} width={w} height={h} rx={radius} />;
}

/** A variable's number (or the strip of all units) on a coloured ground, beside its node. */
function Chip({
  variable,
  offset,
  side,
  shape,
  label,
}: {
  variable: Variable;
  offset: number;
  side: Side;
  shape: Shape;
  label: string;
}) {
  const backward = useLooking((s) => s.backward);
  const all = useLooking((s) => s.all);
  const gap = 7;
  const place = {
    right: { x: shape.width / 2 + gap, y: -CHIP.height / 2 },
    left: { x: -shape.width / 2 - gap - CHIP.width, y: -CHIP.height / 2 },
    above: { x: -CHIP.width / 2, y: -shape.height / 2 - gap - CHIP.height },
    below: { x: -CHIP.width / 2, y: shape.height / 2 + gap },
    inside: { x: -CHIP.width / 2, y: -2 },
  }[side];
  const caption = label && side !== "inside" && (
    <text
      className="caption"
      x={side === "left" ? CHIP.width : side === "right" ? 4 : CHIP.width / 2}
      y={side === "below" ? CHIP.height + 12 : -5}
      textAnchor={side === "left" ? "end" : side === "right" ? "start" : "middle"}
    >
      {label}
    </text>
  );
  return (
    <g transform={`translate(${place.x} ${place.y})`} className="unf-chip">
      {caption}
      {all ? (
        <Strip variable={variable} offset={offset} errors={backward} />
      ) : (
        <One variable={variable} offset={offset} errors={backward} />
      )}
    </g>
  );
}

function One({ variable, offset, errors }: { variable: Variable; offset: number; errors: boolean }) {
  const look = useUnitLook();
  const strips = useStripLook();
  const theme = useTheme();
  const t = useStep() + look.sense * offset;
  const value = errors ? look.error(variable.id, t) : look.value(variable.id, t);
  const kind: Kind = errors ? "error" : "value";
  const share = errors ? errorShare(value, largestError(strips, variable.id)) : valueShare(value, isBounded(variable));
  const ground = colour(share * 0.92, kind, theme);
  return (
    <>
      <rect width={CHIP.width} height={CHIP.height} rx={5} style={{ fill: css(ground) }} />
      <text
        className="number"
        x={CHIP.width / 2}
        y={CHIP.height / 2}
        dy="0.35em"
        style={{ fill: ink(ground) }}
        data-shown={`${errors ? "error" : "value"}:${variable.id}@${offset}`}
        data-value={value}
      >
        {wireNumber(value)}
      </text>
    </>
  );
}

function Strip({ variable, offset, errors }: { variable: Variable; offset: number; errors: boolean }) {
  const look = useStripLook();
  const theme = useTheme();
  const sense = look.place.direction === "reverse" ? -1 : 1;
  const t = useStep() + sense * offset;
  const cells = look.strip(variable.id, errors, t);
  const largest = errors ? largestError(look, variable.id) : 1;
  const bounded = isBounded(variable);
  const stops: string[] = [];
  if (cells) {
    for (let k = 0; k < cells.length; k++) {
      const value = cells[k] ?? 0;
      const tint = css(
        colour(errors ? errorShare(value, largest) : valueShare(value, bounded), errors ? "error" : "value", theme),
      );
      stops.push(`${tint} ${((100 * k) / cells.length).toFixed(2)}% ${((100 * (k + 1)) / cells.length).toFixed(2)}%`);
    }
  }
  return (
    <>
      <foreignObject width={CHIP.width} height={CHIP.height}>
        <div
          className="unf-strip"
          style={{ background: stops.length ? `linear-gradient(to right, ${stops.join(",")})` : undefined }}
        />
      </foreignObject>
      <rect className="rim" width={CHIP.width} height={CHIP.height} rx={4} />
    </>
  );
}

/** Where a state leaves for the step after. */
export function EndNode({ id, end }: { id: string; end: Layout["ends"][string] }) {
  const { head } = useOpened();
  const variable = head.spec.variables.find((v) => v.id === id);
  if (!end.label || !variable) return null;
  return (
    <g className="unf-node port end" transform={`translate(${end.at.x} ${end.at.y})`} aria-hidden="true">
      <rect className="outline" x={-24} y={-13} width={48} height={26} rx={13} />
      <text className="symbol" dy="0.34em">
        {`${plain(variable)}(t)`}
      </text>
    </g>
  );
}

/** A variable of the step after, from which an error comes back. */
export function NextNode({ id, at }: { id: string; at: Point }) {
  const { head } = useOpened();
  const look = useUnitLook();
  const strips = useStripLook();
  const all = useLooking((s) => s.all);
  const t = useStep() + look.sense;
  const variable = head.spec.variables.find((v) => v.id === id);
  if (!variable) return null;
  const value = look.inside(t) ? (all ? strips.norm(id, true, t) : look.error(id, t)) : 0;
  return (
    <g className="unf-next" transform={`translate(${at.x} ${at.y})`}>
      <rect x={-26} y={-20} width={82} height={40} rx={9} />
      <text className="symbol" y={-4}>
        {all ? `‖δ${plain(variable)}(t+1)‖` : `δ${plain(variable)}(t+1)`}
      </text>
      <text className="number" y={12} data-shown={`next:${id}`} data-value={value}>
        {look.inside(t) ? wireNumber(value) : "no such step"}
      </text>
    </g>
  );
}

/** The largest ‖δ‖ of a variable over all steps. */
function largestError(look: StripLook, variable: string): number {
  const overview = look.slices.get({ slice: "overview", ...look.place });
  const norms = overview?.errors[variable];
  return norms ? largestOf(norms) : 1;
}

const largest = new WeakMap<Packed, number>();

function largestOf(norms: Packed): number {
  const known = largest.get(norms);
  if (known !== undefined) return known;
  const found = greatest(numbers(norms));
  largest.set(norms, found);
  return found;
}

export function isBounded(variable: Variable): boolean {
  const [term] = variable.terms;
  const only = variable.terms.length === 1 && term?.factors.length === 1 ? term.factors[0]?.function : null;
  return only === "tanh" || only === "logistic" || only === "one_minus";
}

const LETTERS: Record<string, string> = {
  z_bar: "z̄",
  i_bar: "ī",
  f_bar: "f̄",
  o_bar: "ō",
  r_bar: "r̄",
  u_bar: "ū",
  n_bar: "n̄",
};

/** A variable's symbol without LaTeX. */
export function plain(variable: Variable | undefined): string {
  return variable ? (LETTERS[variable.id] ?? variable.id) : "";
}

export function plainAt(variable: Variable, offset: number): string {
  const when = offset ? (offset > 0 ? `t+${offset}` : `t−${-offset}`) : "t";
  return `${plain(variable)}(${when})`;
}
