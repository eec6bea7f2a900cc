"""Nodes that compute outside the engine and behave."""

from __future__ import annotations

import time
from pathlib import Path

import narwhals as nw
import pyarrow as pa

from peephole.core.node import node
from peephole.core.progress import message, metric, progress
from peephole.core.settings import ReadPath, WritePath
from peephole.core.types import Table, Variable
from peephole.tables.session import current_session


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
def same(table: Table, *, tag: str = "") -> Table:
    """Pass the rows on.

    table: any rows.
    tag: makes this one another one.
    """
    return table


@node(family="test", outside=True)
def parity(table: Table) -> Table:
    """How many of n are even: many inputs give the same.

    table: any rows.
    """
    return table.filter(nw.col("n") % 2 == 0).select(nw.len().alias("n"))


@node(family="test", outside=True)
def count(table: Table) -> Variable:
    """How many rows there are.

    table: any rows.
    """
    return Variable(table.select(nw.len()).collect().item())


@node(family="test", outside=True)
def value(*, value: int = 3) -> Variable:
    """A number.

    value: the number.
    """
    return Variable(value)


@node(family="test", outside=True)
def read_words(*, path: ReadPath, seconds: float = 0.0) -> Table:
    """The words of a text file, one a row.

    path: the file.
    seconds: to wait before and after.
    """
    time.sleep(seconds)
    words = (current_session().folder / path).read_text().split()
    time.sleep(seconds)
    return current_session().from_arrow(pa.table({"word": words}))


@node(family="test", effect=True)
def write_words(table: Table, *, path: WritePath, column: str = "word") -> None:
    """Write a column into a text file, one value a line.

    table: any rows.
    path: the file.
    column: which.
    """
    found = table.select(nw.col(column).cast(nw.String)).collect("pyarrow")
    Path(current_session().folder / path).write_text("\n".join(sorted(found[column].to_list())))


@node(family="test", outside=True)
def collects(table: Table) -> Table:
    """Run a very long query by itself.

    table: any rows.
    """
    pairs = table.join(table, how="cross").join(table, how="cross", suffix="_third")
    found = pairs.select((nw.col("n") * nw.col("n_right")).alias("n")).unique().collect("pyarrow")
    return current_session().from_arrow(found.to_native())
