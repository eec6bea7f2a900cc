import type { PortFacts } from "../api/generated";
import { figure } from "../components/formats";
import { canvasTexts as texts } from "../texts/canvas";
import { keptWords } from "../views/network/kept";
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

interface Props {
  curves: Readonly<Record<string, readonly (number | null)[]>>;
  /** the epoch whose weights were kept, and what is known of it; marked: the curves are those of the whole training */
  kept: { epoch: number; facts: PortFacts["facts"]; marked: boolean } | null;
}

/** The metrics of a node that learns, live: the first one, and what it is on rows held back, with where they stand. */
export function Curve({ curves, kept }: Props) {
  const long = Object.entries(curves).filter(([, values]) => values.length > 1);
  const [first] = long;
  if (!first) return null;
  const shown = [first, long.find(([name]) => name === `validation ${first[0]}`) ?? long[1]].filter((one) => !!one);
  const all = shown.flatMap(([, values]) => values.filter((one) => one !== null));
  const low = Math.min(...all);
  const high = Math.max(...all);
  const told = shown.filter(([name], i) => i === 0 || name.startsWith("validation "));
  const words = told.map(([name, values]) => {
    const of = kept?.facts[name];
    const value = typeof of === "number" ? of : (values.findLast((one) => one !== null) ?? null);
    return value === null ? name : `${name} ${figure(value)}`;
  });
  if (kept) words.push(`${keptWords(kept.facts, kept.epoch)} ${texts.kept}`);
  const at =
    kept?.marked && typeof kept.facts.epochs === "number" ? (WIDTH * (kept.epoch - 1)) / (kept.facts.epochs - 1) : null;
  return (
    <div className={css.curve}>
      <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.join(", ")}>
        {shown.map(([name, values], i) => (
          <path key={name} data-second={i === 1} d={path(values, low, high)} />
        ))}
        {at !== null && <line x1={at} x2={at} y1={0} y2={HEIGHT} />}
      </svg>
      <div>
        {words.map((word) => (
          <span key={word}>{word}</span>
        ))}
      </div>
    </div>
  );
}
