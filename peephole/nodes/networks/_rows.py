"""Rows in memory: reading the columns a network needs, in reading order, and handing computed ones back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from peephole.core.errors import ColumnError, listing, nearest
from peephole.core.schema import ROW
from peephole.core.types import Table
from peephole.tables.order import order_columns
from peephole.tables.session import current_session


def visible_columns(table: Table) -> list[str]:
    """The columns that a person sees."""
    return [name for name in table.collect_schema().names() if name != ROW]


def read(table: Table, columns: Iterable[str]) -> pa.Table:
    """These columns of every row, each once, in reading order (without one, by their values, so that it is always the same).

    Raises ColumnError where one is missing.
    """
    wanted, there = list(dict.fromkeys(columns)), visible_columns(table)
    for name in wanted:
        if name not in there:
            raise ColumnError(
                f'The network reads the column "{name}", and the table has none.',
                remedy=f"{nearest(name, there)} Columns: {listing(there)}.".strip(),
            )
    kept = table.select(*wanted, *(ROW for name in table.collect_schema().names() if name == ROW))
    found: Any = kept.sort(*order_columns(kept)).select(*wanted).collect("pyarrow").to_native()
    return found


def read_all(table: Table) -> pa.Table:
    """Every row with every column, the hidden row number included, in reading order."""
    found: Any = table.sort(*order_columns(table)).collect("pyarrow").to_native()
    return found


def as_table(rows: pa.Table) -> Table:
    """Computed rows as a table of the engine in use."""
    return current_session().from_arrow(rows)
