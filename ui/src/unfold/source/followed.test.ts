import { expect, test } from "vitest";
import { followedName, isLoss, routeLabel } from "./followed";

const following = (chosen: string, name: string) => ({ followed: { chosen, name, answered: false, outputs: ["a"] } });

test("where an output is followed, nothing is called a loss", () => {
  const output = following("a", 'the output "a"');
  expect(isLoss(output)).toBe(false);
  expect(followedName(output)).toBe('the output "a"');
  expect(routeLabel(output, { external: "loss", label: "loss" })).toBe("output");
  expect(routeLabel(output, { external: "above", label: "above" })).toBe("above");
});

test("a trace that does not say what it follows has a loss", () => {
  for (const head of [{ followed: null }, following("task", "the loss")]) {
    expect(isLoss(head)).toBe(true);
    expect(followedName(head)).toBe("the loss");
    expect(routeLabel(head, { external: "loss", label: "loss" })).toBe("loss");
  }
});
