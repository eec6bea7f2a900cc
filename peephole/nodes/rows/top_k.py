"""The first rows of a sorted table, or of each group."""

from __future__ import annotations

from typing import Annotated

import narwhals as nw
from pydantic import Field

from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import Between, Columns
from peephole.core.types import Table
from peephole.nodes._columns import counted
from peephole.nodes.rows.sort import SortKey, sort
from peephole.tables.order import number_rows

_PLACE = "__place__"


@node(
    family="rows",
    icon="sort",
    says="first {count} by {by}",
    title="Top k",
    also=("Top k Row Filter", "Element Selector", "Largest", "Head"),
)
def top_k(
    table: Table,
    *,
    by: Annotated[list[SortKey], Field(min_length=1)],
    count: Annotated[int, Between(1)] = 10,
    groups: Columns = [],  # noqa: B006 - never changed
) -> Table:
    """The rows that come first when sorted, as the ten largest; on request of each group.

    Rows with a missing value come last. Of rows that are equal in all columns sorted by, those read first are taken.

    table: rows to choose from.
    by: the columns to sort by, the weightiest first; for the largest numbers, descending.
    count: how many rows, or how many of each group where there are groups.
    groups: the columns whose combinations make the groups; if empty, all rows are one group.
    returns: the chosen rows, sorted.
    """
    if groups:
        ordered = sort.__wrapped__(table, by=by, missing="last")
        placed = counted(ordered, _PLACE, groups, [ROW]).filter(nw.col(_PLACE) <= count)
        return placed.select(ordered.collect_schema().names())
    names = table.collect_schema().names()
    # Where the order of reading is lost, all columns decide between equals: the same rows on every engine.
    ties = [ROW] if ROW in names else [name for name in names if name not in [key.column for key in by]]
    keys = [*(key.column for key in by), *ties]
    descending = [*(key.descending for key in by), *(False for _ in ties)]
    # Sort and head, not top_k, which fails on DuckDB 2.0.
    return number_rows(table.sort(*keys, descending=descending, nulls_last=True).head(count))
