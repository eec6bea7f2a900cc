"""Values looked up in another table."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.node import node
from peephole.core.schema import ROW, visible
from peephole.core.settings import ColumnPicker
from peephole.core.types import Table
from peephole.nodes.tables.join import KeyPair, join
from peephole.tables.order import order_columns


@node(
    family="tables",
    icon="join",
    says="[{values} ]by {column} = {key}",
    title="Value lookup",
    also=("Cell Replacer", "Vlookup", "Dictionary"),
)
def value_lookup(
    table: Table,
    dictionary: Table,
    *,
    column: Annotated[str, ColumnPicker(port="table")],
    key: Annotated[str, ColumnPicker(port="dictionary")],
    values: Annotated[list[str], ColumnPicker(port="dictionary")] = [],  # noqa: B006 - never changed
    keep: Literal["first", "last"] = "first",
    suffix: str = "_found",
) -> Table:
    """Each row with what another table says about one of its values.

    Every row stays once: where the dictionary has a key several times, one of its rows counts. What is not found is missing.

    table: rows with a value to look up.
    dictionary: rows that say something about each key.
    column: the column whose values are looked up.
    key: the column of the dictionary to look in.
    values: the columns of the dictionary to add; all but the key if empty.
    keep: which of several rows with one key counts, in the order of reading; where that is lost, in the order of all columns.
    suffix: what is put to the name of an added column that the table has too.
    returns: the table with the added columns; in its order.
    """
    wanted = values or [n for n in visible(dictionary.collect_schema().names()) if n != key]
    once = dictionary.unique([key], keep=keep, order_by=order_columns(dictionary)).select(
        *dict.fromkeys([key, *wanted])
    )
    order = [ROW] if ROW in table.collect_schema().names() else []
    carried = table.rename({ROW: _KEPT}) if order else table
    joined: Table = join.__wrapped__(carried, once, keys=[KeyPair(left=column, right=key)], how="left", suffix=suffix)
    if not order:
        return joined
    return joined.rename({_KEPT: ROW}).select(*(n for n in joined.collect_schema().names() if n != _KEPT), ROW)


_KEPT = "__kept__"
