import { expect, test } from "vitest";
import { busyWith } from "./busy";

const NONE = { sort: "", where: "" };

test("a new condition on a sorted table is what it waits for, and what is given up", () =>
  expect(busyWith({ sort: "n", where: "" }, { sort: "n", where: "slow" })).toEqual({
    with: "filter",
    without: { sort: "n", where: "" },
  }));

test("a new order of a filtered table is given up for the one before", () =>
  expect(busyWith({ sort: "n", where: "some" }, { sort: "-n", where: "some" })).toEqual({
    with: "sort",
    without: { sort: "n", where: "some" },
  }));

test("a condition that is left is sorting all rows, or fetching them", () => {
  expect(busyWith({ sort: "n", where: "some" }, { sort: "n", where: "" })?.with).toBe("sort");
  expect(busyWith({ sort: "", where: "some" }, NONE)).toBeNull();
});

test("where the rows have changed, or the rest is put in order, the order goes first", () => {
  const both = { sort: "n", where: "some" };
  expect(busyWith(both, both)).toEqual({ with: "sort", without: { sort: "", where: "some" } });
  const one = { sort: "", where: "some" };
  expect(busyWith(one, one)).toEqual({ with: "filter", without: NONE });
  expect(busyWith(NONE, NONE)).toBeNull();
});
