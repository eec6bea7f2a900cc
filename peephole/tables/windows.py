"""Figures over a window of rows that moves along: what Narwhals does not have on SQL engines, written for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.tables import spark
from peephole.tables.schema import lazy, quoted

Moving = Literal["mean", "sum", "min", "max", "count"]


@dataclass(frozen=True)
class MovingFigure:
    """A column `name` computed of a column in each row and the ones before it, `rows` in all, missing values left out.

    at_least: where fewer values are there, the result is missing (count: it is always there).
    order: columns that put the rows in order, missing values first.
    """

    column: str
    function: Moving
    name: str
    rows: int
    at_least: int
    groups: Sequence[str]
    order: Sequence[str]


def moving(frame: nw.LazyFrame[Any], figure: MovingFigure) -> nw.LazyFrame[Any]:
    """The frame with the figure's column."""
    whole = frame.collect_schema()[figure.column].is_integer()
    native: Any = frame.to_native()
    if frame.implementation.is_duckdb():
        return lazy(_on_duckdb(native, figure, whole))
    if frame.implementation.is_polars():
        return lazy(_on_polars(native, figure, whole))
    if spark.is_spark(frame):
        return lazy(spark.moving(native, figure, whole))
    raise SettingError(
        f"Moving windows do not work on frames of {frame.implementation.value} yet.",
        remedy="Collect the frame into pandas, Polars or Arrow first.",
    )


def _on_duckdb(native: Any, figure: MovingFigure, whole: bool) -> Any:
    column, function = quoted(figure.column), figure.function
    value = column if function in ("min", "max", "count") or whole else f"CAST({column} AS DOUBLE)"
    by = f"PARTITION BY {', '.join(quoted(g) for g in figure.groups)} " if figure.groups else ""
    sort = ", ".join(f"{quoted(o)} ASC NULLS FIRST" for o in figure.order)
    over = f"OVER ({by}ORDER BY {sort} ROWS BETWEEN {figure.rows - 1} PRECEDING AND CURRENT ROW)"
    made = f"{'avg' if function == 'mean' else function}({value}) {over}"
    if function == "sum":
        made = f"CAST({made} AS {'BIGINT' if whole else 'DOUBLE'})"
    if function != "count":
        made = f"CASE WHEN count({value}) {over} >= {figure.at_least} THEN {made} END"
    kept = ", ".join(quoted(n) for n in native.columns if n != figure.name)
    return native.project(f"{kept}, {made} AS {quoted(figure.name)}")


def _on_polars(native: Any, figure: MovingFigure, whole: bool) -> Any:
    import polars as pl

    value, function = pl.col(figure.column), figure.function
    if function == "count":
        made = value.is_not_null().cast(pl.Int64).rolling_sum(figure.rows, min_samples=1)
    else:
        if function in ("mean", "sum"):
            value = value.cast(pl.Int64 if function == "sum" and whole else pl.Float64)
        made = getattr(value, f"rolling_{function}")(figure.rows, min_samples=figure.at_least)
    return native.with_columns(made.over(list(figure.groups) or None, order_by=list(figure.order)).alias(figure.name))
