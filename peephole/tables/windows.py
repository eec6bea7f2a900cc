"""Figures over a window of rows that moves along: what Narwhals does not have on SQL engines, written for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.tables import spark
from peephole.tables.schema import lazy, quoted

Moving = Literal["mean", "sum", "min", "max", "count"]


def moving(
    frame: nw.LazyFrame[Any],
    column: str,
    function: Moving,
    name: str,
    *,
    rows: int,
    at_least: int,
    groups: Sequence[str],
    order: Sequence[str],
) -> nw.LazyFrame[Any]:
    """The frame with a column computed of each row and the ones before it, `rows` in all, missing values left out.

    at_least: where fewer values are there, the result is missing (count: it is always there).
    order: columns that put the rows in order, missing values first.
    """
    if frame.implementation.is_duckdb():
        return _on_duckdb(frame, column, function, name, rows, at_least, groups, order)
    if frame.implementation.is_polars():
        return _on_polars(frame, column, function, name, rows, at_least, groups, order)
    if spark.is_spark(frame):
        whole = frame.collect_schema()[column].is_integer()
        made = spark.moving(
            frame.to_native(),
            column,
            function,
            name,
            rows=rows,
            at_least=at_least,
            groups=groups,
            order=order,
            whole=whole,
        )
        return lazy(made)
    raise SettingError(
        f"Moving windows do not work on frames of {frame.implementation.value} yet.",
        remedy="Collect the frame into pandas, Polars or Arrow first.",
    )


def _on_duckdb(
    frame: Any,
    column: str,
    function: str,
    name: str,
    rows: int,
    at_least: int,
    groups: Sequence[str],
    order: Sequence[str],
) -> nw.LazyFrame[Any]:
    whole = frame.collect_schema()[column].is_integer()
    value = quoted(column) if function in ("min", "max", "count") or whole else f"CAST({quoted(column)} AS DOUBLE)"
    by = f"PARTITION BY {', '.join(quoted(g) for g in groups)} " if groups else ""
    sort = ", ".join(f"{quoted(o)} ASC NULLS FIRST" for o in order)
    over = f"OVER ({by}ORDER BY {sort} ROWS BETWEEN {rows - 1} PRECEDING AND CURRENT ROW)"
    made = f"{'avg' if function == 'mean' else function}({value}) {over}"
    if function == "sum":
        made = f"CAST({made} AS {'BIGINT' if whole else 'DOUBLE'})"
    if function != "count":
        made = f"CASE WHEN count({value}) {over} >= {at_least} THEN {made} END"
    kept = ", ".join(quoted(n) for n in frame.collect_schema().names() if n != name)
    return lazy(frame.to_native().project(f"{kept}, {made} AS {quoted(name)}"))


def _on_polars(
    frame: Any,
    column: str,
    function: str,
    name: str,
    rows: int,
    at_least: int,
    groups: Sequence[str],
    order: Sequence[str],
) -> nw.LazyFrame[Any]:
    import polars as pl

    value = pl.col(column)
    kind = frame.collect_schema()[column]
    present = value.is_not_null().cast(pl.Int64).rolling_sum(rows, min_samples=1)
    if function == "count":
        made = present
    elif function in ("min", "max"):
        made = getattr(value, f"rolling_{function}")(rows, min_samples=at_least)
    else:
        number = value.cast(pl.Int64 if function == "sum" and kind.is_integer() else pl.Float64)
        made = getattr(number, f"rolling_{function}")(rows, min_samples=at_least)
    return lazy(frame.to_native().with_columns(made.over(list(groups) or None, order_by=list(order)).alias(name)))
