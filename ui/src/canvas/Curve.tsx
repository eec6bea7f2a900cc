import { figure } from "../components/formats";
import css from "./Curve.module.css";

const WIDTH = 196;
const HEIGHT = 30;

function path(values: readonly (number | null)[], low: number, high: number): string {
  const span = high - low || 1;
  const step = WIDTH / Math.max(1, values.length - 1);
  let pen = "M";
  return values
    .map((value, i) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const point = `${pen}${(i * step).toFixed(1)} ${(HEIGHT - 2 - ((value - low) / span) * (HEIGHT - 4)).toFixed(1)}`;
      pen = "L";
      return point;
    })
    .join("");
}

/** The metrics of a node that learns, live: up to two curves on one scale, with where the first one stands. */
export function Curve({ curves }: { curves: Readonly<Record<string, readonly (number | null)[]>> }) {
  const shown = Object.entries(curves)
    .filter(([, values]) => values.length > 1)
    .slice(0, 2);
  const [first] = shown;
  if (!first) return null;
  const all = shown.flatMap(([, values]) => values.filter((one) => one !== null));
  const low = Math.min(...all);
  const high = Math.max(...all);
  const last = first[1].findLast((one) => one !== null) ?? null;
  const label = `${first[0]}${last === null ? "" : ` ${figure(last)}`}`;
  return (
    <div className={css.curve}>
      <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {shown.map(([name, values], i) => (
          <path key={name} data-second={i === 1} d={path(values, low, high)} />
        ))}
      </svg>
      <span>{label}</span>
    </div>
  );
}
