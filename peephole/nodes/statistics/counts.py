"""How often values occur, alone and together."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import narwhals as nw

from peephole.core.errors import DataError, SettingError
from peephole.core.node import node
from peephole.core.settings import Between, Column
from peephole.core.types import Table
from peephole.nodes._columns import check_names
from peephole.nodes.statistics._results import NUMBER, TEXT, WHOLE, collected, small_table
from peephole.tables import native
from peephole.tables.order import number_rows
from peephole.tables.values import names_of

_TOTAL = "__total__"


class Crosstab(NamedTuple):
    """What `crosstab` gives."""

    counts: Table
    test: Table


@node(
    family="statistics", icon="statistics", title="Value counts", also=("Value Counter", "Occurrences", "Frequencies")
)
def value_counts(table: Table, *, column: Column) -> Table:
    """How often each value of a column occurs.

    table: rows to count.
    column: the column whose values to count; missing ones are counted too.
    returns: each value, its count and its share of all rows, the most frequent first.
    """
    check_names("Value counts", table.select(column), ["count", "share"], "column")
    if column in ("count", "share"):
        raise SettingError(
            f'Value counts: two columns would be called "{column}".', remedy="Rename the column.", setting="column"
        )
    counted = table.group_by(column).agg(nw.len().cast(nw.Int64).alias("count"))
    totalled = counted.with_columns(nw.col("count").sum().cast(nw.Int64).alias(_TOTAL))
    shared = native.with_columns(totalled, {"share": f"CAST(count AS DOUBLE) / {_TOTAL}"}).drop(_TOTAL)
    return number_rows(shared.sort("count", column, descending=[True, False], nulls_last=True))


@node(
    family="statistics",
    icon="statistics",
    says="{rows} by {columns}",
    outside=True,
    data_dependent=True,
    needs=("numpy", "scipy"),
    pack="statistics",
    also=("Chi-square", "Contingency table", "Pivot"),
)
def crosstab(
    table: Table,
    *,
    rows: Column,
    columns: Column,
    yates: bool = False,
    most: Annotated[int, Between(2, 1000)] = 100,
) -> Crosstab:
    """How often the values of two columns occur together, and whether they hang together (chi-square test).

    Rows where one of the two is missing are left out. The test is rough where expected counts are below 5.

    table: rows to count.
    rows: the column whose values make the rows.
    columns: the column whose values make the columns.
    yates: whether to correct for continuity, which makes the test of a table of two by two more careful.
    most: fail where a column has more values than this.
    counts: a row for each value of the one, a column for each value of the other.
    test: chi-square, degrees of freedom, the probability of such a table if the columns had nothing to do with each other (p),
        Cramer's V (0: nothing, 1: one tells the other), and the smallest expected count.
    """
    if rows == columns:
        raise SettingError("Crosstab: both columns are the same.", remedy="Choose two columns.", setting="columns")
    there = table.filter(~nw.col(rows).is_null(), ~nw.col(columns).is_null())
    pairs = there.group_by(rows, columns).agg(nw.len().cast(nw.Int64).alias(_TOTAL))
    found = collected(pairs.head(most * most + 1))
    down, across = sorted({f[rows] for f in found}), sorted({f[columns] for f in found})
    for name, values, setting in ((rows, down, "rows"), (columns, across, "columns")):
        if len(values) > most:
            raise DataError(
                f'Crosstab: the column "{name}" has more than {most} different values.',
                remedy="Choose a column with fewer, bin or group it first, or raise `most`.",
                setting=setting,
            )
    counts = {(f[rows], f[columns]): int(f[_TOTAL]) for f in found}
    names, texts = names_of(across, [rows]), names_of(down, [])
    made = [
        {rows: text, **{n: counts.get((at, value), 0) for n, value in zip(names, across, strict=True)}}
        for text, at in zip(texts, down, strict=True)
    ]
    matrix = [[counts.get((a, b), 0) for b in across] for a in down]
    return Crosstab(small_table(made, {rows: TEXT, **dict.fromkeys(names, WHOLE)}), _tested(matrix, yates))


def _tested(matrix: list[list[int]], yates: bool) -> Table:
    types = {
        "rows": WHOLE,
        "chi_square": NUMBER,
        "df": WHOLE,
        "p": NUMBER,
        "cramers_v": NUMBER,
        "smallest_expected": NUMBER,
    }
    return small_table([chi_square(matrix, yates)], types)


def chi_square(matrix: list[list[int]], yates: bool) -> dict[str, Any]:
    """Pearson's test of independence.  matrix: counts, every row and column with some."""
    import numpy as np
    from scipy.special import chdtrc

    seen = np.array(matrix, dtype=float)
    total = float(seen.sum())
    if seen.ndim < 2 or min(seen.shape) < 2:
        return {"rows": int(total)}  # one value tells nothing about the other
    expected = seen.sum(1, keepdims=True) * seen.sum(0, keepdims=True) / total
    off = np.abs(seen - expected)
    df = (seen.shape[0] - 1) * (seen.shape[1] - 1)
    if yates and df == 1:
        off = off - np.minimum(0.5, off)
    statistic = float((off**2 / expected).sum())
    return {
        "rows": int(total),
        "chi_square": statistic,
        "df": df,
        "p": float(chdtrc(df, statistic)),
        "cramers_v": (statistic / total / (min(seen.shape) - 1)) ** 0.5,
        "smallest_expected": float(expected.min()),
    }
