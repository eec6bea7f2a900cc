"""Rows divided at random into two tables."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import narwhals as nw

from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Table
from peephole.tables import native
from peephole.tables.order import order_columns, scatter

_NUMBER, _LOT, _PLACE, _SIZE = "__number__", "__lot__", "__place__", "__size__"
_KEY, _NONE, _LAST_LOT, _LAST_NUMBER = "__key__", "__none__", "__last_lot__", "__last_number__"


class Parts(NamedTuple):
    """Rows to learn from, and rows to test on."""

    train: Table
    test: Table


@node(family="rows", icon="partition")
def partition(
    table: Table,
    *,
    fraction: Annotated[float, Between(0, 1)] = 0.7,
    stratify: Column | None = None,
    seed: Seed = 1,
    order_by: Columns = [],  # noqa: B006 - never changed
) -> Parts:
    """Two tables of rows chosen at random, as to learn from one and test on the other.

    The same seed gives the same rows, on every engine. The asked share, rounded down, goes into the first table; only rows
    that cannot be told apart stay together.

    table: rows to divide.
    fraction: share of the rows that goes into the first table.
    stratify: a column whose values should be spread alike over both tables.
    seed: choose another to get other rows.
    order_by: columns that tell rows apart, from which the choice is made; if empty, the order of reading, or where that is
        lost all columns.
    train: rows to learn from.
    test: the other rows.
    """
    names = table.collect_schema().names()
    drawn = _with_lots(table, order_by, seed).with_columns(*_stratum(stratify))
    last = _last_chosen(drawn, fraction)
    compared = drawn.join(last, on=[_KEY, _NONE], how="left")
    before = nw.col(_LOT) < nw.col(_LAST_LOT)
    same = (nw.col(_LOT) == nw.col(_LAST_LOT)) & (nw.col(_NUMBER) <= nw.col(_LAST_NUMBER))
    chosen = (before | same).fill_null(False)
    return Parts(compared.filter(chosen).select(names), compared.filter(~chosen).select(names))


def _with_lots(table: Table, order_by: list[str], seed: int) -> Table:
    """Each row with a number of its own, and a lot drawn from it, both the same on every engine."""
    if not order_by and ROW in table.collect_schema().names():
        numbered = table.with_columns(nw.col(ROW).alias(_NUMBER))
    else:
        numbered = native.with_row_hash(table, order_columns(table, order_by) if not order_by else order_by, _NUMBER)
    return numbered.with_columns(scatter(nw.col(_NUMBER), seed).alias(_LOT))


def _stratum(stratify: str | None) -> list[nw.Expr]:
    """Two columns to join by, for a missing value equals nothing in a join."""
    if stratify is None:
        return [nw.lit("").alias(_KEY), nw.lit(False).alias(_NONE)]
    value = nw.col(stratify)
    return [value.cast(nw.String).fill_null("").alias(_KEY), value.is_null().alias(_NONE)]


def _last_chosen(drawn: Table, fraction: float) -> Table:
    """Of each stratum the last row that is chosen, by lot. Only narrow columns are sorted, however wide the table."""
    narrow = drawn.select(_KEY, _NONE, _LOT, _NUMBER)
    placed = narrow.with_columns(
        nw.col(_LOT).cum_count().over(_KEY, _NONE, order_by=[_LOT, _NUMBER]).alias(_PLACE),
        nw.len().over(_KEY, _NONE).alias(_SIZE),
    )
    # A little is added, for 0.7 * 10 is below 7 in binary.
    wanted = (nw.col(_SIZE) * fraction + 1e-9).floor()
    last = placed.filter(nw.col(_PLACE) == wanted)
    return last.select(_KEY, _NONE, nw.col(_LOT).alias(_LAST_LOT), nw.col(_NUMBER).alias(_LAST_NUMBER))
