import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { wireNumber } from "../cell/numbers";
import { useOpened } from "../opened";
import { colour, css, errorShare, ink, useTheme, valueShare } from "../parts/colours";
import { imageOf } from "../parts/picture";
import { greatest, numbers } from "../source/arrays";
import type { Box, BoxPicture } from "../source/shapes";
import { useSlice } from "../source/slices";

/** What is inside a layer: weights, filters, feature maps, gradients, as pictures. */
export function BoxPictures({ box }: { box: Box }) {
  const { slices } = useOpened();
  const { answer, fresh } = useSlice(slices, { slice: "box", box: box.id });
  if (!answer || !fresh || answer.pictures.length === 0) return null;
  return (
    <section className="unf-pictures" aria-label={`Inside ${box.title}`}>
      {answer.pictures.map((picture) => (
        <Drawn key={picture.title} picture={picture} />
      ))}
    </section>
  );
}

type Drawing = BoxPicture["pictures"][number];

/** One picture, or several of one kind, with the number that is pointed at, by hand or by the arrow keys, beside its title. */
function Drawn({ picture }: { picture: Drawing }) {
  const [pointed, setPointed] = useState<string | null>(null);
  const stack = useMemo(() => (isShort(picture) ? [] : stackOf(picture)), [picture]);
  return (
    <figure>
      <figcaption>
        {picture.title} <small aria-live="polite">{pointed ?? sizeOf(picture)}</small>
      </figcaption>
      {isShort(picture) ? (
        <Few
          values={numbers(picture.values)}
          of={picture.of}
          columns={picture.values.shape[2] ?? 1}
          names={picture.names}
        />
      ) : (
        <div>
          {stack.map((one) => (
            <Picture
              key={one.name}
              {...one}
              of={picture.of}
              single={(picture.values.shape[0] ?? 1) === 1}
              onPoint={setPointed}
            />
          ))}
        </div>
      )}
    </figure>
  );
}

const FEW = 16; // in a row
const SMALL = 8; // rows and columns of a matrix

/** Numbers that are few enough to be read: a code, an answer, a peephole's weights, a small matrix. */
function isShort({ of, values }: Drawing): boolean {
  const [count = 0, rows = 0, columns = 0] = values.shape;
  return of !== "ink" && count === 1 && (rows === 1 ? columns <= FEW : rows <= SMALL && columns <= SMALL);
}

function sizeOf({ values }: Drawing): string {
  const [count = 0, rows = 0, columns = 0] = values.shape;
  const size = rows === 1 ? String(columns) : `${rows} × ${columns}`;
  return count === 1 ? size : `${count} of ${size}`;
}

interface FewProps {
  values: ReturnType<typeof numbers>;
  of: Drawing["of"];
  columns: number;
  names: string[];
}

/** Each number on its colour, row by row, with its name where each has one. */
function Few({ values, of, columns, names }: FewProps) {
  const theme = useTheme();
  const largest = greatest(values);
  const kind = of === "error" ? "error" : "value";
  const matrix = values.length > columns;
  const grid: CSSProperties | undefined = matrix ? { gridTemplateColumns: `repeat(${columns}, auto)` } : undefined;
  return (
    <ol className={`unf-few${matrix ? " matrix" : ""}`} style={grid}>
      {[...values].map((value, k) => {
        const ground = colour(kind === "error" ? errorShare(value, largest) : valueShare(value, false), kind, theme);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the unit
          <li key={k} style={{ background: css(ground), color: ink(ground) }} data-value={value}>
            {names.length === values.length && <small>{names[k]}</small>}
            {wireNumber(value)}
          </li>
        );
      })}
    </ol>
  );
}

function stackOf(picture: Drawing) {
  const [count = 0, rows = 0, columns = 0] = picture.values.shape;
  const all = numbers(picture.values);
  const largest = greatest(all);
  return Array.from({ length: count }, (_, k) => ({
    name: (picture.names.length === count && picture.names[k]) || `${k + 1}`,
    values: all.subarray(k * rows * columns, (k + 1) * rows * columns),
    rows,
    columns,
    largest,
  }));
}

interface PictureProps {
  name: string;
  values: ReturnType<typeof numbers>;
  rows: number;
  columns: number;
  largest: number;
  of: Drawing["of"];
  single: boolean;
  onPoint: (said: string | null) => void;
}

type At = readonly [row: number, column: number];
const STEPS: Readonly<Record<string, At>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Drawn anew only when its numbers are others: not while the pointer goes over it, or over its neighbours. */
const Picture = memo(function Picture({ name, values, rows, columns, largest, of, single, onPoint }: PictureProps) {
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<At | null>(null);
  const scaled = useMemo(() => (of === "error" ? values : values.map((v) => v / largest)), [values, of, largest]);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = imageOf(scaled, rows, columns, of === "weight" ? "value" : of, theme, largest, true);
    context.drawImage(image, 0, 0);
  }, [scaled, rows, columns, largest, of, theme]);
  const size = single
    ? Math.max(3, Math.min(18, 220 / Math.max(rows, columns)))
    : Math.max(2, Math.min(14, 80 / Math.max(rows, columns)));
  const say = (row: number, column: number): void => {
    const value = wireNumber(values[row * columns + column] ?? 0);
    const place = rows === 1 ? `${column + 1}` : `row ${row + 1}, column ${column + 1}`;
    onPoint(`${single ? "" : `${name}, `}${place}: ${value}`);
  };
  const goTo = (to: At): void => {
    setAt(to);
    say(...to);
  };
  const leave = (): void => {
    setAt(null);
    onPoint(null);
  };
  const point = ({ currentTarget, clientX, clientY }: PointerEvent): void => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    say(within(((clientY - top) / height) * rows, rows), within(((clientX - left) / width) * columns, columns));
  };
  const keys = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [row, column] = at ?? [0, 0];
    goTo([within(row + step[0], rows), within(column + step[1], columns)]);
  };
  return (
    <span className="unf-picture">
      <canvas
        ref={canvas}
        width={columns}
        height={rows}
        style={{ width: columns * size, height: rows === 1 ? Math.max(14, size) : rows * size }}
        role="img"
        aria-label={name}
        tabIndex={0} // its numbers are gone through with the arrow keys
        onPointerMove={point}
        onPointerLeave={() => (at ? say(...at) : onPoint(null))}
        onFocus={({ currentTarget }) => currentTarget.matches(":focus-visible") && goTo([0, 0])}
        onBlur={leave}
        onKeyDown={keys}
      />
      {at && (
        <i
          aria-hidden="true"
          style={{
            left: `${(100 * at[1]) / columns}%`,
            top: `${(100 * at[0]) / rows}%`,
            width: `${100 / columns}%`,
            height: `${100 / rows}%`,
          }}
        />
      )}
    </span>
  );
});

/** The whole number below, of those from 0 that are less than `count`. */
function within(at: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor(at)));
}
