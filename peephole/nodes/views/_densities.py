"""Densities by Gaussian kernels, from counts of fine ranges that the engine makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from peephole.core.types import Table
from peephole.figures.text import distinct
from peephole.figures.violins import BOX, MEDIAN, NAME, PART, UP, X
from peephole.nodes.views._bins import finite
from peephole.nodes.views._keys import Key, key
from peephole.tables.schema import schema_of

FINE = 512  # ranges of the whole span
POINTS = 96  # of an outline
WIDE = 0.88  # of the room for one violin
_GROUP, _VALUE, _AT = "__group__", "__value__", "__at__"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """What is drawn of one violin."""

    name: str
    places: Floats
    density: Floats
    lower: float
    median: float
    upper: float


def drawn(
    table: Table, columns: Sequence[str], group: str | None, most: int, smooth: float
) -> tuple[pa.Table, list[str]]:
    """The data of the figure and the violins' names from the top."""
    by = key(table, group, schema_of(table)[group], most) if group else None
    found: list[Spread] = []
    if by is not None:
        found = _spreads(_values(table, columns[0], by), by.label, smooth)
    else:
        for column, shown in zip(columns, distinct(*columns), strict=True):
            found += _spreads(_values(table, column, None), lambda _, shown=shown: shown, smooth)
    rows = [row for i, one in enumerate(found) for row in _rows(one, i, len(found))]
    kinds = {PART: pa.string(), NAME: pa.string(), X: pa.float64(), UP: pa.float64()}
    return pa.table({n: pa.array([r.get(n) for r in rows], k) for n, k in kinds.items()}), [f.name for f in found]


def _values(table: Table, column: str, by: Key | None) -> Table:
    if by is None:
        found = table.select(finite(column).alias(_VALUE)).with_columns(nw.lit(0).alias(_GROUP))
    else:
        kept = table.filter(by.keep) if by.keep is not None else table
        found = kept.select(finite(column).alias(_VALUE), by.value.alias(_GROUP))
    return found.filter(~nw.col(_VALUE).is_null())


def _spreads(values: Table, label: Any, smooth: float) -> list[Spread]:
    v = nw.col(_VALUE)
    quartiles = {n: v.quantile(q, "linear") for n, q in (("lower", 0.25), ("median", 0.5), ("upper", 0.75))}
    facts = _collected(
        values.group_by(_GROUP).agg(rows=nw.len(), low=v.min(), high=v.max(), deviation=v.std(), **quartiles)
    )
    facts.sort(key=lambda r: (r[_GROUP] is None, r[_GROUP] if r[_GROUP] is not None else 0))
    if not facts:
        return []
    low, high = min(f["low"] for f in facts), max(f["high"] for f in facts)
    step = (high / FINE - low / FINE) or 1.0
    at = ((v - low) / step).floor().clip(0, FINE - 1).alias(_AT)
    counted = _collected(values.select(_GROUP, at).group_by(_GROUP, _AT).agg(rows=nw.len()))
    found = []
    for f in facts:
        heights = np.zeros(FINE)
        for c in counted:
            if c[_GROUP] == f[_GROUP]:
                heights[int(c[_AT])] = c["rows"]
        places, density = _smoothed(f, heights, low + (np.arange(FINE) + 0.5) * step, step, smooth)
        found.append(Spread(label(f[_GROUP]), places, density, f["lower"], f["median"], f["upper"]))
    return found


def _smoothed(
    facts: dict[str, Any], heights: Floats, centres: Floats, step: float, smooth: float
) -> tuple[Floats, Floats]:
    """The density at some places from the smallest to the largest value (Scott 1992: width = deviation / fifth root of n)."""
    width = smooth * float(facts["deviation"] or 0.0) * float(facts["rows"]) ** -0.2
    if facts["low"] == facts["high"] or width == 0:
        half = step * 4
        places = np.array([facts["low"] - half, facts["low"], facts["low"] + half])
        return places, np.array([0.0, 1 / half, 0.0])
    places = np.linspace(facts["low"], facts["high"], POINTS)
    there = heights > 0
    away = (places[:, None] - centres[there][None, :]) / width
    weights = heights[there] / heights.sum()
    density: Floats = (np.exp(-0.5 * away**2) * weights).sum(axis=1) / (width * np.sqrt(2 * np.pi))
    return places, density


def _rows(one: Spread, i: int, count: int) -> list[dict[str, Any]]:
    """Each violin takes the same width where it is widest."""
    middle = count - i - 0.5
    tall = one.density / (one.density.max() or 1.0) * WIDE
    way = [
        *zip(one.places, middle + tall / 2, strict=True),
        *zip(one.places[::-1], middle - tall[::-1] / 2, strict=True),
    ]
    outline = [{PART: f"outline {i}", NAME: one.name, X: float(x), UP: float(y)} for x, y in [*way, way[0]]]
    box = [{PART: f"{BOX} {i}", NAME: one.name, X: x, UP: middle} for x in (one.lower, one.upper)]
    return [*outline, *box, {PART: MEDIAN, NAME: one.name, X: one.median, UP: middle}]


def _collected(frame: Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = frame.collect("pyarrow").to_native().to_pylist()
    return rows
