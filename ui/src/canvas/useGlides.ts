import { useReactFlow, type Viewport } from "@xyflow/react";
import { useMemo } from "react";
import { moving } from "../store/moving";

let latest = 0;

/** A glide has begun; it ends of itself, or with `taken`. One that another follows never says that it is over. */
function glides(whole: Promise<unknown>): void {
  latest += 1;
  const own = latest;
  moving({ gliding: true });
  void whole.then(() => {
    if (own === latest) moving({ gliding: false });
  });
}

/** The view is taken elsewhere: a glide that was on its way is over. */
export function taken(): void {
  latest += 1;
  moving({ gliding: false });
}

/** The ways to move the view: at once, or gliding for so many milliseconds. */
export function useGlides() {
  const { setViewport, zoomIn, zoomOut, zoomTo } = useReactFlow();
  return useMemo(
    () => ({
      put: (to: Viewport) => {
        taken();
        void setViewport(to);
      },
      putZoom: (zoom: number) => {
        taken();
        void zoomTo(zoom);
      },
      glide: (to: Viewport, duration: number) => glides(setViewport(to, { duration })),
      zoomIn: () => glides(zoomIn({ duration: 120 })),
      zoomOut: () => glides(zoomOut({ duration: 120 })),
      zoomToReal: () => glides(zoomTo(1, { duration: 200 })),
    }),
    [setViewport, zoomIn, zoomOut, zoomTo],
  );
}
