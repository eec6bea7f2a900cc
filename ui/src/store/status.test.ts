import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { leaveStatus, noStatus, takeRun, useStatus } from "./status";

const running = { state: "running" as const, targets: null, started_at: 1 };
const seen = vi.spyOn(document, "visibilityState", "get");

beforeEach(() => {
  vi.useFakeTimers();
  seen.mockReturnValue("visible");
});
afterEach(() => {
  leaveStatus();
  vi.advanceTimersByTime(1000);
  vi.useRealTimers();
});

test("what has not been shown of a document that is left is not shown any more", () => {
  takeRun(running);
  leaveStatus();
  vi.advanceTimersByTime(1000);
  expect(useStatus.getState()).toBe(noStatus);
});

test("a page that is hidden before its next frame does not wait for it", () => {
  takeRun(running);
  expect(useStatus.getState()).toBe(noStatus);
  seen.mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(useStatus.getState().run).toEqual(running);
});
