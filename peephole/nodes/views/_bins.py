"""Ranges of equal width, counted by the engine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from peephole.core.progress import message
from peephole.core.types import Table
from peephole.nodes.views._keys import Key, key, nice_step
from peephole.nodes.views._series import MOST_GROUPS

MOST, FEWEST = 80, 5
_BIN, _GROUP = "__bin__", "__group__"


@dataclass(frozen=True)
class Ranges:
    """Range i goes from `start + i * step` to the next."""

    start: float
    step: float

    def label(self, i: int) -> str:
        """Its ends as text."""
        from peephole.figures.text import edge

        return f"{edge(self.start + i * self.step)} to {edge(self.start + (i + 1) * self.step)}"


def finite(column: str) -> nw.Expr:
    """The numbers of a column, what is infinite or no number counted as missing."""
    number = nw.col(column).cast(nw.Float64)
    return nw.when(number.is_finite()).then(number)


@dataclass(frozen=True)
class Counts:
    """What a histogram draws.

    labels, areas: of the ranges.  edges: between them.  rows: how many, by series.  series: the area of each.
    """

    labels: list[str]
    rows: dict[str, list[float]]
    edges: list[float]
    areas: list[dict[str, Any]]
    series: list[dict[str, Any]]


def counts(table: Table, column: str, bins: int | None, group: str | None) -> Counts:
    """How many rows each range has, for each series."""
    from peephole.tables.schema import schema_of

    words = schema_of(table)
    by = key(table, group, words[group], MOST_GROUPS) if group else None
    kept = table.filter(by.keep) if by is not None and by.keep is not None else table
    ranges = ranges_of(kept, column, bins, whole=words[column] == "integer")
    if ranges is None:
        return Counts([], {"rows": []}, [], [], [{}])
    rows = _counted(kept, column, ranges, by)
    first, last = (int(end(r[_BIN] for r in rows)) for end in (min, max))
    named = _names(rows, by)
    found = {name: [0.0] * (last - first + 1) for name in named.values()}
    for r in rows:
        found[named[r.get(_GROUP)]][int(r[_BIN]) - first] = float(r["rows"])
    there = range(first, last + 1)
    areas = [
        {
            "ranges": {
                column: {"at_least": ranges.start + i * ranges.step, "below": ranges.start + (i + 1) * ranges.step}
            }
        }
        for i in there
    ]
    series = [{} if by is None else by.area(g) for g in named]
    edges = [ranges.start + i * ranges.step for i in range(first, last + 2)]
    return Counts([ranges.label(i) for i in there], found, edges, areas, series)


def _counted(table: Table, column: str, ranges: Ranges, by: Key | None) -> list[dict[str, Any]]:
    at = ((finite(column) - ranges.start) / ranges.step).floor().alias(_BIN)
    groups = [] if by is None else [by.value.alias(_GROUP)]
    binned = table.select(at, *groups).filter(~nw.col(_BIN).is_null())
    counted = binned.group_by(_BIN, *([_GROUP] if groups else [])).agg(rows=nw.len())
    rows: list[dict[str, Any]] = counted.collect("pyarrow").to_native().to_pylist()
    return rows


def _names(rows: list[dict[str, Any]], by: Key | None) -> dict[Any, str]:
    if by is None:
        return {None: "rows"}
    there = {r[_GROUP] for r in rows}
    return {g: by.label(g) for g in [*sorted(g for g in there if g is not None), *([None] if None in there else [])]}


def ranges_of(table: Table, column: str, bins: int | None, *, whole: bool) -> Ranges | None:
    """The ranges to count in, or None where there is no value."""
    facts = _facts(table, column)
    if facts["missing"]:
        message(f'{facts["missing"]} rows have no finite value in "{column}" and are not drawn.')
    if not facts["known"]:
        return None
    low, high = float(facts["low"]), float(facts["high"])
    if low == high:
        return Ranges(low - 0.5, 1.0) if abs(low) < 1e15 else Ranges(low, abs(low))
    spread = high / MOST - low / MOST  # divided first: the whole span may be too large for a float
    width = spread * MOST / bins if bins else _width(facts, spread)
    step = nice_step(width)
    if whole:
        step = max(1.0, float(math.ceil(step)))
    return Ranges(math.floor(low / step) * step, step)


def _width(facts: dict[str, Any], narrowest: float) -> float:
    """2 IQR / cube root of n (Freedman and Diaconis 1981), within reason."""
    width = 2 * (float(facts["upper"]) - float(facts["lower"])) / float(facts["known"]) ** (1 / 3)
    widest = narrowest * MOST / FEWEST
    sturges = narrowest * MOST / (math.log2(float(facts["known"])) + 1)  # where half of the values are the same
    return min(max(width or sturges, narrowest), widest)


def _facts(table: Table, column: str) -> dict[str, Any]:
    inner = table.select(v=finite(column))
    v = nw.col("v")
    asked = inner.select(
        known=v.count(),
        missing=nw.len() - v.count(),
        low=v.min(),
        high=v.max(),
        lower=v.quantile(0.25, "linear"),
        upper=v.quantile(0.75, "linear"),
    )
    found: dict[str, Any] = asked.collect("pyarrow").to_native().to_pylist()[0]
    return found
