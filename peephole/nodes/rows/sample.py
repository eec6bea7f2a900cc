"""Some rows chosen at random."""

from __future__ import annotations

from typing import Annotated, Literal

import narwhals as nw

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Table
from peephole.nodes._columns import counted
from peephole.nodes.rows.partition import draw_lots, partition
from peephole.tables.order import order_columns

_PLACE, _LOT = "__place__", "__lot__"


@node(family="rows", icon="sample", also=("Row Sampling", "Data Sampler", "Bootstrap"))
def sample(
    table: Table,
    *,
    by: Literal["count", "fraction"] = "count",
    count: Annotated[int, Between(0)] = 1000,
    fraction: Annotated[float, Between(0, 1)] = 0.1,
    stratify: Column | None = None,
    seed: Seed = 1,
    order_by: Columns = [],  # noqa: B006 - never changed
) -> Table:
    """Rows chosen at random: so many, or a share of all.

    The same seed gives the same rows, on every engine. No row is chosen twice.

    table: rows to choose from.
    by: whether a number of rows is wanted, or a share.
    count: how many rows; with `stratify` so many of each value. Where there are fewer, all.
    fraction: share of the rows, met to within one row.
    stratify: a column whose values should each be there: with the same number of rows, or with the same share.
    seed: choose another to get other rows.
    order_by: columns that tell rows apart, from which the choice is made; if empty, the order of reading, or where that is
        lost all columns.
    returns: the chosen rows in their order.
    """
    if by == "fraction":
        parts = partition.__wrapped__(table, fraction=fraction, stratify=stratify, seed=seed, order_by=order_by)
        chosen: Table = parts.train
        return chosen
    drawn = draw_lots(table, order_by, seed)
    order = [_LOT, *order_columns(table, order_by)]
    names = table.collect_schema().names()
    if stratify is None:
        return drawn.sort(*order).head(count).select(names)
    return counted(drawn, _PLACE, [stratify], order).filter(nw.col(_PLACE) <= count).select(names)
