import type { NodeState, PortFacts } from "../../api/generated";
import type { Document } from "../../graph/document";
import { useDocument } from "../../store/document";
import { useStatus } from "../../store/status";

/** What decides results: types, settings and wires, not where things stand or what they are called. */
function meaning(document: Document): unknown {
  const nodes = Object.entries(document.nodes).map(([id, block]) => [
    id,
    block.type,
    block.settings,
    block.inside ? meaning(block.inside) : null,
    block.repeat ?? null,
  ]);
  return [nodes, document.wires];
}

let known: { of: Document; text: string; version: number } | null = null;

/** A number that changes with what decides results; found once for all who ask. */
function versionOf(document: Document): number {
  if (known?.of === document) return known.version;
  const text = JSON.stringify(meaning(document));
  const version = (known?.version ?? 0) + (known?.text === text ? 0 : 1);
  known = { of: document, text, version };
  return version;
}

/** A text that changes whenever what lies at a port of the node may have changed. */
export function useFresh(state: NodeState, facts: PortFacts | undefined): string {
  const version = versionOf(useDocument((now) => now.confirmed));
  // Once a run is over, what it made is found for certain.
  const idle = useStatus((status) => status.run.state === "idle");
  const run = state.state === "done" ? `${state.seconds} ${state.reason} ${idle}` : "";
  return `${version} ${facts?.stored ?? false} ${run}`;
}
