"""The place of each row's value among the others."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from peephole.core.node import node
from peephole.core.settings import Column, Columns
from peephole.core.types import Table
from peephole.nodes._columns import arranged, check_names, required_order

_ONE = "__one__"


@node(family="rows", icon="rank", also=("Position",))
def rank(
    table: Table,
    *,
    column: Column,
    method: Literal["dense", "min", "max", "average", "ordinal"] = "dense",
    descending: bool = False,
    groups: Columns = [],  # noqa: B006 - never changed
    name: str = "",
    order_by: Columns = [],  # noqa: B006
) -> Table:
    """A column that tells which place each value takes among the others, from 1.

    A missing value has no rank.

    table: the values.
    column: the column to rank by.
    method: what equal values get: the same place with none left out after it (dense), the first or the last of the places
        they take together (min, max), the mean of these, or each a place of its own in the order of rows (ordinal).
    descending: whether the largest value comes first.
    groups: columns; each combination of their values is ranked on its own.
    name: the new column; the old one's name with " rank" if empty.
    order_by: the order that "ordinal" goes by; the order of reading if empty.
    returns: the table with the column.
    """
    made = name or f"{column} rank"
    check_names("Rank", table, [made], "name")
    value = nw.col(column)
    place = value.rank("min" if method == "ordinal" else method, descending=descending)
    if groups:
        place = place.over(*groups)
    if method == "average":
        return arranged(table.with_columns(place.cast(nw.Float64).alias(made)), table, [made])
    if method != "ordinal":
        return arranged(table.with_columns(place.cast(nw.Int64).alias(made)), table, [made])
    # No engine but Polars has this method: the first place of the equals, and the row's own among them.
    order = required_order(table, order_by, "Rank")
    among = nw.col(_ONE).cum_sum().over(*dict.fromkeys([*groups, column]), order_by=order) - 1
    ones = table.with_columns(nw.lit(1).alias(_ONE))
    return arranged(ones.with_columns((place.cast(nw.Int64) + among.cast(nw.Int64)).alias(made)), table, [made])
