"""Rows in another order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import Column, Group
from peephole.core.types import Table
from peephole.tables.order import number_rows


class SortKey(Group):
    """One column to sort by."""

    column: Column
    descending: bool = False

    def words(self) -> str:
        """As the canvas says it."""
        return f"{self.column} descending" if self.descending else self.column


@node(family="rows", icon="sort", also=("Sorter", "Order by"))
def sort(
    table: Table,
    *,
    by: Annotated[list[SortKey], Field(min_length=1)],
    missing: Literal["last", "first"] = "last",
) -> Table:
    """Rows in the order of one or more columns.

    Rows that are equal in all of them keep their order. Text is ordered by the code of its letters, so capitals come first.

    table: rows to sort.
    by: the columns to sort by, the weightiest first.
    missing: where rows with a missing value go.
    returns: the rows in their new order.
    """
    keys = [key.column for key in by]
    descending = [key.descending for key in by]
    if ROW in table.collect_schema().names():
        keys, descending = [*keys, ROW], [*descending, False]
    return number_rows(table.sort(*keys, descending=descending, nulls_last=missing == "last"))
