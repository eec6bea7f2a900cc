"""Rows that fulfil a condition."""

from __future__ import annotations

from peephole.core.node import node
from peephole.core.settings import Condition
from peephole.core.sources import Narrowing
from peephole.core.types import Table
from peephole.tables import formula, native
from peephole.tables.schema import schema_of


@node(
    family="rows",
    icon="filter",
    light=True,
    also=("Row Filter", "Rule-based Row Filter", "Select Rows", "Where", "Query"),
    narrows=lambda settings: Narrowing(where=settings.where),
)
def filter_rows(table: Table, *, where: Condition) -> Table:
    """Only the rows for which a condition is true.

    Where the condition is neither true nor false, because a value is missing, the row is left out.

    table: rows to choose from.
    where: a condition over the columns, as: dep_delay > 15 AND origin = 'JFK'.
    returns: the chosen rows in their order.
    """
    return native.where(table, formula.parse(where, schema_of(table), setting="where"), setting="where")
