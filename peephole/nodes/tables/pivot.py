"""A column's values become columns."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.schema import accepts
from peephole.core.settings import Between, Column, Columns
from peephole.core.types import Table
from peephole.nodes.tables.group_by import NUMBERS_ONLY, by_keys
from peephole.tables.schema import schema_of
from peephole.tables.values import different_values, names_of

_ALL = "__all__"


@node(
    family="tables",
    icon="pivot",
    says="{function}[ of {value}], {rows} by {columns}",
    data_dependent=True,
    also=("Pivoting", "Pivot Table", "Cross table", "Long to wide"),
)
def pivot(
    table: Table,
    *,
    rows: Columns,
    columns: Column,
    value: Column | None = None,
    function: Literal["count", "sum", "mean", "median", "min", "max", "std"] = "count",
    most: Annotated[int, Between(1, 10_000)] = 200,
) -> Table:
    """A cross table: a row for each combination of some columns, a column for each value of another.

    Where nothing falls into a cell, count and sum give 0, and the others a missing value. Rows whose value of `columns`
    is missing go into the column "missing".

    table: rows to sum up.
    rows: the columns whose combinations make the rows; if empty, there is one row.
    columns: the column whose values make the columns, in their order.
    value: the column to compute of; none for the count of rows.
    function: what to compute for each cell.
    most: fail where there would be more columns than this.
    returns: the row columns, then one column for each value; in the order of the row columns.
    """
    schema = schema_of(table)
    if value is None and function != "count":
        raise SettingError(f"Pivot: {function} of what?", remedy="Choose a value column.", setting="value")
    if value and function in NUMBERS_ONLY and not accepts(("number", "boolean"), schema[value]):
        raise SettingError(
            f'Pivot: the column "{value}" is of type {schema[value]}, and has no {function}.',
            remedy="Choose a number column, or count, min or max.",
            setting="function",
        )
    found = different_values(table, columns, most, title="Pivot", setting="columns")
    names = names_of(found, rows)
    grouped = table if rows else table.with_columns(nw.lit(1).alias(_ALL))
    cells = [_cell(columns, v, value, function, schema).alias(n) for v, n in zip(found, names, strict=True)]
    return by_keys(grouped.group_by(*(rows or [_ALL])).agg(*cells).select(*rows, *names), rows)


def _cell(column: str, at: Any, value: str | None, function: str, schema: Any) -> nw.Expr:
    here = nw.col(column).is_null() if at is None else nw.col(column) == at
    if value is None:
        return nw.when(here).then(nw.lit(1)).count().cast(nw.Int64)
    number = nw.col(value)
    if function in NUMBERS_ONLY:
        number = number.cast(nw.Int64 if function == "sum" and schema[value] != "number" else nw.Float64)
    inside = nw.when(here).then(number)
    made: nw.Expr = getattr(inside, function)()
    if function == "count":
        return made.cast(nw.Int64)
    return made.cast(nw.Int64) if function == "sum" and schema[value] != "number" else made
