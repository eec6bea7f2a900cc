import fc from "fast-check";
import { expect, test } from "vitest";
import { LEADING, setName } from "./farNames";

const half = (text: string): number => text.length / 2; // every letter half an em

test("a name takes the lines on which it is largest", () => {
  const room = { width: 100, height: 40, least: 7, most: 60 };
  expect(setName("Sort", room, half)).toEqual({ lines: ["Sort"], size: 40 / LEADING });
  // one line: 100 / 10 ems = 10; two: min(100 / 6 ems, 40 / 2 / 1.15) = 16.7
  expect(setName("Flights that arrived", room, half)).toEqual({ lines: ["Flights", "that arrived"], size: 100 / 6 });
});

test("what would be too small is cut at a word, and a long first word within it", () => {
  const room = { width: 42, height: 17, least: 7, most: 60 }; // lines of 12 letters
  const name = "Standardize the numbers of the training part";
  expect(setName(name, room, half)).toEqual({ lines: ["Standardize", "the numbers…"], size: 7 });
  expect(setName("Reconstruction of everything", room, half)).toEqual({ lines: ["Reconstruct…"], size: 7 });
});

test("two lines of the largest type are as even as they can be", () => {
  const room = { width: 100, height: 40, least: 7, most: 11 };
  expect(setName("A note with words in it", room, half)?.lines).toEqual(["A note with", "words in it"]);
  expect(setName("A short note", room, half)?.lines).toEqual(["A short note"]);
});

test("too few letters are no name", () => {
  expect(setName("A row for each", { width: 28, height: 10, least: 7, most: 60 }, half)).toBeNull();
});

test("where no line has room, there is no name", () => {
  expect(setName("Sort", { width: 100, height: 8, least: 7, most: 60 }, half)).toBeNull();
  expect(setName("Standardize", { width: 16, height: 40, least: 7, most: 60 }, half)).toBeNull();
  expect(setName(" ", { width: 100, height: 40, least: 7, most: 60 }, half)).toBeNull();
});

test("a name lies in its room, and begins as it is", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,14}$/), { minLength: 1, maxLength: 7 });
  const sides = fc.record({ width: fc.integer({ min: 10, max: 300 }), height: fc.integer({ min: 4, max: 120 }) });
  fc.assert(
    fc.property(words, sides, (some, side) => {
      const found = setName(some.join(" "), { ...side, least: 7, most: 30 }, half);
      if (!found) return;
      expect(found.size).toBeGreaterThanOrEqual(7);
      expect(found.size).toBeLessThanOrEqual(30);
      expect(found.lines.length * found.size * LEADING).toBeLessThanOrEqual(side.height + 1e-9);
      for (const line of found.lines) expect(half(line) * found.size).toBeLessThanOrEqual(side.width + 1e-9);
      expect(some.join(" ").startsWith(found.lines.join(" ").replace(/…$/, ""))).toBe(true);
    }),
  );
});
