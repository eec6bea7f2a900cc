"""The tiles of a mosaic."""

from __future__ import annotations

import pyarrow as pa

from peephole.core.types import Table
from peephole.figures.mosaics import NAMES
from peephole.figures.text import distinct, shorten
from peephole.nodes.views._keys import key
from peephole.nodes.views._series import _GROUP, _X, MOST_GROUPS, grouped
from peephole.tables.schema import schema_of

GAP = 0.004  # around a tile, in shares of the drawing
NARROW = 0.04  # a column with no room for a name
LETTERS = 18
Row = tuple[float | None, float | None, str, str]


def tiles(table: Table, x: str, y: str, most: int) -> tuple[pa.Table, list[str]]:
    """The outlines of the tiles and the columns' names; the groups from below."""
    schema = schema_of(table)
    across, up = key(table, x, schema[x], most), key(table, y, schema[y], MOST_GROUPS)
    counted = [r for r in grouped(table, [across, up], [], "count") if r[_X] is not None and r[_GROUP] is not None]
    columns = across.all_of({r[_X] for r in counted})
    values = up.all_of({r[_GROUP] for r in counted})
    groups = distinct(*(up.label(v) for v in values))
    counts = {(r[_X], r[_GROUP]): float(r["y0"]) for r in counted}
    total = sum(counts.values())
    rows: list[Row] = []
    left = 0.0
    for column in columns:
        inside = sum(counts.get((column, v), 0.0) for v in values)
        if not inside:
            continue
        wide = inside / total
        below = 0.0
        for value, group in zip(values, groups, strict=True):
            high = counts.get((column, value), 0.0) / inside
            if high:
                rows += _outline(left, below, left + wide, below + high, group)
            below += high
        if wide >= NARROW:
            rows.append((left + wide / 2, 1.0, NAMES, shorten(across.label(column), LETTERS)))
        left += wide
    kinds = {"across": pa.float64(), "up": pa.float64(), "group": pa.string(), "name": pa.string()}
    return pa.table({n: pa.array([r[i] for r in rows], k) for i, (n, k) in enumerate(kinds.items())}), groups


def _outline(left: float, low: float, right: float, high: float, group: str) -> list[Row]:
    """A closed line a little inside a tile, and the gap after it."""
    inset = min(GAP, (right - left) / 4)
    x0, x1 = left + inset, right - inset
    rise = min(GAP, (high - low) / 4)
    y0, y1 = low + rise, high - rise
    way = [(x0, y1), (x1, y1), (x1, y0), (x0, y0), (x0, y1)]
    return [*((a, b, group, "") for a, b in way), (None, None, group, "")]
