"""Lists become rows."""

from __future__ import annotations

from typing import Annotated

from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import ColumnPicker
from peephole.core.types import Table
from peephole.tables.lists import unnested
from peephole.tables.order import number_rows, reading_order


@node(family="tables", icon="split", also=("Ungroup", "Unnest", "List to rows"))
def explode(table: Table, *, column: Annotated[str, ColumnPicker(types=("list",))]) -> Table:
    """A row for each item of a list, the other columns repeated (ungroup).

    A list that is empty or missing makes one row with a missing value.

    table: rows with lists.
    column: the column with the lists.
    returns: the table, with single items in that column; in order.
    """
    made = unnested(reading_order(table), column)
    return number_rows(made) if ROW in table.collect_schema().names() else made
