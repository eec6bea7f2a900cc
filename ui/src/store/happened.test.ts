import { expect, test } from "vitest";
import type { Event, NodeState } from "../api/generated";
import { happened, restingState } from "./happened";
import { failures, noStatus } from "./status";

const finished: Event = { event: "run-finished", at: 37, status: "done", seconds: 37, ran: 29, cached: 2 };

test("how a run ended is kept until the next one begins", () => {
  const after = happened(noStatus, finished);
  expect(after.ended).toEqual(finished);
  expect(happened(after, { event: "run-started", at: 0, nodes: ["a"], to_run: [] }).ended).toBeNull();
});

test("of nodes that failed, a component counts as the nodes in it", () => {
  const state = (name: NodeState["state"]): NodeState => ({ ...restingState, state: name });
  const nodes = { part: state("failed"), "part/a": state("failed"), "part/b": state("done"), c: state("failed") };
  expect(failures({ ...noStatus, nodes })).toBe(2);
});
