"""Tables made and changed within the engine, in queries."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import narwhals as nw
import pyarrow as pa

from peephole.core.node import node
from peephole.core.settings import Between, Column
from peephole.core.types import Table
from peephole.tables.session import current_session


@node(family="test", light=True)
def numbers(*, rows: int = 10, start: int = 0) -> Table:
    """Whole numbers in a column n, and n modulo 7 in a column k.

    rows: how many.
    start: the first one.
    """
    n = list(range(start, start + rows))
    return current_session().from_arrow(pa.table({"n": n, "k": [i % 7 for i in n]}))


@node(family="test", light=True)
def add(table: Table, *, column: Column = "n", amount: int = 1) -> Table:
    """Add a number to a column.

    table: any rows.
    column: where to add.
    amount: what to add.
    """
    return table.with_columns((nw.col(column) + amount).alias(column))


@node(family="test")
def group_sum(table: Table, *, key: Column = "k", column: Column = "n") -> Table:
    """Sums by key.

    table: any rows.
    key: the groups.
    column: what to sum.
    """
    return table.group_by(key).agg(nw.col(column).sum())


@node(family="test", light=True)
def to_number(table: Table, *, column: Column) -> Table:
    """Cast a column to whole numbers; a text that is no number fails when the query runs.

    table: any rows.
    column: what to cast.
    """
    return table.with_columns(nw.col(column).cast(nw.Int64))


class Halves(NamedTuple):
    """Two tables."""

    low: Table
    high: Table


@node(family="test")
def split(table: Table, *, column: Column = "n", at: int = 5) -> Halves:
    """Rows below a bound and the others.

    table: any rows.
    column: what to compare.
    at: the bound.
    low: rows below it.
    high: the other rows.
    """
    return Halves(table.filter(nw.col(column) < at), table.filter(nw.col(column) >= at))


@node(family="test")
def endless(table: Table) -> Table:
    """A query that takes very long: every row with every other, again and again.

    table: any rows.
    """
    pairs = table.join(table, how="cross").join(table, how="cross", suffix="_third")
    return pairs.select((nw.col("n") * nw.col("n_right")).alias("p")).unique().group_by("p").agg(nw.len())


@node(family="test", light=True)
def texts(*, values: list[str]) -> Table:
    """Texts in a column text.

    values: the texts.
    """
    return current_session().from_arrow(pa.table({"text": values, "row": list(range(len(values)))}))


@node(family="test", light=True)
def first(table: Table, *, column: Column = "n", limit: Annotated[int, Between(0, None)]) -> Table:
    """Rows whose number is below a limit, which may come by wire.

    table: any rows.
    column: the number.
    limit: the limit.
    """
    return table.filter(nw.col(column) < limit)


@node(family="test", light=True)
def stack(*tables: Table) -> Table:
    """All rows of all tables.

    tables: with the same columns.
    """
    return nw.concat(list(tables))


@node(family="test")
def beside(left: Table, right: Table | None = None) -> Table:
    """Rows of the left table that have a partner in the right one, if there is one.

    left: any rows.
    right: any rows.
    """
    return left if right is None else left.join(right.select("n").unique(), on="n")


@node(
    family="test",
    light=True,
    version=2,
    migrations={1: lambda old: {"amount": old["by"]}},
)
def renamed(table: Table, *, amount: int = 1) -> Table:
    """Add a number to n; its setting was called `by` in the first version.

    table: any rows.
    amount: what to add.
    """
    return table.with_columns(nw.col("n") + amount)


@node(family="test")
def spilling(*, rows: int = 3_000_000, seed: int = 1) -> Table:
    """A sort that does not fit into little memory.

    rows: how many.
    seed: makes the order another one.
    """
    query = f"SELECT range AS n, row_number() OVER (ORDER BY hash(range + {seed})) AS r FROM range({rows})"
    return nw.from_native(current_session()._sql(query))
