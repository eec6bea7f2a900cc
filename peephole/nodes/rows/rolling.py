"""Figures that move along with the rows: windows, running totals."""

from __future__ import annotations

from typing import Annotated

import narwhals as nw
from pydantic import Field

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.settings import Between, Columns, Group, NumberColumn, NumberColumns
from peephole.core.types import Table
from peephole.nodes._columns import arranged, check_names, required_order
from peephole.tables.schema import schema_of
from peephole.tables.windows import Moving, MovingFigure, moving


class Window(Group):
    """What to compute over a window of rows.

    function: of a column's values in the window.  name: the new column; made from both if empty.
    """

    column: NumberColumn
    function: Moving = "mean"
    name: str = ""

    def called(self) -> str:
        """The new column's name."""
        return self.name or f"{self.column} moving {self.function}"

    def words(self) -> str:
        """As the canvas says it."""
        done = f"{self.function} of {self.column}"
        return f"{done} as {self.name}" if self.name else done


@node(family="rows", icon="clock", title="Rolling window", also=("Moving Average", "Moving Aggregation", "Window"))
def rolling(
    table: Table,
    *,
    compute: Annotated[list[Window], Field(min_length=1)],
    rows: Annotated[int, Between(1, 1_000_000)] = 7,
    at_least: Annotated[int, Between(1)] = 1,
    groups: Columns = [],  # noqa: B006 - never changed
    order_by: Columns = [],  # noqa: B006
) -> Table:
    """Figures over each row and the ones just before it, as a moving average.

    Missing values in the window do not count.

    table: rows in an order, as a series in time.
    compute: what to compute of the window: mean, sum, min, max, or count of the values.
    rows: how many rows the window holds, the row itself among them.
    at_least: where fewer values are in the window, the result is missing.
    groups: columns; each combination of their values is a series of its own.
    order_by: the order of the rows, missing values first; the order of reading if empty.
    returns: the table with the new columns.
    """
    if at_least > rows:
        raise SettingError(
            f"Rolling window: {at_least} values are never in a window of {rows} rows.",
            remedy="Ask for fewer, or widen the window.",
            setting="at_least",
        )
    names = [window.called() for window in compute]
    check_names("Rolling window", table, names, "compute")
    order = required_order(table, order_by, "Rolling window")
    made, hidden = table, [f"__made_{i}__" for i in range(len(names))]
    for window, name in zip(compute, hidden, strict=True):
        made = moving(made, MovingFigure(window.column, window.function, name, rows, at_least, groups, order))
    called = [nw.col(old).alias(new) for old, new in zip(hidden, names, strict=True)]
    return arranged(made.with_columns(*called), table, names)


@node(family="rows", icon="sigma", title="Cumulative sum", also=("Moving Aggregation", "Running total", "Cumulative"))
def cumulative_sum(
    table: Table,
    *,
    columns: Annotated[NumberColumns, Field(min_length=1)],
    groups: Columns = [],  # noqa: B006 - never changed
    order_by: Columns = [],  # noqa: B006
    suffix: str = " total",
) -> Table:
    """Running totals: of each row and all before it.

    A missing value adds nothing.

    table: rows in an order.
    columns: the number columns to add up.
    groups: columns; each combination of their values is added up on its own.
    order_by: the order of the rows, missing values first; the order of reading if empty.
    suffix: what is put to a column's name for its running total; empty: the total replaces the column.
    returns: the table with the running totals.
    """
    names = [f"{column}{suffix}" for column in columns]
    check_names("Cumulative sum", table, names, "suffix")
    order = required_order(table, order_by, "Cumulative sum")
    schema = schema_of(table)
    made = []
    for column, name in zip(columns, names, strict=True):
        kind = nw.Int64 if schema[column] == "integer" else nw.Float64
        total = nw.col(column).cast(kind).fill_null(0).cum_sum().over(*groups, order_by=order)
        made.append(total.cast(kind).alias(name))
    return arranged(table.with_columns(*made), table, names)
