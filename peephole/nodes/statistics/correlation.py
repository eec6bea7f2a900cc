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
from peephole.core.progress import message
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
    version=2,  # missing values count pair by pair
    migrations={1: dict},
    also=("Linear Correlation", "Rank Correlation", "Correlations", "Kendall's tau"),
)
def correlation_matrix(
    table: Table,
    *,
    columns: NumberColumns = [],  # noqa: B006 - never changed
    method: Method = "pearson",
) -> Table:
    """How much each two number columns go together: 1 as one, -1 as opposites, 0 not at all.

    Each two columns are compared in the rows that have a value of both. A column of one value only has no correlation.

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
    names = [f"c{i}" for i in range(len(chosen))]
    numbers = table.select(*(nw.col(c).cast(nw.Float64).alias(n) for c, n in zip(chosen, names, strict=True)))
    sparse = _tell_missing(numbers, names)
    pairs = list(combinations(range(len(chosen)), 2))
    if method == "kendall":
        return _by_pairs(numbers, chosen)
    if method == "spearman":
        numbers = _ranked(numbers, names, sparse, pairs)
    sides = {pair: [_side(pair, i, names, sparse, method) for i in pair] for pair in pairs}
    spreads = [side.std().alias(f"{i} {j} {k}") for (i, j), pair in sides.items() for k, side in enumerate(pair)]
    found = figures(
        numbers,
        *(nw.col(name).std().alias(f"{i}") for i, name in enumerate(names)),
        *spreads,
        *(nw.corr(a, b).alias(f"{i} {j}") for (i, j), (a, b) in sides.items()),
    )
    flat = {i for i in range(len(chosen)) if not number(found[f"{i}"]) > 0}
    # rows that have both columns may all have one value of one of them
    spread = {(i, j): all(number(found[f"{i} {j} {k}"]) > 0 for k in (0, 1)) for i, j in pairs}
    return _matrix(chosen, {(i, j): number(found[f"{i} {j}"]) if spread[i, j] else math.nan for i, j in pairs}, flat)


def _tell_missing(numbers: Table, names: Sequence[str]) -> set[int]:
    """The columns with missing values; a message says how many rows have some."""
    missing = [nw.col(name).is_null() for name in names]
    counts = [m.sum().alias(name) for m, name in zip(missing, names, strict=True)]
    found = figures(
        numbers, nw.len().alias("rows"), nw.any_horizontal(*missing, ignore_nulls=True).sum().alias("some"), *counts
    )
    if found["some"]:
        message(
            f"{found['some']:,} of {found['rows']:,} rows have missing values: each two columns are compared in the rows that "
            "have both."
        )
    return {i for i, name in enumerate(names) if found[name]}


def _ranked(numbers: Table, names: Sequence[str], sparse: set[int], pairs: Sequence[tuple[int, int]]) -> Table:
    """The ranks of each column, and of each that is compared with one that has missing values, among the rows of both."""
    ranks = {name: nw.col(name) for name in names}
    for i, j in pairs:
        for one, other in ((i, j), (j, i)):
            if other in sparse:
                ranks[_within(names, one, other)] = _where(names, one, other)
    return numbers.select(*(value.alias(name) for name, value in ranks.items())).select(
        *(nw.col(name).rank("average").cast(nw.Float64).alias(name) for name in ranks)
    )


def _side(pair: tuple[int, int], one: int, names: Sequence[str], sparse: set[int], method: Method) -> nw.Expr:
    """A column in the rows that have both of the pair."""
    other = pair[1] if one == pair[0] else pair[0]
    if other not in sparse:
        return nw.col(names[one])
    return nw.col(_within(names, one, other)) if method == "spearman" else _where(names, one, other)


def _within(names: Sequence[str], one: int, other: int) -> str:
    return f"{names[one]} with {names[other]}"


def _where(names: Sequence[str], one: int, other: int) -> nw.Expr:
    there: nw.Expr = nw.when(~nw.col(names[other]).is_null()).then(nw.col(names[one]))
    return there


def _chosen(table: Table, columns: Sequence[str]) -> list[str]:
    usual = [n for n, w in schema_of(table).items() if n != ROW and accepts(("number",), w)]
    chosen = list(dict.fromkeys(columns)) or usual
    if not chosen:
        raise DataError("Correlation matrix: there is no number column.", remedy="Cast some to numbers first.")
    return chosen


def _by_pairs(numbers: Table, chosen: list[str]) -> Correlations:
    """Kendall's tau-b (1945), by sorting: outside the engine."""
    from importlib import import_module

    import numpy as np

    kendalltau = import_module("scipy.stats").kendalltau  # an extra of its own: the other methods do without
    rows = numbers.collect("pyarrow").to_native()
    values = [column.to_numpy() for column in rows.columns]  # missing as not a number
    found: dict[tuple[int, int], float] = {}
    for i, j in combinations(range(len(chosen)), 2):
        both = ~(np.isnan(values[i]) | np.isnan(values[j]))
        found[i, j] = float(kendalltau(values[i][both], values[j][both]).statistic) if both.sum() > 1 else math.nan
    there = [v[~np.isnan(v)] for v in values]
    flat = {i for i, v in enumerate(there) if not len(v) or v.min() == v.max()}
    return _matrix(chosen, found, flat)


def _matrix(names: list[str], found: dict[tuple[int, int], float], flat: set[int]) -> Correlations:
    def cell(i: int, j: int) -> float | None:
        if i in flat or j in flat:
            return None
        value = 1.0 if i == j else found[min(i, j), max(i, j)]
        return value if math.isfinite(value) else None

    places = range(len(names))
    return Correlations(names, [[cell(i, j) for j in places] for i in places])
