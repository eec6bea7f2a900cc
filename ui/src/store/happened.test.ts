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

test("curves go on from where an earlier run left them", () => {
  const run: Event[] = [
    { event: "started", at: 0, node: "a", with_nodes: [] },
    { event: "curves", at: 1, node: "a", curves: { loss: [3, 2] }, points: 2, per: "epoch" },
    { event: "metric", at: 2, node: "a", values: { loss: 1 }, per: "epoch" },
  ];
  const { curves, points } = run.reduce(happened, noStatus).nodes.a ?? restingState;
  expect(curves).toEqual({ loss: [3, 2, 1] });
  expect(points).toBe(3);
});

test("curves stay where a run takes their network from the store, and go where it is trained anew", () => {
  const learnt: Event[] = [
    { event: "started", at: 0, node: "a", with_nodes: [] },
    { event: "metric", at: 1, node: "a", values: { loss: 1 }, per: "epoch" },
    { event: "queued", at: 2, node: "a", reason: "" },
  ];
  const again: Event = {
    event: "finished",
    at: 3,
    node: "a",
    cached: true,
    reason: "",
    seconds: 0,
    outputs: [],
    messages: [],
  };
  expect([...learnt, again].reduce(happened, noStatus).nodes.a?.curves).toEqual({ loss: [1] });
  const anew: Event = { event: "started", at: 3, node: "a", with_nodes: [] };
  expect([...learnt, anew].reduce(happened, noStatus).nodes.a?.curves).toEqual({});
});
