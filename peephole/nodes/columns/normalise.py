"""Numbers brought to one scale."""

from __future__ import annotations

from typing import Annotated, Literal

import narwhals as nw
from pydantic import Field

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.settings import NumberColumns
from peephole.core.types import Table
from peephole.nodes._columns import arranged, check_names
from peephole.tables import native
from peephole.tables.schema import quoted

_START, _SPAN = "__start_{}__", "__span_{}__"


@node(
    family="columns",
    icon="formula",
    says="{columns}, {method}",
    also=("Normalizer", "Normalize", "Scale", "Standardize", "Continuize"),
)
def normalise(
    table: Table,
    *,
    columns: Annotated[NumberColumns, Field(min_length=1)],
    method: Literal["min-max", "z-score", "decimal"] = "min-max",
    low: float = 0,
    high: float = 1,
    suffix: str = "",
) -> Table:
    """Number columns brought to one scale, so that none outweighs the others.

    A column of one value only becomes `low`, or 0. Missing values stay missing.

    table: the numbers.
    columns: the columns to scale.
    method: between two limits (min-max), to mean 0 and sample standard deviation 1 (z-score), or divided by the power of ten
        that brings them between -1 and 1 (decimal).
    low: the smallest value of min-max.
    high: the largest value of min-max.
    suffix: what is put to a column's name for its scaled values; empty: they replace the column.
    returns: the table with the scaled columns.
    """
    if low >= high:
        raise SettingError("Normalise: `low` must be below `high`.", remedy="Exchange them.", setting="low")
    names = [f"{column}{suffix}" for column in columns]
    check_names("Normalise", table, names, "suffix")
    figures = table.select(*(f for i, column in enumerate(columns) for f in _figures(method, column, i)))
    figured = table.join(figures, how="cross")
    made = {name: _scaled(method, c, i, low, high) for i, (c, name) in enumerate(zip(columns, names, strict=True))}
    # One engine divides for all: Polars multiplies by the reciprocal, which differs in the last digit.
    return arranged(native.with_columns(figured, made), table, names)


def _figures(method: str, column: str, index: int) -> list[nw.Expr]:
    """What a column is scaled by."""
    value = nw.col(column).cast(nw.Float64)
    if method == "decimal":
        return [value.abs().max().alias(_SPAN.format(index))]
    start, span = (value.min(), value.max() - value.min()) if method == "min-max" else (value.mean(), value.std())
    return [start.alias(_START.format(index)), span.alias(_SPAN.format(index))]


def _scaled(method: str, column: str, index: int, low: float, high: float) -> str:
    value, start, span = f"CAST({quoted(column)} AS DOUBLE)", _START.format(index), _SPAN.format(index)
    if method == "decimal":
        return f"{value} / CASE WHEN {span} > 1 THEN pow(10.0, ceil(log10({span}))) ELSE 1.0 END"
    width, floor = (high - low, low) if method == "min-max" else (1.0, 0.0)
    share = f"CASE WHEN {span} > 0 THEN ({value} - {start}) / {span} * {width!r} ELSE {value} - {value} END"
    return f"{share} + {floor!r}"
