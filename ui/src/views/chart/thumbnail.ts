import { chartTheme, init } from "./echarts";
import type { Figure } from "./fetchFigure";
import { miniature, optionOf } from "./option";

/** A figure as a small picture: an address to be used at once or later. Drawn on a sheet of its own that is thrown away. */
export function thumbnail({ facts, data }: Figure, size: { width: number; height: number }, dark: boolean): string {
  const chart = init(document.createElement("div"), chartTheme(), { ...size, devicePixelRatio: 2 });
  try {
    chart.setOption(miniature(optionOf(facts.option, data, true, dark)) as never);
    return chart.getDataURL({ type: "png", pixelRatio: 2 });
  } finally {
    chart.dispose();
  }
}
