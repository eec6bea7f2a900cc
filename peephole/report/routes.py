"""The course of a wire as the canvas draws it (ui/src/graph/route.ts): a plain curve where nothing is in its way, else around
the boxes, along lanes between them."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from peephole.report.wires import Point, rounded

STUB = 20.0  # straight on before it turns
GAP = 14.0  # between a box and a lane beside it
CLEAR = 3.0  # nearer than this to a box is behind it
REACH = 500.0  # how far above and below both ends lanes are looked for
STEPS = 24  # points of a curve that are looked at
HIT = 1e6  # what it costs to run behind a box


class Obstacle(NamedTuple):
    """A box that a wire should not run behind, in pixels of the canvas."""

    x: float
    y: float
    width: float
    height: float


def aside(source: str) -> float:
    """Pixels by which the wires of an output ("node.out:port") are moved aside, so that they keep to lanes of their own."""
    found = 0
    for letter in source:
        found = (found * 131 + ord(letter)) % 65521
    return (found % 4) * 5.0


def course(start: Point, end: Point, boxes: Sequence[Obstacle], offset: float = 0.0) -> str:
    """The `d` of the path from an output to an input.  boxes: all that it should not run behind, those at its ends too."""
    left = min(start[0], end[0]) - 2 * STUB - GAP
    right = max(start[0], end[0]) + 2 * STUB + GAP
    top, bottom = min(start[1], end[1]) - REACH, max(start[1], end[1]) + REACH
    near = [b for b in boxes if b.x < right and b.x + b.width > left and b.y < bottom and b.y + b.height > top]
    forward = end[0] - start[0] > STUB
    if forward and not any(_curve_meets(start, end, one) for one in near):
        return _curve(start, end)
    points, cost = _lanes(start, end, near, offset)
    return _curve(start, end) if forward and cost >= HIT else rounded(points)


def _bend(start: Point, end: Point) -> float:
    return max(40.0, abs(end[0] - start[0]) / 2)


def _curve(start: Point, end: Point) -> str:
    by = _bend(start, end)
    return f"M{_xy(start)}C{_xy((start[0] + by, start[1]))} {_xy((end[0] - by, end[1]))} {_xy(end)}"


def _curve_meets(start: Point, end: Point, box: Obstacle) -> bool:
    if max(start[1], end[1]) < box.y or min(start[1], end[1]) > box.y + box.height:
        return False
    by = _bend(start, end)
    for step in range(1, STEPS):
        t = step / STEPS
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        x = a * start[0] + b * (start[0] + by) + c * (end[0] - by) + d * end[0]
        y = (a + b) * start[1] + (c + d) * end[1]
        if box.x < x < box.x + box.width and box.y < y < box.y + box.height:
            return True
    return False


def _lanes(start: Point, end: Point, boxes: Sequence[Obstacle], offset: float) -> tuple[list[Point], float]:
    """Out, up or down to the lane that is nearest and free, along it, and to the end; the cost is HIT or more behind a box."""
    out, into = start[0] + STUB + offset, end[0] - STUB - offset
    heights = [start[1], end[1]]
    for one in boxes:
        heights += [one.y - GAP - offset, one.y + one.height + GAP + offset]

    def length(y: float) -> float:
        return abs(y - start[1]) + abs(y - end[1])

    best: list[Point] = []
    least = inf
    for y in sorted(dict.fromkeys(heights), key=length):
        if length(y) >= least:
            break
        points = [start, (out, start[1]), (out, y), (into, y), (into, end[1]), end]
        behind = sum(_meets(points[k - 1], points[k], one) for k in range(2, 5) for one in boxes)
        if length(y) + HIT * behind < least:
            best, least = points, length(y) + HIT * behind
    return best, least


def _meets(a: Point, b: Point, box: Obstacle) -> bool:
    """Whether an upright or level line runs behind a box."""
    return (
        max(a[0], b[0]) > box.x - CLEAR
        and min(a[0], b[0]) < box.x + box.width + CLEAR
        and max(a[1], b[1]) > box.y - CLEAR
        and min(a[1], b[1]) < box.y + box.height + CLEAR
    )


def _xy(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
