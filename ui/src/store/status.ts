// How the nodes stand: states, what is at the ports, what is wrong, the run. Changes are gathered and shown once a frame.

import { create } from "zustand";
import type {
  CheckedMessage,
  Event,
  Finding,
  NodeState,
  PortFacts,
  RunFinished,
  RunState,
  Snapshot,
} from "../api/generated";
import { happened, restingState } from "./happened";

export interface Status {
  /** by path */
  nodes: Readonly<Record<string, NodeState>>;
  /** by "path.port" */
  ports: Readonly<Record<string, PortFacts>>;
  findings: readonly Finding[];
  run: RunState;
  /** how the last run ended that this page saw */
  ended: RunFinished | null;
  /** how many runs this page saw end */
  runs: number;
}

const idle: RunState = { state: "idle", targets: null, started_at: null };
export const noStatus: Status = { nodes: {}, ports: {}, findings: [], run: idle, ended: null, runs: 0 };

export const useStatus = create<Status>()(() => noStatus);

type Change = (status: Status) => Status;
let waiting: Change[] = [];
let planned = false;

function flush(): void {
  planned = false;
  const changes = waiting;
  waiting = [];
  const before = useStatus.getState();
  const after = changes.reduce((status, change) => change(status), before);
  if (after !== before) useStatus.setState(after, true);
}

/** Change the status at the next frame; a hidden page has no frames, and changes soon all the same. */
function soon(change: Change): void {
  waiting.push(change);
  if (planned) return;
  planned = true;
  if (document.visibilityState === "hidden") setTimeout(flush, 100);
  else requestAnimationFrame(flush);
}

// A page that is hidden before its frame comes would gather changes until it is seen again.
document.addEventListener("visibilitychange", () => {
  if (planned && document.visibilityState === "hidden") flush();
});

/** No document is open any more: what was still to be shown of it is not. */
export function leaveStatus(): void {
  waiting = [];
  useStatus.setState(noStatus, true);
}

export function takeStatus(snapshot: Snapshot): void {
  waiting = [];
  const { nodes, ports, findings, run } = snapshot;
  useStatus.setState({ nodes, ports, findings, run, ended: null });
}

export const takeChecked = (message: CheckedMessage): void =>
  soon((status) => ({
    ...status,
    findings: message.findings ?? status.findings,
    nodes: changed(status.nodes, message.nodes),
    ports: changed(status.ports, message.ports),
  }));

export const takeEvent = (event: Event): void => soon((status) => happened(status, event));

export const takeRun = (run: RunState): void => soon((status) => ({ ...status, run }));

/** Keys present replace, null removes. */
function changed<T>(old: Readonly<Record<string, T>>, by: Record<string, T | null>): Readonly<Record<string, T>> {
  if (Object.keys(by).length === 0) return old;
  const result: Record<string, T> = { ...old };
  for (const [key, value] of Object.entries(by)) {
    if (value === null) delete result[key];
    else result[key] = value;
  }
  return result;
}

export const useNodeState = (path: string): NodeState => useStatus((status) => status.nodes[path]) ?? restingState;

export const usePortFacts = (path: string, port: string): PortFacts | undefined =>
  useStatus((status) => status.ports[`${path}.${port}`]);

/** Paths of components: nodes with others in them. */
function components(status: Status): Set<string> {
  const found = new Set<string>();
  for (const path of Object.keys(status.nodes)) found.add(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
  return found;
}

/** How many nodes failed. A component counts as the nodes in it. */
export function failures(status: Status): number {
  const whole = components(status);
  return Object.entries(status.nodes).filter(([path, { state }]) => state === "failed" && !whole.has(path)).length;
}

/** How far the whole run is: nodes that are through, and all. A component counts as the nodes in it. */
export function runProgress(status: Status): { done: number; total: number } {
  const whole = components(status);
  let done = 0;
  let total = 0;
  for (const [path, { state, progress }] of Object.entries(status.nodes)) {
    if (state === "placeholder" || state === "incomplete" || whole.has(path)) continue;
    total += 1;
    if (["done", "failed", "cancelled", "interrupted"].includes(state)) done += 1;
    else if (state === "running" && progress?.total) done += Math.min(1, progress.done / progress.total);
  }
  return { done, total };
}
