"""The course of each wire as an SVG path: smooth curves between columns, rounded lines through the gutters between bands."""

from __future__ import annotations

from collections.abc import Sequence

from peephole.report.layout import GAP_X, LANE, MOST, WIDTH, Layout, Spot
from peephole.report.sketch import Box, Sketch, Wire

Point = tuple[float, float]
Net = tuple[str, str]  # all wires from one output port
ROUND = 10.0  # radius of a corner
STUB = 18.0  # a wire leaves and enters straight


def port_heights(box: Box, spot: Spot) -> tuple[dict[str, float], dict[str, float]]:
    """The y of each input and each output port, spread over the side of the box."""

    def spread(names: list[str]) -> dict[str, float]:
        step = spot.height / (len(names) + 1)
        return {name: spot.y + step * (i + 1) for i, name in enumerate(names)}

    return spread([d.name for d in box.inputs]), spread([d.name for d in box.outputs])


def courses(sketch: Sketch, layout: Layout) -> list[str]:
    """For each wire the `d` of its path (empty where an end is missing)."""
    heights = {b.id: port_heights(b, layout.spots[b.id]) for b in sketch.boxes}
    lanes = _Lanes(sketch, layout)
    result: list[str] = []
    for index, wire in enumerate(sketch.wires):
        a, b = layout.spots.get(wire.source), layout.spots.get(wire.target)
        if a is None or b is None:
            result.append("")
            continue
        start = (a.right, heights[wire.source][1].get(wire.source_port, a.y + a.height / 2))
        end = (b.x, heights[wire.target][0].get(wire.target_port, b.y + b.height / 2))
        if lanes.leaves_band(wire):
            result.append(rounded(lanes.way(index, start, end)))
        elif end[0] < start[0] + STUB and not layout.passes.get(index):
            result.append(_back(start, end))
        else:
            result.append(_curve(start, end, layout.passes.get(index, ())))
    return result


class _Lanes:
    """Keeps wires of different ports apart where they run side by side; wires of one port share a lane and fork late.

    The lowest source takes the lane next to its column and the uppermost line of the gutter: so these never cross each other.
    """

    def __init__(self, sketch: Sketch, layout: Layout) -> None:
        self._layout = layout
        self._wires = sketch.wires
        self._gutter: dict[tuple[Net, int], int] = {}
        self._out: dict[Net, float] = {}
        self._in: dict[tuple[Net, int, int], float] = {}
        leaving = sorted((w for w in sketch.wires if self.leaves_band(w)), key=lambda w: -layout.spots[w.source].y)
        for band in range(len(layout.gutters)):
            nets = list(dict.fromkeys(_net(w) for w in leaving if self._end(w)[0] == band))
            self._gutter.update({(net, band): lane for lane, net in enumerate(nets)})
        for column in range(MOST):
            nets = list(dict.fromkeys(_net(w) for w in leaving if layout.spots[w.source].column == column))
            self._out.update(dict(zip(nets, _offsets(len(nets)), strict=True)))
        for end in {self._end(w) for w in leaving}:
            nets = list(dict.fromkeys(_net(w) for w in leaving if self._end(w) == end))
            offsets = reversed(_offsets(len(nets)))
            self._in.update({(net, *end): offset for net, offset in zip(nets, offsets, strict=True)})

    def _end(self, wire: Wire) -> tuple[int, int]:
        spot = self._layout.spots[wire.target]
        return spot.band or 0, spot.column or 0

    def leaves_band(self, wire: Wire) -> bool:
        """Whether the wire ends in another band than it begins."""
        a, b = self._layout.spots.get(wire.source), self._layout.spots.get(wire.target)
        return a is not None and b is not None and a.band != b.band

    def way(self, index: int, start: Point, end: Point) -> list[Point]:
        """Right, down (or up) beside the column, along the gutter above the target's band, down, right."""
        wire = self._wires[index]
        band, column = self._end(wire)
        turn = start[0] + GAP_X / 4 + self._out[_net(wire)]
        back = end[0] - GAP_X / 4 - self._in[_net(wire), band, column]
        gutter = self._layout.gutters[band] + self._gutter[_net(wire), band] * LANE
        return [start, (turn, start[1]), (turn, gutter), (back, gutter), (back, end[1]), end]


def _net(wire: Wire) -> Net:
    return wire.source, wire.source_port


def _offsets(count: int) -> list[float]:
    """Lanes around the middle of half a channel, squeezed where there are many."""
    step = min(LANE - 1, (GAP_X / 2 - 14) / max(1, count - 1))
    return [(i - (count - 1) / 2) * step for i in range(count)]


def _curve(start: Point, end: Point, passes: Sequence[Point]) -> str:
    """An S from port to port, straight where it passes a column."""
    text = f"M{_xy(start)}"
    at = start
    for x, y in passes:
        text += _bend(at, (x, y)) + f"H{x + WIDTH:.1f}"
        at = (x + WIDTH, y)
    return text + _bend(at, end)


def _bend(a: Point, b: Point) -> str:
    if abs(a[1] - b[1]) < 0.05:
        return f"H{b[0]:.1f}"
    reach = max((b[0] - a[0]) * 0.5, 8.0)
    return f"C{_xy((a[0] + reach, a[1]))} {_xy((b[0] - reach, b[1]))} {_xy(b)}"


def _back(start: Point, end: Point) -> str:
    """A loop for a wire that runs from right to left (only where a person placed the boxes so)."""
    reach = 40.0 + abs(start[0] - end[0]) * 0.25
    return f"M{_xy(start)}C{_xy((start[0] + reach, start[1]))} {_xy((end[0] - reach, end[1]))} {_xy(end)}"


def rounded(points: Sequence[Point]) -> str:
    """Straight lines with rounded corners."""
    text = f"M{_xy(points[0])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(ROUND, _length(before, corner) / 2, _length(corner, after) / 2)
        text += f"L{_xy(_toward(corner, before, radius))}"
        text += f"Q{_xy(corner)} {_xy(_toward(corner, after, radius))}" if radius else ""
    return text + f"L{_xy(points[-1])}"


def _length(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])  # the lines are level or upright


def _toward(a: Point, b: Point, distance: float) -> Point:
    length = _length(a, b)
    share = distance / length if length else 0.0
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _xy(p: Point) -> str:
    return f"{p[0]:.1f} {p[1]:.1f}"
