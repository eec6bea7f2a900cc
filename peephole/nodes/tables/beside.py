"""Tables side by side: by the place of their rows; and what a join leaves out."""

from __future__ import annotations

from typing import NamedTuple

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.types import Table
from peephole.nodes.tables.join import KeyPair, check_kinds, renamed
from peephole.tables.engines_meet import on_engine_of
from peephole.tables.order import number_rows, order_columns, without_rows

_PLACE = "__place__"


@node(family="tables", icon="join", also=("Column Appender", "Column Append", "Merge columns"))
def append_columns(left: Table, right: Table, *, suffix: str = "_right") -> Table:
    """The columns of two tables side by side, row by row: the first row beside the first, and so on.

    Where one table has fewer rows, its columns are missing at the end. To put rows together by their values, use Join.

    left: the first table.
    right: the table whose columns are added.
    suffix: what is put to the name of a right column that the left table has too.
    returns: the columns of both; in order.
    """
    other = renamed(left, without_rows(_placed(on_engine_of(left, right))), [_PLACE], suffix, "Append columns")
    both = without_rows(_placed(left)).join(other, on=_PLACE, how="full", suffix="__other")
    names = [n for n in both.collect_schema().names() if n not in (_PLACE, f"{_PLACE}__other")]
    placed = both.with_columns(nw.coalesce(nw.col(_PLACE), nw.col(f"{_PLACE}__other")).alias(_PLACE))
    return number_rows(placed.sort(_PLACE).select(names))


def _placed(table: Table) -> Table:
    return table.with_row_index(_PLACE, order_by=order_columns(table)).with_columns(nw.col(_PLACE).cast(nw.Int64))


class Unmatched(NamedTuple):
    """What a join leaves out."""

    report: Table
    left_only: Table
    right_only: Table


@node(family="tables", icon="join", says="{keys}", also=("Joiner unmatched rows", "Anti join", "Join check"))
def unmatched_rows(left: Table, right: Table, *, keys: list[KeyPair]) -> Unmatched:
    """The rows of two tables that find no partner in the other one, and a report: to see what a join would lose.

    A missing value fits nothing, not even another one.

    left: the first table.
    right: the second table.
    keys: pairs of columns that must be equal, as in Join.
    report: for each side how many rows there are, how many find a partner, how many do not, and how many lack a key.
    left_only: rows of the first table without a partner, in their order.
    right_only: rows of the second table without a partner, in their order.
    """
    if not keys:
        raise SettingError(
            "Unmatched rows: there are no keys.", remedy="Choose the columns that must be equal.", setting="keys"
        )
    right = on_engine_of(left, right)
    check_kinds(left, right, keys, "Unmatched rows")
    left_on, right_on = [k.left for k in keys], [k.right for k in keys]
    sides = (("left", left, left_on, right, right_on), ("right", right, right_on, left, left_on))
    alone = [
        table.join(_keys(other, there), left_on=here, right_on=there, how="anti")
        for _, table, here, other, there in sides
    ]
    told = [_report(name, table, here, only) for (name, table, here, _, _), only in zip(sides, alone, strict=True)]
    return Unmatched(nw.concat(told, how="vertical"), *alone)


def _keys(table: Table, columns: list[str]) -> Table:
    return table.select(*dict.fromkeys(columns)).unique()


def _report(side: str, table: Table, keys: list[str], alone: Table) -> Table:
    incomplete = nw.any_horizontal(*(nw.col(k).is_null() for k in keys), ignore_nulls=False)
    counted = table.select(
        nw.len().cast(nw.Int64).alias("rows"),
        incomplete.cast(nw.Int64).sum().fill_null(0).cast(nw.Int64).alias("without key"),
    )
    lonely = alone.select(nw.len().cast(nw.Int64).alias("unmatched"))
    joined = counted.join(lonely, how="cross")
    return joined.select(
        nw.lit(side).alias("side"),
        "rows",
        (nw.col("rows") - nw.col("unmatched")).alias("matched"),
        "unmatched",
        "without key",
    )
