import { useEffect, useMemo, useRef } from "react";
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
        <figure key={picture.title}>
          <figcaption>
            {picture.title} <small>{sizeOf(picture)}</small>
          </figcaption>
          {isShort(picture) ? (
            <Few values={numbers(picture.values)} of={picture.of} />
          ) : (
            <div>
              {stackOf(picture).map(({ name, values, rows, columns, largest }) => (
                <Picture
                  key={name}
                  name={name}
                  values={values}
                  rows={rows}
                  columns={columns}
                  largest={largest}
                  of={picture.of}
                  single={(picture.values.shape[0] ?? 1) === 1}
                />
              ))}
            </div>
          )}
        </figure>
      ))}
    </section>
  );
}

const FEW = 16;

/** Numbers that are few enough to be read: a code, an answer, a peephole's weights. */
function isShort({ of, values }: BoxPicture["pictures"][number]): boolean {
  const [count = 0, rows = 0, columns = 0] = values.shape;
  return of !== "ink" && count === 1 && rows === 1 && columns <= FEW;
}

function sizeOf({ values }: BoxPicture["pictures"][number]): string {
  const [count = 0, rows = 0, columns = 0] = values.shape;
  const size = rows === 1 ? String(columns) : `${rows} × ${columns}`;
  return count === 1 ? size : `${count} of ${size}`;
}

/** Each number on its colour. */
function Few({ values, of }: { values: ReturnType<typeof numbers>; of: "value" | "error" | "weight" | "ink" }) {
  const theme = useTheme();
  const largest = greatest(values);
  const kind = of === "error" ? "error" : "value";
  return (
    <ol className="unf-few">
      {[...values].map((value, k) => {
        const ground = colour(kind === "error" ? errorShare(value, largest) : valueShare(value, false), kind, theme);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the unit
          <li key={k} style={{ background: css(ground), color: ink(ground) }} data-value={value}>
            {wireNumber(value)}
          </li>
        );
      })}
    </ol>
  );
}

function stackOf(picture: BoxPicture["pictures"][number]) {
  const [count = 0, rows = 0, columns = 0] = picture.values.shape;
  const all = numbers(picture.values);
  const largest = greatest(all);
  return Array.from({ length: count }, (_, k) => ({
    name: picture.names[k] ?? `${k + 1}`,
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
  of: "value" | "error" | "weight" | "ink";
  single: boolean;
}

function Picture({ name, values, rows, columns, largest, of, single }: PictureProps) {
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scaled = useMemo(() => (of === "error" ? values : values.map((v) => v / largest)), [values, of, largest]);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = imageOf(scaled, rows, columns, of === "weight" ? "value" : of, theme, largest, true);
    context.setTransform(1, 0, 0, -1, 0, rows); // first row at the top, as matrices and images are read
    context.drawImage(image, 0, 0);
  }, [scaled, rows, columns, largest, of, theme]);
  const size = single
    ? Math.max(3, Math.min(12, 150 / Math.max(rows, columns)))
    : Math.max(2, Math.min(14, 80 / Math.max(rows, columns)));
  return (
    <canvas
      ref={canvas}
      width={columns}
      height={rows}
      style={{ width: columns * size, height: Math.max(6, rows * size) }}
      role="img"
      aria-label={name}
      title={name}
    />
  );
}
