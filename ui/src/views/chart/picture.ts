// A chart as a picture to keep: what is seen, with its title above it, on the page's ground.

import type { ECharts } from "./echarts";

const SHARP = 2; // dots of the picture for each of the page
const TITLE = 40; // pixels above the chart
const EDGE = 16;

/** The name of a file for a title: what file systems or shells take amiss is left out. */
export function fileName(title: string, ending: string): string {
  const kept = title
    .replaceAll(/[/\\:|]+/g, " - ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[^\p{L}\p{N} _.,=()%+-]/gu, "")
    .replace(/^[\s.]+/, "")
    .slice(0, 120)
    .replace(/[\s.]+$/, "");
  return `${kept || "chart"}.${ending}`;
}

/** Hand the person a PNG of the chart. */
export async function savePicture(chart: ECharts, title: string): Promise<void> {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const drawn = new Image();
  drawn.src = chart.getDataURL({ type: "png", pixelRatio: SHARP, backgroundColor: colour("--panel") });
  await drawn.decode();
  const sheet = document.createElement("canvas");
  const above = title ? TITLE : EDGE;
  sheet.width = drawn.width + 2 * EDGE * SHARP;
  sheet.height = drawn.height + (above + EDGE) * SHARP;
  const pen = sheet.getContext("2d");
  if (!pen) return;
  pen.fillStyle = colour("--panel");
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.drawImage(drawn, EDGE * SHARP, above * SHARP);
  pen.font = `600 ${15 * SHARP}px ${colour("--sans")}`;
  pen.fillStyle = colour("--text");
  pen.fillText(title, EDGE * SHARP, 26 * SHARP, drawn.width);
  const link = document.createElement("a");
  link.href = sheet.toDataURL("image/png");
  link.download = fileName(title, "png");
  link.click();
}
