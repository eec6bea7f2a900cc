import { expect, test } from "vitest";
import { course, matters, type Obstacle } from "../graph/route";
import { different } from "./farCourses";

const box = (x: number, y: number): Obstacle => ({ x, y, width: 200, height: 80 });

test("what is in one list only is found, also where a box has grown", () => {
  const [a, b, c] = [box(0, 0), box(300, 0), box(600, 0)];
  expect(different([a, b], [{ ...a }, b])).toEqual([]);
  expect(different([a, b, c], [a, c])).toEqual([b]);
  const grown = { ...b, height: 120 };
  expect(different([a, b], [a, grown])).toEqual([b, grown]);
});

test("a box that does not matter changes no course", () => {
  const boxes = Array.from({ length: 400 }, (_, k) => box((k % 20) * 300, Math.floor(k / 20) * 160));
  for (let k = 0; k < 380; k += 13) {
    const [a = box(0, 0), b = box(0, 0)] = [boxes[k], boxes[k + 20 - (k % 3)]];
    const [from, to] = [
      { x: a.x + a.width, y: a.y + 26 },
      { x: b.x, y: b.y + 26 },
    ];
    const near = boxes.filter((one) => matters(from, to, one));
    expect(near.length).toBeLessThan(boxes.length);
    expect(course(from, to, near)).toEqual(course(from, to, boxes));
  }
});
