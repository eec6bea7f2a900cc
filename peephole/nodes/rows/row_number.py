"""Rows counted."""

from __future__ import annotations

import narwhals as nw

from peephole.core.node import node
from peephole.core.settings import Columns
from peephole.core.types import Table
from peephole.nodes._columns import arranged, check_names, counted, required_order

_PLACE = "__place__"


@node(
    family="rows",
    icon="table",
    says="{name}[ within {groups}]",
    title="Row number",
    also=("Counter Generation", "RowID", "Index"),
)
def row_number(
    table: Table,
    *,
    name: str = "number",
    start: int = 1,
    groups: Columns = [],  # noqa: B006 - never changed
    order_by: Columns = [],  # noqa: B006
) -> Table:
    """A column that counts the rows, on request within each group.

    table: rows to count.
    name: the new column; a column of that name is replaced.
    start: the number of the first row.
    groups: columns; each combination of their values is counted on its own.
    order_by: the order to count in, rows with a missing value first; the order of reading if empty.
    returns: the table with the column.
    """
    check_names("Row number", table, [name], "name")
    order = required_order(table, order_by, "Row number")
    placed = counted(table, _PLACE, groups, order)
    return arranged(placed.with_columns((nw.col(_PLACE) + (start - 1)).alias(name)), table, [name])
