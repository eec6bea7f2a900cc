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


@node(
    family="columns",
    icon="bin",
    title="Bin",
    version=2,
    migrations={1: dict},
    also=("Auto-Binner", "Numeric Binner", "Discretize"),
)
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

    Without labels a bin is called by its range: "[0, 15)" holds 0 and not 15, "< 0" and "≥ 60" lie outside the edges. Ranges of
    the same width go from the lowest number to the highest, both included; an infinite number lies in none of them: its bin
    is missing. Bins of about the same number of rows are called by the lowest and the highest number in them.

    table: the numbers.
    column: the column to put into bins.
    method: at edges that are given, into ranges of the same width, or into ranges that hold about the same number of rows.
    bins: how many ranges; with given edges it does not matter.
    edges: the limits between bins, rising.
    labels: names of the bins, from the lowest to the highest; one more than there are edges.
    closed: whether a number that lies on an edge belongs to the bin above it (left) or below it (right); bins that hold about the
        same number of rows have no edges that a number could lie on.
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
    if method == "equal width":
        return _equal_width(table, column, made, bins, labels, closed)
    return _equal_frequency(table, column, made, bins, labels)


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


def _equal_width(table: Table, column: str, made: str, bins: int, labels: list[str], closed: str) -> Table:
    value = _finite(column)
    ranged = table.join(table.select(value.min().alias(_LOW), value.max().alias(_HIGH)), how="cross")
    low, high = nw.col(_LOW), nw.col(_HIGH)
    step = (high - low) / bins
    guess = ((value - low) / step).floor()
    # The division may miss an edge by its last digit: the edges themselves decide, as in numpy and pandas.
    start, end = low + guess * step, low + (guess + 1) * step
    down, up = (value < start, value >= end) if closed == "left" else (value <= start, value > end)
    place = nw.when(down).then(guess - 1).otherwise(nw.when(up).then(guess + 1).otherwise(guess))
    place = nw.when(place < 0).then(nw.lit(0.0)).otherwise(nw.when(place >= bins).then(bins - 1.0).otherwise(place))
    # All numbers alike: one bin.
    place = nw.when(high > low).then(place).otherwise(nw.when(~value.is_null()).then(nw.lit(0.0)))
    first, last = f"{_BIN} = 0", f"({_BIN} + 1 >= {bins} OR {_HIGH} = {_LOW})"
    width = f"({_HIGH} - {_LOW}) / {bins}"
    edges = (f"{_LOW} + {_BIN} * {width}", f"CASE WHEN {last} THEN {_HIGH} ELSE {_LOW} + ({_BIN} + 1) * {width} END")
    ends = ("'['", f"CASE WHEN {last} THEN ']' ELSE ')' END")
    if closed == "right":
        ends = (f"CASE WHEN {first} THEN '[' ELSE '(' END", "']'")
    return _labelled(table, ranged.with_columns(place.alias(_BIN)), made, labels, edges, ends)


def _equal_frequency(table: Table, column: str, made: str, bins: int, labels: list[str]) -> Table:
    value = nw.col(column).cast(nw.Float64)
    # Equal numbers share a rank, so they are never torn apart.
    share = (value.rank("min") - 1).cast(nw.Float64) * bins / value.count()
    placed = table.with_columns(share.floor().alias(_BIN))
    placed = placed.with_columns(value.min().over(_BIN).alias(_LOW), value.max().over(_BIN).alias(_HIGH))
    return _labelled(table, placed, made, labels, (_LOW, _HIGH), ("'['", "']'"))


def _finite(column: str) -> nw.Expr:
    value = nw.col(column).cast(nw.Float64)
    finite: nw.Expr = nw.when(value.is_finite()).then(value)
    return finite


def _labelled(
    table: Table, placed: Table, made: str, labels: list[str], edges: tuple[str, str], ends: tuple[str, str]
) -> Table:
    """Name each row's bin: by the labels, or by its range.  edges, ends: its limits, and the signs before and behind them."""
    if labels:
        cases = " ".join(f"WHEN {_BIN} = {i} THEN {literal(label)}" for i, label in enumerate(labels))
        text = f"CASE {cases} END"
    else:
        low, high = map(_short, edges)
        text = f"{ends[0]} || {low} || ', ' || {high} || {ends[1]}"
    names = [name for name in table.collect_schema().names() if name not in (made, ROW)]
    hidden = [ROW] if ROW in table.collect_schema().names() else []
    return native.with_columns(placed, {made: text}).select(*names, made, *hidden)


def _short(number: str) -> str:
    """As text: whole numbers in full, others so that neighbouring edges are not called the same."""
    whole = f"{number} = floor({number}) AND abs({number}) < 1e15"
    near = f"CAST(ceil(log10(greatest(abs({_LOW}), abs({_HIGH})) / ({_HIGH} - {_LOW}))) AS INTEGER) + 4"
    digits = (
        f"CASE WHEN {_HIGH} > {_LOW} AND isfinite({_HIGH} - {_LOW}) THEN greatest(6, least(15, {near})) ELSE 15 END"
    )
    return f"CASE WHEN {whole} THEN format('{{:.0f}}', {number}) ELSE format('{{:.{{}}g}}', {number}, {digits}) END"
