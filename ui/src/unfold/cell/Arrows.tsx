import { useMemo } from "react";
import { useOpened, useStep, useStripLook, useUnitLook } from "../opened";
import { routeLabel } from "../source/followed";
import type { Route } from "../source/shapes";
import { useLooking, useLookingStore } from "../state";
import type { Plan } from "./Block";
import type { Point } from "./layout";
import { percent, wireNumber } from "./numbers";
import { rounded } from "./paths";
import { type ArrowPath, arrowHead, arrowsOf, curve, inLanes, shortened } from "./routePaths";

const WIDEST = 15;

/** An arrow with its share: how thick, what it says. */
interface Weighed extends ArrowPath {
  share: number;
  thick: number;
  nothing: boolean;
  against: boolean;
  text: string;
  part: string;
}

/** The ways by which an error reaches the variable looked at, weighed by their shares at the step looked at. */
export function useArrows(plan: Plan, variable: string): Weighed[] {
  const look = useUnitLook();
  const strips = useStripLook();
  const all = useLooking((s) => s.all);
  const backward = useLooking((s) => s.backward);
  const t = useStep();
  const routes = useMemo(() => look.routes(variable), [look, variable]);
  const paths = useMemo(() => arrowsOf(plan.circuit, plan.layout, plan.shapes, routes), [plan, routes]);
  if (!backward) return [];
  const shareOf = (route: Route) => (all ? strips.along(variable, route.id, t) : look.route(variable, route.id, t));
  const shares = routes.map(shareOf);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const sizes = shares.reduce((sum, share) => sum + Math.abs(share), 0);
  const weighed = paths.flatMap((path): Weighed[] => {
    const share = shareOf(path.route);
    const weight = sizes > 0 ? Math.abs(share) / sizes : 0;
    const nothing = !(Math.abs(share) > 0);
    if (nothing && path.route.external) return [];
    const against = whole !== 0 && Math.sign(share) !== Math.sign(whole);
    const thick = nothing ? 1.5 : 2 + WIDEST * weight;
    return [
      {
        ...path,
        share,
        thick,
        nothing,
        against,
        text: wireNumber(share),
        part: weight > 0 ? percent(share / whole) : "",
      },
    ];
  });
  return inLanes(weighed, plan.layout.at[variable]);
}

/** The arrows, as wide as their share; or what they say, which stands above everything else. */
export function Arrows({ arrows, part }: { arrows: Weighed[]; part: "shafts" | "shares" }) {
  const store = useLookingStore();
  const lit = useLooking((s) => s.lit);
  const some = lit.some((key) => arrows.some((arrow) => key === `route:${arrow.route.id}`));
  return (
    <g className="unf-arrows">
      {arrows.map((arrow) => {
        const { route } = arrow;
        const key = `route:${route.id}`;
        const names = [
          "unf-arrow",
          arrow.nothing && "nothing",
          arrow.against && "against",
          some && !lit.includes(key) && "dim",
        ];
        return (
          <g
            key={route.id}
            className={names.filter(Boolean).join(" ")}
            data-route={part === "shafts" ? route.id : undefined}
            onPointerEnter={() => store.setState({ lit: [key] })}
            onPointerLeave={() => store.setState({ lit: [] })}
          >
            {part === "shafts" ? <Shaft arrow={arrow} /> : arrow.nothing ? null : <Share arrow={arrow} />}
          </g>
        );
      })}
    </g>
  );
}

function Shaft({ arrow }: { arrow: Weighed }) {
  const { head } = useOpened();
  const { points, curved, thick } = arrow;
  const tip = 7 + 0.62 * thick;
  return (
    <>
      <title>{`${routeLabel(head, arrow.route)}: ${arrow.share}`}</title>
      <path className="shaft" d={curved ? curve(points, tip) : rounded(shortened(points, tip))} strokeWidth={thick} />
      <path className="head" d={arrowHead(points, curved, tip + 0.5, 7 + 1.25 * thick)} />
    </>
  );
}

function Share({ arrow }: { arrow: Weighed }) {
  const width = Math.max(60, 14 + 6.4 * (arrow.text.length + arrow.part.length + (arrow.part ? 1 : 0)));
  const place = sharePlace(arrow, width);
  return (
    <g transform={`translate(${place.x} ${place.y})`} className="unf-share">
      <rect x={-width / 2} y={-10} width={width} height={20} rx={10} />
      <text dy="0.34em" data-share={arrow.route.id} data-value={arrow.share}>
        {arrow.text}
        <tspan className="part">{arrow.part ? `  ${arrow.part}` : ""}</tspan>
      </text>
    </g>
  );
}

/** Beside the box of the next step, or beside the middle of the arrow's longest straight part. */
function sharePlace({ points, next, curved, route }: Weighed, width: number): Point {
  const from = points[0] ?? { x: 0, y: 0 };
  if (next) return { x: from.x - 32 - width / 2, y: from.y };
  if (curved && route.external) return { x: from.x - width / 2 - 4, y: from.y - 18 };
  let best: [Point, Point] = [from, from];
  points.slice(1).forEach((point, k) => {
    const before = points[k] as Point;
    if (length(before, point) > length(...best)) best = [before, point];
  });
  const [a, b] = best;
  const upright = Math.abs(a.x - b.x) < Math.abs(a.y - b.y);
  const share = upright ? 0.68 : 0.5;
  const middle = { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
  return upright ? { x: middle.x + width / 2 + 12, y: middle.y } : middle;
}

function length(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
