"""Quartiles, whiskers and the values beyond them, computed by the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from peephole.core.progress import message
from peephole.core.types import Table
from peephole.nodes.views._bins import finite
from peephole.nodes.views._keys import Key, key

if TYPE_CHECKING:
    import pyarrow as pa

NAME, KIND, VALUE, ROWS = "name", "kind", "value", "rows"
FIVE = ("low", "lower quartile", "median", "upper quartile", "high")
REACH = 1.5
MOST_POINTS = 500  # beyond the whiskers
_GROUP, _Q1, _Q2, _Q3 = "__group__", "q1", "q2", "q3"


def drawn(table: Table, columns: Sequence[str], group: str | None, most: int) -> pa.Table:
    """One row for each box, and one for each value beyond its whiskers."""
    import pyarrow as pa

    from peephole.figures.text import distinct
    from peephole.tables.schema import schema_of

    by = key(table, group, schema_of(table)[group], most) if group else None
    rows: list[dict[str, Any]] = []
    if by is not None:
        rows = _boxes(_values(table, columns[0], by), by.label)
    else:
        for column, shown in zip(columns, distinct(*columns), strict=True):
            rows += _boxes(_values(table, column, None), lambda _, shown=shown: shown)
    names = [NAME, KIND, *FIVE, VALUE, ROWS]
    kinds = [pa.string(), pa.string(), *[pa.float64()] * 6, pa.int64()]
    return pa.table({n: pa.array([r.get(n) for r in rows], k) for n, k in zip(names, kinds, strict=True)})


def _values(table: Table, column: str, by: Key | None) -> Table:
    """The known numbers, each with its group (a constant where there is none)."""
    if by is None:
        group = nw.lit(0).alias(_GROUP)
        found = table.select(finite(column).alias(VALUE)).with_columns(group)
    else:
        kept = table.filter(by.keep) if by.keep is not None else table
        found = kept.select(finite(column).alias(VALUE), by.value.alias(_GROUP))
    return found.filter(~nw.col(VALUE).is_null())


def _boxes(values: Table, label: Any) -> list[dict[str, Any]]:
    v = nw.col(VALUE)
    shares = {name: v.quantile(q, "linear") for name, q in ((_Q1, 0.25), (_Q2, 0.5), (_Q3, 0.75))}
    found = _collected(values.group_by(_GROUP).agg(rows=nw.len(), **shares))
    if not found:
        return []
    found.sort(key=lambda r: (r[_GROUP] is None, r[_GROUP] if r[_GROUP] is not None else 0))
    low = _by_group(found, lambda r: r[_Q1] - REACH * (r[_Q3] - r[_Q1]))
    high = _by_group(found, lambda r: r[_Q3] + REACH * (r[_Q3] - r[_Q1]))
    ends = _collected(values.filter(v >= low, v <= high).group_by(_GROUP).agg(low=v.min(), high=v.max()))
    whiskers = {r[_GROUP]: r for r in ends}
    rows = [_box(r, whiskers.get(r[_GROUP], {}), label(r[_GROUP])) for r in found]
    return rows + _beyond(values.filter((v < low) | (v > high)), label)


def _box(r: dict[str, Any], ends: dict[str, Any], name: str) -> dict[str, Any]:
    # A whisker never ends inside the box, where all values on its side are beyond it.
    low, high = min(ends.get("low", r[_Q1]), r[_Q1]), max(ends.get("high", r[_Q3]), r[_Q3])
    return {
        NAME: name,
        KIND: "box",
        **dict(zip(FIVE, (low, r[_Q1], r[_Q2], r[_Q3], high), strict=True)),
        ROWS: r["rows"],
    }


def _by_group(found: list[dict[str, Any]], limit: Any) -> nw.Expr:
    """Each row's limit, by its group."""
    group = nw.col(_GROUP)
    expression = nw.lit(float(limit(found[-1])))
    for r in found[:-1]:
        mine = group.is_null() if r[_GROUP] is None else group == r[_GROUP]
        expression = nw.when(mine).then(nw.lit(float(limit(r)))).otherwise(expression)
    return expression


def _beyond(values: Table, label: Any) -> list[dict[str, Any]]:
    """The values beyond the whiskers, the different ones; of many only the outermost."""
    different = values.group_by(_GROUP, VALUE).agg(rows=nw.len())
    count = _collected(different.select(different=nw.len()))[0]["different"]
    if count > MOST_POINTS:
        message(f"{count} different values lie beyond the whiskers: the {MOST_POINTS} outermost are drawn.")
    size = nw.col(VALUE).abs()
    outermost = different.with_columns(size.alias("size")).sort("size", VALUE, descending=True).head(MOST_POINTS)
    return [
        {NAME: label(r[_GROUP]), KIND: "point", VALUE: r[VALUE], ROWS: r["rows"]}
        for r in _collected(outermost.sort(VALUE))
    ]


def _collected(frame: Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = frame.collect("pyarrow").to_native().to_pylist()
    return rows
