import { useEffect, useMemo, useRef } from "react";
import { useOpened } from "../opened";
import { useTheme } from "../parts/colours";
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
          <figcaption>{picture.title}</figcaption>
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
        </figure>
      ))}
    </section>
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
  of: "value" | "error" | "weight";
  single: boolean;
}

function Picture({ name, values, rows, columns, largest, of, single }: PictureProps) {
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scaled = useMemo(() => (of === "error" ? values : values.map((v) => v / largest)), [values, of, largest]);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = imageOf(scaled, rows, columns, of === "error" ? "error" : "value", theme, largest, true);
    context.setTransform(1, 0, 0, -1, 0, rows); // first row at the top, as matrices and images are read
    context.drawImage(image, 0, 0);
  }, [scaled, rows, columns, largest, of, theme]);
  const size = single
    ? Math.max(3, Math.min(12, 150 / Math.max(rows, columns)))
    : Math.max(2, Math.min(8, 56 / Math.max(rows, columns)));
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
