// What an event of the engine changes in the status.

import type { Event, NodeState } from "../api/generated";
import type { Status } from "./status";

export const restingState: NodeState = {
  state: "ready",
  reason: "",
  seconds: null,
  cached: false,
  provisional: false,
  summary: "",
  problem: null,
  group: [],
  messages: [],
  progress: null,
  curves: {},
  points: 0,
  per: "step",
};
/** What a node that begins anew has no more of. */
const { provisional, problem, group, messages, progress, curves, points, seconds } = restingState;
const fresh = { provisional, problem, group, messages, progress, curves, points, seconds };
const MOST = 500;

export function happened(status: Status, event: Event): Status {
  if (event.event === "run-started") return { ...status, ended: null };
  if (event.event === "run-finished") return { ...status, ended: event, runs: status.runs + 1 };
  const now = status.nodes[event.node] ?? restingState;
  const next = after(now, event);
  if (next === now) return status;
  const changed = { ...status, nodes: { ...status.nodes, [event.node]: next } };
  if (event.event !== "finished" || event.outputs.length === 0) return changed;
  const ports = { ...status.ports };
  for (const { port, type, facts } of event.outputs) {
    const known = ports[`${event.node}.${port}`];
    const rows = typeof facts.rows === "number" ? facts.rows : (known?.rows ?? null);
    ports[`${event.node}.${port}`] = { schema: null, ...known, type, facts, rows, stored: true };
  }
  return { ...changed, ports };
}

type NodeEvent = Exclude<Event, { event: "run-started" | "run-finished" }>;

function after(now: NodeState, event: NodeEvent): NodeState {
  switch (event.event) {
    case "queued": {
      const { curves, points } = now; // they stay where it is taken from the store
      return { ...now, ...fresh, curves, points, state: "waiting", reason: event.reason };
    }
    case "started":
      return { ...now, ...fresh, state: "running", reason: now.state === "waiting" ? now.reason : "" };
    case "progress": {
      const { title, done, total, unit, rate, remaining } = event;
      return { ...now, progress: { title, done, total, unit, rate, remaining } };
    }
    case "metric":
      return { ...withPoint(now, event.values), per: event.per };
    case "curves":
      return { ...now, curves: event.curves, points: event.points, per: event.per };
    case "message":
      return { ...now, messages: [...now.messages, { level: event.level, text: event.text }] };
    case "finished":
      return {
        ...now,
        state: "done",
        reason: event.reason,
        cached: event.cached,
        seconds: event.seconds,
        progress: null,
        problem: null,
        group: [],
      };
    case "failed":
      return { ...now, state: "failed", reason: "", problem: event.problem, group: event.group, progress: null };
    case "skipped":
      return { ...now, state: "waiting", reason: event.reason, progress: null };
    case "cancelled":
      return { ...now, state: "cancelled", reason: "", progress: null };
    case "interrupted":
      return { ...now, state: "interrupted", reason: event.reason, progress: null };
  }
}

/** A point more on each curve; where there are too many, every second one stays, and from then on only every second comes. */
function withPoint(now: NodeState, values: Record<string, number | null>): NodeState {
  const longest = Math.max(0, ...Object.values(now.curves).map((curve) => curve.length));
  const stride = longest === 0 ? 1 : Math.max(1, 2 ** Math.ceil(Math.log2((now.points + 1) / MOST)));
  const points = now.points + 1;
  if ((points - 1) % stride !== 0) return { ...now, points };
  const curves: NodeState["curves"] = { ...now.curves };
  for (const [name, value] of Object.entries(values)) {
    const curve = [...(curves[name] ?? []), value];
    curves[name] = curve.length > MOST ? curve.filter((_, i) => i % 2 === 0) : curve;
  }
  return { ...now, points, curves };
}
