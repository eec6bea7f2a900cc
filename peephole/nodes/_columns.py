"""What nodes share that go by the order of rows: an order that is there, and new columns in their places."""

from __future__ import annotations

from collections.abc import Container, Iterable

import narwhals as nw

from peephole.core.errors import SettingError, listing
from peephole.core.schema import ROW, visible
from peephole.core.types import Table
from peephole.tables.order import order_columns

_ONE = "__one__"


def required_order(table: Table, order_by: list[str], title: str) -> list[str]:
    """The columns to order by. Raises SettingError where none is chosen and the order of reading is lost."""
    if not order_by and ROW not in table.collect_schema().names():
        raise SettingError(
            f"{title}: the rows have no order any more, and it needs one.",
            remedy="Choose the columns to order by.",
            setting="order_by",
        )
    return order_columns(table, order_by)


def counted(table: Table, name: str, groups: list[str], order: list[str]) -> Table:
    """The table with each row's place in its group, from 1."""
    ones = table.with_columns(nw.lit(1).alias(_ONE))
    place = nw.col(_ONE).cum_sum().over(*groups, order_by=order).cast(nw.Int64)
    return ones.with_columns(place.alias(name)).drop(_ONE)


def arranged(made: Table, before: Table, names: list[str]) -> Table:
    """Only the columns there were before and the new ones, the hidden row number last."""
    old = [name for name in before.collect_schema().names() if name not in (*names, ROW)]
    hidden = [ROW] if ROW in before.collect_schema().names() else []
    return made.select(*old, *dict.fromkeys(names), *hidden)


def check_names(title: str, table: Table | None, names: list[str], setting: str) -> None:
    """Raise SettingError where a new column has no name, or one that another has too but for capitals.

    table: what they are added to, where a column of the very name is replaced; None: nothing.
    """
    if any(name == ROW or not name.strip() for name in names):
        raise SettingError(f"{title}: a column needs a name.", remedy="Choose another name.", setting=setting)
    there = [] if table is None else visible(table.collect_schema().names())
    kept = [name for name in there if name not in names]
    called = [name.casefold() for name in (*kept, *names)]
    twice = next((name for name in names if called.count(name.casefold()) > 1), None)
    if twice is not None:
        raise SettingError(
            f'{title}: two columns would be called "{twice}".', remedy="Choose another name.", setting=setting
        )


def check_free(names: Iterable[str], there: Container[str]) -> None:
    """Raise SettingError where a new column's name is taken.  there: the columns that a table has."""
    taken = [name for name in names if name in there or name == ROW]
    if taken:
        raise SettingError(
            f"The table already has the columns {listing(taken)}.", remedy="Choose another name.", setting="name"
        )
