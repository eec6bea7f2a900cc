"""Rows divided at random into two tables."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import narwhals as nw

from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Table
from peephole.nodes._columns import counted, required_order
from peephole.tables import native
from peephole.tables.order import order_columns, with_lots
from peephole.tables.session import session_of

_NUMBER, _LOT, _CUT = "__number__", "__lot__", "__cut__"
_KEY, _NONE = "__key__", "__none__"


class Parts(NamedTuple):
    """Rows to learn from, and rows to test on."""

    train: Table
    test: Table


@node(
    family="rows",
    icon="partition",
    says="{fraction:%} and the rest",
    also=("Partitioning", "Table Partitioner", "Data Sampler", "Train test split"),
)
def partition(
    table: Table,
    *,
    fraction: Annotated[float, Between(0, 1)] = 0.7,
    how: Literal["random", "in order"] = "random",
    stratify: Column | None = None,
    seed: Seed = 1,
    order_by: Columns = [],  # noqa: B006 - never changed
) -> Parts:
    """Two tables of rows, chosen at random or by time, as to learn from one and test on the other.

    The same seed gives the same rows, on every engine. The share is met to the row where it can be (700 of 1000), and else to
    within one row; only rows that cannot be told apart stay together.

    table: rows to divide.
    fraction: share of the rows that goes into the first table.
    how: at random, or in order: the first rows, as the years before to learn from and the last one to test on.
    stratify: a column whose values should be spread alike over both tables.
    seed: choose another to get other rows.
    order_by: the order of "in order"; at random, columns that tell rows apart. If empty, the order of reading, or where that
        is lost (at random) all columns.
    train: rows to learn from.
    test: the other rows.
    """
    names = table.collect_schema().names()
    if how == "in order":
        return _in_order(table, fraction, stratify, order_by)
    drawn = draw_lots(table, order_by, seed)
    if stratify is None:
        cut = session_of(table).settled(drawn.select(_cut(fraction)))  # else each of the two parts would compute it
        compared = drawn.join(cut, how="cross")
    else:
        drawn = drawn.with_columns(*_stratum(stratify))
        cuts = drawn.group_by(_KEY, _NONE).agg(_cut(fraction))
        compared = drawn.join(cuts, on=[_KEY, _NONE], how="left")
    # Of none, no lot is below the least of them.
    chosen = nw.col(_LOT) <= nw.col(_CUT) if fraction > 0 else nw.col(_LOT) < nw.col(_CUT)
    return Parts(compared.filter(chosen).select(names), compared.filter(~chosen).select(names))


def _in_order(table: Table, fraction: float, stratify: str | None, order_by: list[str]) -> Parts:
    """The first rows, of each stratum by itself, and the others."""
    names, order = table.collect_schema().names(), required_order(table, order_by, "Partition")
    keyed = table.with_columns(*_stratum(stratify))
    placed = counted(keyed, _NUMBER, [_KEY, _NONE], order).with_columns(nw.len().over(_KEY, _NONE).alias(_CUT))
    # Half a row more, so that a share is rounded to whole rows.
    first = nw.col(_NUMBER).cast(nw.Float64) - 0.5 <= nw.col(_CUT).cast(nw.Float64) * fraction
    return Parts(placed.filter(first).select(names), placed.filter(~first).select(names))


def draw_lots(table: Table, order_by: list[str], seed: int) -> Table:
    """Each row with a number of its own, and a lot drawn from it, both the same on every engine."""
    if not order_by and ROW in table.collect_schema().names():
        numbered = table.with_columns(nw.col(ROW).alias(_NUMBER))
    else:
        numbered = native.with_row_hash(table, order_by or order_columns(table), _NUMBER)
    return with_lots(numbered, _NUMBER, _LOT, seed)


def _stratum(stratify: str | None) -> list[nw.Expr]:
    """Two columns to join by, for a missing value equals nothing in a join."""
    if stratify is None:
        return [nw.lit(0).alias(_KEY), nw.lit(False).alias(_NONE)]
    value = nw.col(stratify)
    return [value.cast(nw.String).fill_null("").alias(_KEY), value.is_null().alias(_NONE)]


def _cut(fraction: float) -> nw.Expr:
    """The lot up to which rows are chosen: no sort, one pass over narrow columns, however wide the table."""
    if fraction <= 0:
        return nw.col(_LOT).min().alias(_CUT)
    # The quantile lies between two lots; a little more, so that rounding on one engine does not put it below the first.
    return nw.col(_LOT).quantile(min(fraction + 1e-9, 1.0), interpolation="linear").alias(_CUT)
