"""How columns of numbers go together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import narwhals as nw

from peephole.core.errors import DataError, SettingError
from peephole.core.node import node
from peephole.core.schema import ROW, accepts
from peephole.core.settings import NumberColumns
from peephole.core.types import Table
from peephole.nodes.statistics._results import NUMBER, TEXT, figures, number, small_table
from peephole.tables.schema import schema_of

Method = Literal["pearson", "spearman", "kendall"]


@node(
    family="statistics",
    icon="heat-map",
    outside=True,
    also=("Linear Correlation", "Rank Correlation", "Correlations", "Kendall's tau"),
)
def correlation_matrix(
    table: Table,
    *,
    columns: NumberColumns = [],  # noqa: B006 - never changed
    method: Method = "pearson",
) -> Table:
    """How much each two number columns go together: 1 as one, -1 as opposites, 0 not at all.

    Rows where any of the columns is missing are left out. A column of one value only has no correlation.

    table: rows with numbers.
    columns: the columns to compare; all number columns if empty.
    method: of the values, along a straight line (pearson); of their ranks, along any line that rises or falls (spearman); or
        how many more pairs of rows agree than disagree which is larger (kendall, tau-b).
    returns: a row and a column for each of the columns.
    """
    if any(name.casefold() == "column" for name in _chosen(table, columns)):
        raise SettingError(
            'Correlation matrix: two columns would be called "column".', remedy="Rename it first.", setting="columns"
        )
    found = correlations(table, columns, method)
    rows = [
        {"column": a, **dict(zip(found.names, row, strict=True))}
        for a, row in zip(found.names, found.values, strict=True)
    ]
    return small_table(rows, {"column": TEXT, **dict.fromkeys(found.names, NUMBER)})


@dataclass(frozen=True)
class Correlations:
    """Of each two columns; None where one of them is always the same."""

    names: list[str]
    values: list[list[float | None]]


def correlations(table: Table, columns: Sequence[str], method: Method) -> Correlations:
    """All correlations. Raises DataError where there is no column of numbers."""
    chosen = _chosen(table, columns)
    complete = table.filter(*(~nw.col(name).is_null() for name in chosen))
    numbers = complete.select(*(nw.col(name).cast(nw.Float64).alias(name) for name in chosen))
    if method == "kendall":
        return _by_pairs(numbers, chosen)
    if method == "spearman":
        numbers = numbers.select(*(nw.col(n).rank("average").cast(nw.Float64).alias(n) for n in chosen))
    pairs = list(combinations(range(len(chosen)), 2))
    spreads = [nw.col(name).std().alias(f"{i}") for i, name in enumerate(chosen)]
    found = figures(numbers, *spreads, *(nw.corr(chosen[i], chosen[j]).alias(f"{i} {j}") for i, j in pairs))
    flat = {i for i in range(len(chosen)) if not number(found[f"{i}"]) > 0}
    return _matrix(chosen, {pair: number(found[f"{pair[0]} {pair[1]}"]) for pair in pairs}, flat)


def _chosen(table: Table, columns: Sequence[str]) -> list[str]:
    usual = [n for n, w in schema_of(table).items() if n != ROW and accepts(("number",), w)]
    chosen = list(dict.fromkeys(columns)) or usual
    if not chosen:
        raise DataError("Correlation matrix: there is no number column.", remedy="Cast some to numbers first.")
    return chosen


def _by_pairs(numbers: Table, chosen: list[str]) -> Correlations:
    """Kendall's tau-b (1945), by sorting: outside the engine."""
    from importlib import import_module

    kendalltau = import_module("scipy.stats").kendalltau  # an extra of its own: the other methods do without
    rows = numbers.collect("pyarrow").to_native()
    values = [rows.column(name).to_numpy() for name in chosen]
    flat = {i for i, v in enumerate(values) if len(v) < 2 or v.min() == v.max()}
    pairs = [p for p in combinations(range(len(chosen)), 2) if not flat & set(p)]
    return _matrix(chosen, {(i, j): float(kendalltau(values[i], values[j]).statistic) for i, j in pairs}, flat)


def _matrix(names: list[str], found: dict[tuple[int, int], float], flat: set[int]) -> Correlations:
    def cell(i: int, j: int) -> float | None:
        if i in flat or j in flat:
            return None
        value = 1.0 if i == j else found[min(i, j), max(i, j)]
        return value if math.isfinite(value) else None

    places = range(len(names))
    return Correlations(names, [[cell(i, j) for j in places] for i in places])
