// A choice in a chart is seen at once in what follows from it: the chart's own table, and views and table steps after it.

import { level } from "../../graph/apply";
import { type Document, pathOf, splitPath, wireOf } from "../../graph/document";
import { useCatalog } from "../../store/catalog";
import { useDocument } from "../../store/document";
import { run } from "../../store/session";
import { useStatus } from "../../store/status";

/** The nodes on the level of a chart that follow from its choice and cost little: views, and steps that become a query. */
export function linked(document: Document, chart: string, cheap: (type: string) => boolean): string[] {
  const { within, id } = splitPath(chart);
  const here = level(document, within);
  const wires = here.wires.map(wireOf);
  const found = new Set([id]);
  const waiting = wires.filter((one) => one.source === id && one.output === "selected").map((one) => one.target);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const block = here.nodes[next];
    if (!block || found.has(next) || !cheap(block.type)) continue;
    found.add(next);
    for (const wire of wires) if (wire.source === next) waiting.push(wire.target);
  }
  return [...found].map((one) => pathOf(within, one));
}

/** Run them, unless a run is on: then they wait for the person. */
export function runLinked(chart: string): void {
  if (useStatus.getState().run.state !== "idle") return;
  const { nodes } = useCatalog.getState();
  const cheap = (type: string): boolean => {
    const known = nodes.get(type);
    return known !== undefined && !known.effect && (known.runs === "engine" || known.family === "views");
  };
  run(linked(useDocument.getState().document, chart, cheap));
}
