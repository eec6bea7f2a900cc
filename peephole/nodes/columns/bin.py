"""Numbers put into bins."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import Between, NumberColumn
from peephole.core.types import Table
from peephole.tables import native
from peephole.tables.schema import literal, quoted

_BIN, _LOW, _HIGH = "__bin__", "__low__", "__high__"


@node(family="columns", icon="bin", title="Bin", also=("Auto-Binner", "Numeric Binner", "Discretize"))
def bin(  # noqa: A001 - the word people know
    table: Table,
    *,
    column: NumberColumn,
    method: Literal["edges", "equal width", "equal frequency"] = "equal width",
    bins: Annotated[int, Between(2, 1000)] = 5,
    edges: list[float] = [],  # noqa: B006 - never changed
    labels: list[str] = [],  # noqa: B006
    closed: Literal["left", "right"] = "left",
    name: str = "",
) -> Table:
    """A text column that tells into which range each number falls.

    Without labels a bin is called by its range: "[0, 15)" holds 0 and not 15, "< 0" and "≥ 60" lie outside the edges.

    table: the numbers.
    column: the column to put into bins.
    method: at edges that are given, into ranges of the same width, or into ranges that hold about the same number of rows.
    bins: how many ranges; with given edges it does not matter.
    edges: the limits between bins, rising.
    labels: names of the bins, from the lowest to the highest; one more than there are edges.
    closed: whether a number that lies on an edge belongs to the bin above it (left) or below it (right).
    name: the new column; the old one's name with " bin" if empty.
    returns: the table with the column.
    """
    made = name or f"{column} bin"
    wanted = len(edges) + 1 if method == "edges" else bins
    if labels and len(labels) != wanted:
        raise SettingError(
            f"Bin: there are {wanted} bins, and {len(labels)} labels.",
            remedy="Give one label for each bin, those below the first and above the last edge included.",
            setting="labels",
        )
    if method == "edges":
        return _at_edges(table, column, made, edges, labels, closed)
    return (_equal_width if method == "equal width" else _equal_frequency)(table, column, made, bins, labels)


def _at_edges(table: Table, column: str, made: str, edges: list[float], labels: list[str], closed: str) -> Table:
    if not edges or any(a >= b for a, b in pairwise(edges)):
        raise SettingError(
            "Bin: the edges must rise.", remedy="Give them from low to high, each once.", setting="edges"
        )
    value, below = f"CAST({quoted(column)} AS DOUBLE)", "<" if closed == "left" else "<="
    called = labels or _ranges(edges, closed)
    cases = [f"WHEN {value} {below} {edge!r} THEN {literal(label)}" for edge, label in zip(edges, called, strict=False)]
    text = f"CASE WHEN {value} IS NULL THEN NULL {' '.join(cases)} ELSE {literal(called[-1])} END"
    return native.with_columns(table, {made: text})


def _ranges(edges: list[float], closed: str) -> list[str]:
    shown = [f"{edge:g}" if float(f"{edge:g}") == edge else repr(edge) for edge in edges]
    start, end = ("[", ")") if closed == "left" else ("(", "]")
    inner = [f"{start}{a}, {b}{end}" for a, b in pairwise(shown)]
    first, last = ("<", "≥") if closed == "left" else ("≤", ">")
    return [f"{first} {shown[0]}", *inner, f"{last} {shown[-1]}"]


def _equal_width(table: Table, column: str, made: str, bins: int, labels: list[str]) -> Table:
    value = nw.col(column).cast(nw.Float64)
    ranged = table.join(table.select(value.min().alias(_LOW), value.max().alias(_HIGH)), how="cross")
    # All numbers alike: one bin.
    place = ((value - nw.col(_LOW)) / (nw.col(_HIGH) - nw.col(_LOW)) * bins).floor()
    place = nw.when(nw.col(_HIGH) > nw.col(_LOW)).then(place).otherwise(nw.when(~value.is_null()).then(nw.lit(0.0)))
    placed = ranged.with_columns(nw.when(place >= bins).then(nw.lit(bins - 1.0)).otherwise(place).alias(_BIN))
    step = f"({_HIGH} - {_LOW}) / {bins}"
    last = f"{_BIN} + 1 >= {bins}"
    low, high = f"{_LOW} + {_BIN} * {step}", f"CASE WHEN {last} THEN {_HIGH} ELSE {_LOW} + ({_BIN} + 1) * {step} END"
    return _labelled(table, placed, made, labels, low, high, f"CASE WHEN {last} THEN ']' ELSE ')' END")


def _equal_frequency(table: Table, column: str, made: str, bins: int, labels: list[str]) -> Table:
    value = nw.col(column).cast(nw.Float64)
    # Equal numbers share a rank, so they are never torn apart.
    share = (value.rank("min") - 1).cast(nw.Float64) * bins / value.count()
    placed = table.with_columns(share.floor().alias(_BIN))
    placed = placed.with_columns(value.min().over(_BIN).alias(_LOW), value.max().over(_BIN).alias(_HIGH))
    return _labelled(table, placed, made, labels, _LOW, _HIGH, "']'")


def _labelled(table: Table, placed: Table, made: str, labels: list[str], low: str, high: str, end: str) -> Table:
    """Name each row's bin: by the labels, or by its range."""
    if labels:
        cases = " ".join(f"WHEN {_BIN} = {i} THEN {literal(label)}" for i, label in enumerate(labels))
        text = f"CASE {cases} END"
    else:
        text = f"'[' || {_short(low)} || ', ' || {_short(high)} || {end}"
    names = [name for name in table.collect_schema().names() if name not in (made, ROW)]
    hidden = [ROW] if ROW in table.collect_schema().names() else []
    return native.with_columns(placed, {made: text}).select(*names, made, *hidden)


def _short(number: str) -> str:
    return f"format('{{:.6g}}', {number})"
