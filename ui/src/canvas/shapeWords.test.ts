import { expect, test } from "vitest";
import { shapeWords } from "./shapeWords";

test("the words on a wire are shortened where its boxes are near", () => {
  const long = "any number of steps x 16";
  expect(shapeWords(long, 0, 300)).toBe(long);
  expect(shapeWords(long, 0, 90)).toBe("steps x 16");
  expect(shapeWords(long, 200, 0)).toBe(long);
  expect(shapeWords("12 steps x 16", 0, 90)).toBe("12 steps x 16");
});
