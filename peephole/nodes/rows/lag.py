"""Values of rows before and after."""

from __future__ import annotations

from typing import Annotated

import narwhals as nw
from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Group
from peephole.core.types import Table
from peephole.nodes._columns import arranged, check_names, required_order


class Shift(Group):
    """A column, and how many rows back to look.

    rows: 1 is the row before (lag), -1 the row after (lead).  name: the new column; made from both if empty.
    """

    column: Column
    rows: Annotated[int, Between(-1_000_000, 1_000_000)] = 1
    name: str = ""

    def called(self) -> str:
        """The new column's name."""
        return self.name or f"{self.column} {'lag' if self.rows >= 0 else 'lead'} {abs(self.rows)}"

    def words(self) -> str:
        """As the canvas says it."""
        far = abs(self.rows)
        shift = f"{self.column} {far} {'row' if far == 1 else 'rows'} {'before' if self.rows >= 0 else 'after'}"
        return f"{self.name} = {shift}" if self.name else shift


@node(family="rows", icon="clock", title="Lag and lead", also=("Lag Column", "Lead", "Shift", "Difference"))
def lag(
    table: Table,
    *,
    shifts: Annotated[list[Shift], Field(min_length=1)],
    groups: Columns = [],  # noqa: B006 - never changed
    order_by: Columns = [],  # noqa: B006
) -> Table:
    """Columns that hold another row's value: of the row before, or some rows before or after.

    Where there is no such row, the value is missing.

    table: rows in an order, as a series in time.
    shifts: which columns, and how many rows to look back (lag), or ahead (lead, a number below zero).
    groups: columns; each combination of their values is a series of its own.
    order_by: the order of the rows, missing values first; the order of reading if empty.
    returns: the table with the new columns.
    """
    names = [shift.called() for shift in shifts]
    check_names("Lag and lead", table, names, "shifts")
    order = required_order(table, order_by, "Lag and lead")
    made = [nw.col(s.column).shift(s.rows).over(*groups, order_by=order).alias(s.called()) for s in shifts]
    return arranged(table.with_columns(*made), table, names)
