// A fresh node is not ready yet; what it lacks becomes a fault once the person has been there, or wanted it to run.

import { beforeEach, describe, expect, it } from "vitest";
import { leaveField, toDo, touched, tryNode, untouch, untouchAll, useTouched } from "./touched";

const said = (id: string, setting: string | null = null) => ({ id, setting });
const calm = (node: string, id: string, setting: string | null = null) =>
  toDo(useTouched.getState(), node, said(id, setting));

beforeEach(untouchAll);

describe("what a node lacks", () => {
  it("is only to be done at first, and what is wrong is a fault at once", () => {
    expect([calm("n", "unset", "keys"), calm("n", "input-missing")]).toEqual([true, true]);
    expect([calm("n", "setting", "keys"), calm("n", "column", "keys"), calm("n", "port-type")]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("is a fault once its own field was left", () => {
    leaveField("n", "keys[0].left");
    expect([
      calm("n", "unset", "keys[0].left"),
      calm("n", "unset", "keys[0].right"),
      calm("m", "unset", "keys"),
    ]).toEqual([false, true, true]);
  });

  it("is a fault once a run wanted the node, until it is a new one", () => {
    tryNode("n");
    expect([calm("n", "unset", "keys"), calm("n", "input-missing"), calm("n/m", "unset", "keys")]).toEqual([
      false,
      false,
      true,
    ]);
    leaveField("n", "by");
    untouch("n");
    expect(touched(useTouched.getState(), "n", "by")).toBe(false);
  });
});
