import { useEffect, useRef } from "react";
import { gridTexts } from "../../texts/grid";
import { imageType } from "./cells";

/** A picture held as bytes, drawn onto a canvas: nothing is loaded from anywhere. */
export function Picture({ bytes, tall }: { bytes: Uint8Array; tall?: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let gone = false;
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: imageType(bytes) ?? "" });
    createImageBitmap(blob).then(
      (bitmap) => {
        const target = canvas.current;
        if (gone || !target) return bitmap.close();
        const scale = tall ? Math.min(1, (tall * devicePixelRatio) / bitmap.height) : 1;
        target.width = Math.max(1, Math.round(bitmap.width * scale));
        target.height = Math.max(1, Math.round(bitmap.height * scale));
        target.getContext("2d")?.drawImage(bitmap, 0, 0, target.width, target.height);
        bitmap.close();
      },
      () => canvas.current?.setAttribute("data-broken", "true"),
    );
    return () => {
      gone = true;
    };
  }, [bytes, tall]);
  return <canvas ref={canvas} role="img" aria-label={gridTexts.image} width={1} height={1} />;
}
