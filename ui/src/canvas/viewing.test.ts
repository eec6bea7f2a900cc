import { describe, expect, it } from "vitest";
import { beginning, fitted, yielded } from "./viewing";

const room = { top: 30, right: 40, bottom: 60, left: 20 };
const size = { width: 860, height: 690 };
const at = (x: number, y: number) => ({ x, y, width: 200, height: 100 });

/** Where a box lies on the screen. */
const seen = (box: ReturnType<typeof at>, { x, y, zoom }: { x: number; y: number; zoom: number }) => ({
  left: box.x * zoom + x,
  top: box.y * zoom + y,
  right: (box.x + box.width) * zoom + x,
  bottom: (box.y + box.height) * zoom + y,
});

describe("fitting", () => {
  it("keeps everything clear of the zoom bar and of the panels", () => {
    const boxes = [at(-500, 40), at(700, 900), at(100, -300)];
    const view = fitted(boxes, size, room);
    const places = boxes.map((box) => seen(box, view));
    expect(Math.min(...places.map((one) => one.left))).toBeGreaterThanOrEqual(room.left);
    expect(Math.min(...places.map((one) => one.top))).toBeCloseTo(room.top);
    expect(Math.max(...places.map((one) => one.right))).toBeLessThanOrEqual(size.width - room.right);
    expect(Math.max(...places.map((one) => one.bottom))).toBeCloseTo(size.height - room.bottom);
  });

  it("makes nothing larger than it is, and puts it into the middle of what is free", () => {
    const view = fitted([at(1000, 1000)], size, room);
    expect(view.zoom).toBe(1);
    expect(seen(at(1000, 1000), view)).toEqual({ left: 320, top: 280, right: 520, bottom: 380 });
  });
});

describe("the view once the panel below has risen", () => {
  const lower = { width: 860, height: 390 };
  const boxes = [at(0, 0), at(500, 300)];
  const whole = fitted(boxes, size, room);

  it("is the whole, where the whole was seen and stays readable", () => {
    const view = yielded(boxes, whole, size.height, lower, room);
    expect(view?.zoom).toBeCloseTo(300 / 400);
    if (view) expect(seen(at(500, 300), view).bottom).toBeCloseTo(330);
  });

  it("is no larger than before, and may be as small as before", () => {
    const small = { x: 300, y: 420, zoom: 0.3 };
    expect(yielded(boxes, small, size.height, lower, room)?.zoom).toBe(0.3);
  });

  it("is left alone where all is still seen, was not seen before, or would be too small", () => {
    expect(yielded(boxes, { x: 0, y: 0, zoom: 0.5 }, size.height, lower, room)).toBeNull();
    expect(yielded(boxes, { x: 300, y: 0, zoom: 1 }, size.height, lower, room)).toBeNull();
    const tall = [at(0, 0), at(0, 800)];
    expect(yielded(tall, fitted(tall, size, room), size.height, lower, room)).toBeNull();
  });
});

describe("the first view", () => {
  it("is the whole where it can be read", () => {
    const boxes = [at(0, 0), at(900, 500)];
    expect(beginning(boxes, size, room)).toEqual(fitted(boxes, size, room));
  });

  it("is the left side where it cannot, with all of the height that there is room for", () => {
    const flat = beginning([at(0, 0), at(6000, 200)], size, room);
    expect(flat.zoom).toBe(0.7);
    expect(seen(at(0, 0), flat).left).toBe(room.left);
    const above = seen(at(0, 0), flat).top - room.top;
    expect(size.height - room.bottom - seen(at(6000, 200), flat).bottom).toBeCloseTo(above);
    expect(above).toBeCloseTo((600 - 300 * 0.7) / 2);
    const between = beginning([at(0, 0), at(6000, 900)], size, room);
    expect(between.zoom).toBeCloseTo(0.6);
    expect(seen(at(0, 0), between).top).toBeCloseTo(room.top);
    const tall = beginning([at(0, 0), at(6000, 4000)], size, room);
    expect(seen(at(0, 0), tall).top).toBe(room.top);
  });
});
