"""Where each box stands: columns from left to right, wrapped into bands like lines of text where there are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from peephole.report.ranks import Item, order, ranks
from peephole.report.sketch import Box, Sketch, Wire

WIDTH = 214.0  # of a box
HEIGHT = 78.0  # of a box with up to three ports a side
PORT_STEP = 20.0
GAP_X = 46.0  # between columns: wires turn here
GAP_Y = 22.0  # between boxes of a column
MARGIN = 9.0
LANE = 7.0  # between wires that run side by side
PASS_HEIGHT = 8.0  # room for a wire that passes a column
MOST = 5  # columns in a band
LEAST = 3  # columns in a band that is not the last
WIDEST = 1900.0  # a person's own placing is kept up to this width: beyond it, a page makes it unreadable
SWEEPS = 6


@dataclass(frozen=True)
class Spot:
    """Where a box stands: its corner, its height, and its column and band (None where the person placed it)."""

    x: float
    y: float
    height: float
    column: int | None = None
    band: int | None = None

    @property
    def right(self) -> float:
        """The x of its right edge."""
        return self.x + WIDTH


@dataclass(frozen=True)
class Layout:
    """The whole placing.  passes: for each wire (by index), the heights at which it passes the columns between its ends.

    gutters: the y above each band where wires from bands above run back to the left.
    """

    spots: Mapping[str, Spot]
    width: float
    height: float
    passes: Mapping[int, Sequence[tuple[float, float]]] = field(default_factory=dict)
    gutters: Sequence[float] = ()


def box_height(box: Box) -> float:
    """A box grows where it has many ports."""
    return max(HEIGHT, (max(len(box.inputs), len(box.outputs)) + 1) * PORT_STEP)


def place(sketch: Sketch) -> Layout:
    """Place the boxes: as the person did where that is legible, else in columns."""
    return _by_hand(sketch) or _in_bands(sketch)


def _by_hand(sketch: Sketch) -> Layout | None:
    spots: dict[str, Spot] = {}
    for box in sketch.boxes:
        if box.position is None:
            return None
        spots[box.id] = Spot(*box.position, box_height(box))
    if not spots or _overlap(list(spots.values())):
        return None
    left, top = min(s.x for s in spots.values()) - MARGIN, min(s.y for s in spots.values()) - MARGIN
    width = max(s.right for s in spots.values()) + MARGIN - left
    if width > WIDEST:
        return None
    height = max(s.y + s.height for s in spots.values()) + MARGIN - top
    return Layout({i: Spot(s.x - left, s.y - top, s.height) for i, s in spots.items()}, width, height)


def _overlap(spots: list[Spot]) -> bool:
    ordered = sorted(spots, key=lambda s: s.x)
    for i, a in enumerate(ordered):
        for b in ordered[i + 1 :]:
            if b.x >= a.right:
                break
            if a.y < b.y + b.height and b.y < a.y + a.height:
                return True
    return False


def _in_bands(sketch: Sketch) -> Layout:
    ids = [b.id for b in sketch.boxes]
    rank = ranks(ids, [(w.source, w.target) for w in sketch.wires])
    firsts = wrap(rank, sketch.wires)
    band_of = {i: sum(r >= f for f in firsts) - 1 for i, r in rank.items()}
    heights = {b.id: box_height(b) for b in sketch.boxes}
    spots: dict[str, Spot] = {}
    passes: dict[int, Sequence[tuple[float, float]]] = {}
    gutters: list[float] = []
    top = MARGIN
    side = MARGIN + (GAP_X / 2 if len(firsts) > 1 else 0)  # wires turn back at the sides of wrapped bands
    for n in range(len(firsts)):
        band = _Band(sketch, {i: rank[i] - firsts[n] for i in ids if band_of[i] == n}, heights)
        lanes = len(_arriving(sketch.wires, band_of, n))
        gutters.append(top + 4)
        top += lanes * LANE + 24 if lanes else 0
        for box, (column, y) in band.places.items():
            spots[box] = Spot(side + column * (WIDTH + GAP_X), top + y, heights[box], column, n)
        for wire, ys in band.passes.items():
            passes[wire] = [(side + column * (WIDTH + GAP_X), top + y) for column, y in ys]
        top += band.height + (GAP_Y if n < len(firsts) - 1 else MARGIN)
    columns = max((s.column or 0 for s in spots.values()), default=0) + 1
    return Layout(spots, 2 * side + columns * WIDTH + (columns - 1) * GAP_X, top, passes, gutters)


def wrap(rank: Mapping[str, int], wires: Sequence[Wire]) -> list[int]:
    """The first column of each band: few bands, cut where few wires cross (least cost over all ways to cut)."""
    count = max(rank.values(), default=0) + 1
    nets = {(w.source, w.source_port, rank[w.target]) for w in wires if w.source in rank and w.target in rank}
    crossing = [len({(s, p) for s, p, last in nets if rank[s] < cut <= last}) for cut in range(count)]
    best: list[tuple[float, list[int]]] = [(0.0, [])]  # of the columns before this one
    for end in range(1, count + 1):
        ways = []
        for first in range(max(0, end - MOST), end):
            short = max(0, LEAST - (end - first)) if count > MOST else 0
            cost = best[first][0] + crossing[first] + 3 + 2 * short + (MOST - (end - first)) * 0.5
            ways.append((cost, [*best[first][1], first]))
        best.append(min(ways))
    return best[count][1]


def _arriving(wires: Sequence[Wire], band_of: Mapping[str, int], band: int) -> set[tuple[str, str]]:
    """The output ports whose wires come into this band from another."""
    known = [w for w in wires if w.source in band_of and w.target in band_of]
    return {(w.source, w.source_port) for w in known if band_of[w.target] == band != band_of[w.source]}


class _Band:
    """One line of columns: orders and places its boxes and the wires that pass between them."""

    def __init__(self, sketch: Sketch, inside: Mapping[str, int], heights: Mapping[str, float]) -> None:
        columns: list[list[Item]] = [[] for _ in range(max(inside.values(), default=0) + 1)]
        for box, column in inside.items():
            columns[column].append(box)
        links: list[tuple[Item, Item]] = []
        self._sizes: dict[Item, float] = {i: heights[i] for i in inside}
        chains: dict[int, list[tuple[int, int]]] = {}
        for index, wire in enumerate(sketch.wires):
            a, b = inside.get(wire.source), inside.get(wire.target)
            if a is None or b is None or a >= b:
                continue
            chains[index] = [(index, column) for column in range(a + 1, b)]
            way: list[Item] = [wire.source, *chains[index], wire.target]
            links += pairwise(way)
            for item in chains[index]:
                columns[item[1]].append(item)
                self._sizes[item] = PASS_HEIGHT
        self._columns = order(columns, links)
        middle = self._middles(links)
        top = min((middle[i] - self._sizes[i] / 2 for c in self._columns for i in c), default=0.0)
        bottom = max((middle[i] + self._sizes[i] / 2 for c in self._columns for i in c), default=0.0)
        self.height = bottom - top
        self.places = {i: (c, middle[i] - top - heights[i] / 2) for i, c in inside.items()}
        self.passes = {w: [(c, middle[w, c] - top) for _, c in chain] for w, chain in chains.items() if chain}

    def _middles(self, links: Sequence[tuple[Item, Item]]) -> dict[Item, float]:
        neighbours: dict[Item, list[Item]] = {}
        for a, b in links:
            neighbours.setdefault(a, []).append(b)
            neighbours.setdefault(b, []).append(a)
        middle: dict[Item, float] = {}
        for column in self._columns:
            middle.update(self._spread(column, [0.0] * len(column)))
        for sweep in range(SWEEPS):
            for column in self._columns if sweep % 2 == 0 else reversed(self._columns):
                wanted = [_mean([middle[n] for n in neighbours.get(i, ())], middle[i]) for i in column]
                middle.update(self._spread(column, wanted))
        return middle

    def _spread(self, column: Sequence[Item], wanted: Sequence[float]) -> dict[Item, float]:
        """Middles as near as possible to those wanted, in order and without overlap (pool adjacent violators)."""
        offsets: list[float] = []
        for i, item in enumerate(column):
            previous = column[i - 1] if i else None
            step = (self._sizes[previous] + self._sizes[item]) / 2 + GAP_Y if previous is not None else 0.0
            offsets.append((offsets[-1] if offsets else 0.0) + step)
        pools: list[tuple[float, int]] = []
        for want, offset in zip(wanted, offsets, strict=True):
            pools.append((want - offset, 1))
            while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
                (a, n), (b, m) = pools[-2:]
                pools[-2:] = [((a * n + b * m) / (n + m), n + m)]
        flat = [value for value, n in pools for _ in range(n)]
        return {item: value + offset for item, value, offset in zip(column, flat, offsets, strict=True)}


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
