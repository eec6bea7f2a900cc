"""Rows that are there several times, kept once."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from peephole.core.node import node
from peephole.core.schema import ROW, visible
from peephole.core.settings import Columns
from peephole.core.types import Table
from peephole.nodes._columns import required_order
from peephole.tables.order import order_columns

_COUNT = "__count__"


@node(family="rows", icon="clean", also=("Duplicate Row Filter", "Unique", "Distinct", "Deduplicate"))
def remove_duplicates(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - never changed
    keep: Literal["first", "last", "none"] = "first",
    order_by: Columns = [],  # noqa: B006
) -> Table:
    """One row of each that are alike.

    Missing values are alike.

    table: rows, some of them several times.
    columns: the columns in which rows must be alike; all if empty.
    keep: which of them stays: the first, the last, or none.
    order_by: the order that "first" and "last" go by; the order of reading if empty.
    returns: the rows that stay, in their order.
    """
    names = table.collect_schema().names()
    keys = list(dict.fromkeys(columns)) or visible(names)
    if keep == "none":
        return table.with_columns(nw.len().over(*keys).alias(_COUNT)).filter(nw.col(_COUNT) == 1).select(names)
    if set(keys) < set(visible(names)):
        order = required_order(table, order_by, "Remove duplicates")
        if order == [ROW] and table.implementation.is_duckdb():
            # A window would sort whole rows; this keeps a number for each key and reads the rows a second time.
            return table.join(_numbers(table, keys, keep), on=ROW, how="semi").select(names)
        return table.unique(keys, keep=keep, order_by=order).select(names)
    if ROW in names and not order_by:  # rows alike in all columns differ by their numbers only: no sort needed
        return _numbers(table, keys, keep).select(names)
    return table.unique(keys, keep=keep, order_by=order_columns(table, order_by)).select(names)


def _numbers(table: Table, keys: list[str], keep: str) -> Table:
    """The keys, each once, with the number of the first or last row that has them."""
    number = nw.col(ROW).min() if keep == "first" else nw.col(ROW).max()
    return table.group_by(*keys).agg(number)
