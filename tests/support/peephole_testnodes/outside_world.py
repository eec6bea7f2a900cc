"""A node that reads from outside: a file that the engine does not know of."""

from __future__ import annotations

import json
from pathlib import Path

import narwhals as nw
import pyarrow as pa

from peephole.core.node import node
from peephole.core.settings import Refreshing
from peephole.core.sources import Narrowing, asked
from peephole.core.types import Table
from peephole.tables.session import current_session


@node(family="test", source=True)
def outside(*, name: str, refresh: Refreshing = "each run") -> Table:
    """The numbers that stand in a file, in a column n, and twice that in m; what it was asked for goes into NAME.log.

    name: the file.
    refresh: when it is fetched anew.
    """
    path = current_session().folder / name
    with Path(f"{path}.log").open("a") as log:
        needs = [narrowing.to_json() for narrowing in asked().narrowed]
        log.write(json.dumps({"only columns": asked().only_columns, "needs": needs}) + "\n")
    numbers = [] if asked().only_columns else [int(word) for word in path.read_text().split()]
    made = pa.table({"n": pa.array(numbers, pa.int64()), "m": pa.array([2 * n for n in numbers], pa.int64())})
    chosen = next((list(need.columns) for need in asked().narrowed if need.columns), made.column_names)
    return current_session().from_arrow(made.select(chosen))


@node(family="test", light=True, narrows=lambda settings: Narrowing(where=f"n > {settings.limit}"))
def above(table: Table, *, limit: int = 0) -> Table:
    """Rows with larger numbers.

    table: rows with a column n.
    limit: the number.
    """
    return table.filter(nw.col("n") > limit)


@node(family="test", light=True, narrows=lambda settings: Narrowing(columns=(settings.column,)))
def only(table: Table, *, column: str = "n") -> Table:
    """One column.

    table: any rows.
    column: which.
    """
    return table.select(column)
