"""Nodes of another package, found through its entry point: light, slow, failing and deadly ones for testing the engine."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

import narwhals as nw
import pyarrow as pa

from peephole.core.errors import DataError
from peephole.core.node import node
from peephole.core.progress import message, metric, progress
from peephole.core.settings import Column, ReadPath
from peephole.core.types import Model, Table, Variable
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


@node(family="test", outside=True)
def slow(table: Table, *, seconds: float = 1.0, steps: int = 20, tag: str = "") -> Table:
    """Pass the rows on, slowly, with progress and a curve.

    table: any rows.
    seconds: how long it takes.
    steps: in how many steps.
    tag: makes this one another one.
    """
    for i in progress(range(steps), "Waiting"):
        time.sleep(seconds / steps)
        metric(step=i)
    message(f"slept {seconds} s {tag}".strip())
    return table


@node(family="test", outside=True)
def deaf(table: Table, *, seconds: float = 30.0) -> Table:
    """Sleep without ever asking whether to stop, as a library's fit does.

    table: any rows.
    seconds: how long.
    """
    time.sleep(seconds)
    return table


@node(family="test", outside=True)
def die(table: Table, *, signal: int = 9, marker: str = "") -> Table:
    """End this very process with a signal, once if a marker file is named.

    table: any rows.
    signal: which.
    marker: path of a file that says it has died already.
    """
    if not marker or not Path(marker).exists():
        if marker:
            Path(marker).touch()
        os.kill(os.getpid(), signal)
        time.sleep(10)
    return table


@node(family="test", outside=True)
def fail(table: Table, *, text: str = "It is wrong.") -> Table:
    """Fail with a message.

    table: any rows.
    text: the message.
    """
    raise DataError(text, remedy="Do it otherwise.")


@node(family="test", outside=True)
def crash(table: Table) -> Table:
    """Fail as buggy code does.

    table: any rows.
    """
    raise ZeroDivisionError("division by zero")


@node(family="test", outside=True)
def count(table: Table) -> Variable:
    """How many rows there are.

    table: any rows.
    """
    return Variable(table.select(nw.len()).collect().item())


@node(family="test", outside=True)
def read_words(*, path: ReadPath) -> Table:
    """The words of a text file, one a row.

    path: the file.
    """
    words = (current_session().folder / path).read_text().split()
    return nw.from_native(pa.table({"word": words})).lazy()


@node(family="test")
def endless(table: Table) -> Table:
    """A query that takes very long: every row with every other, again and again.

    table: any rows.
    """
    pairs = table.join(table, how="cross").join(table, how="cross")
    return pairs.select((nw.col("n") * nw.col("n_right")).alias("p")).unique().group_by("p").agg(nw.len())


@node(family="test", outside=True)
def no_model(table: Table) -> Model:
    """Give nothing where a model was promised.

    table: any rows.
    """
    return None  # type: ignore[return-value]
