"""Columns described by a few figures."""

from __future__ import annotations

import math
from typing import Any

import narwhals as nw

from peephole.core.node import node
from peephole.core.schema import ROW, accepts
from peephole.core.settings import Columns
from peephole.core.types import Table
from peephole.nodes.statistics._results import NUMBER, TEXT, WHOLE, figures, small_table
from peephole.tables.schema import schema_of

_AT_ONCE = 40
BINS, BLOCKS = 8, " ▁▂▃▄▅▆▇█"
_NUMBERS = ("mean", "std", "min", "q25", "median", "q75", "max", "skewness", "kurtosis")
_TYPES = {
    "column": TEXT,
    "type": TEXT,
    "count": WHOLE,
    "missing": WHOLE,
    "distinct": WHOLE,
    **dict.fromkeys(_NUMBERS, NUMBER),
    "lowest": TEXT,
    "highest": TEXT,
    "histogram": TEXT,
}
_COMPARABLE = ("text", "date", "datetime", "time")
_NO_DISTINCT = ("list", "struct", "binary", "unknown")


@node(
    family="statistics",
    icon="statistics",
    outside=True,
    also=("Statistics", "Data Explorer", "Feature Statistics", "Summary"),
)
def describe(table: Table, *, columns: Columns = []) -> Table:  # noqa: B006 - never changed
    """A few figures about each column: count, mean, deviation, quantiles and so on.

    Std is the sample standard deviation; skewness and kurtosis are those of the rows as they are (0 for a normal
    distribution); quantiles lie between two values where they fall between them. True counts as 1, false as 0.

    table: the columns to describe.
    columns: which columns; all if empty.
    returns: a row for each column: its type, how many values it has, how many are missing and how many are different, then
        figures of numbers, the lowest and highest value of text and dates, and of numbers a small histogram: how many lie in
        each of eight ranges of equal width between the smallest and the largest.
    """
    schema = schema_of(table)
    chosen = list(dict.fromkeys(columns)) or [name for name in schema if name != ROW]
    rows = []
    for start in range(0, len(chosen), _AT_ONCE):  # a query of thousands of figures would take long to plan
        part = chosen[start : start + _AT_ONCE]
        wanted = [e for i, name in enumerate(part) for e in _wanted(name, schema[name], f"{i} ")]
        found = figures(table, nw.len().alias("rows"), *wanted)
        made = [_row(name, schema[name], found, f"{i} ") for i, name in enumerate(part)]
        _add_histograms(table, made)
        rows += made
    return small_table(rows, _TYPES)


def _wanted(name: str, word: str, mark: str) -> list[nw.Expr]:
    column = nw.col(name)
    made = {"count": column.count()}
    if word not in _NO_DISTINCT:
        made |= {"distinct": column.n_unique(), "none": column.is_null().cast(nw.Int64).max()}
    if word in _COMPARABLE:
        made |= {"lowest": column.min(), "highest": column.max()}
    if accepts(("number", "boolean"), word):  # type: ignore[arg-type]
        value = (column.cast(nw.Int64) if word == "boolean" else column).cast(nw.Float64)
        made |= {"mean": value.mean(), "std": value.std(), "min": value.min(), "max": value.max()}
        quantiles = {"q25": 0.25, "median": 0.5, "q75": 0.75}
        made |= {called: value.quantile(at, interpolation="linear") for called, at in quantiles.items()}
        made |= {"skewness": value.skew(), "kurtosis": value.kurtosis()}
    return [expression.alias(mark + called) for called, expression in made.items()]


def _row(name: str, word: str, found: dict[str, Any], mark: str) -> dict[str, Any]:
    row = {called: found.get(mark + called) for called in _TYPES}
    if word not in _NO_DISTINCT:  # a missing value is no value
        row["distinct"] = (row["distinct"] or 0) - (found[mark + "none"] or 0)
    if not row["std"]:  # of one value, or of equal ones, nothing can be said about the shape
        row["skewness"] = row["kurtosis"] = None
    ends = {at: str(row[at]) for at in ("lowest", "highest") if row[at] is not None}
    return {**row, **ends, "column": name, "type": word, "missing": found["rows"] - row["count"]}


def _add_histograms(table: Table, rows: list[dict[str, Any]]) -> None:
    """The blocks of each column of numbers that are not all the same."""
    drawn = [r for r in rows if r["min"] is not None and math.isfinite(r["max"] - r["min"]) and r["max"] > r["min"]]
    if not drawn:
        return
    wanted = []
    for i, row in enumerate(drawn):
        column = nw.col(row["column"])
        value = (column.cast(nw.Int64) if row["type"] == "boolean" else column).cast(nw.Float64)
        place = ((value - row["min"]) / ((row["max"] - row["min"]) / BINS)).floor()
        for k in range(BINS):  # the largest value lies on the last range's end, and counts to it
            inside = place == k if k < BINS - 1 else place >= k
            wanted.append(nw.when(inside).then(1).otherwise(0).sum().alias(f"{i} {k}"))
    found = figures(table, *wanted)
    for i, row in enumerate(drawn):
        row["histogram"] = _blocks([int(found[f"{i} {k}"] or 0) for k in range(BINS)])


def _blocks(counts: list[int]) -> str:
    """Counts as blocks of eight heights; a blank only where there is nothing."""
    most = max(counts) or 1
    return "".join(BLOCKS[math.ceil(n / most * (len(BLOCKS) - 1))] for n in counts)
