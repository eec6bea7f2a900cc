"""How columns of numbers go together."""

from __future__ import annotations

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


@node(
    family="statistics", icon="heat-map", outside=True, also=("Linear Correlation", "Rank Correlation", "Correlations")
)
def correlation_matrix(
    table: Table,
    *,
    columns: NumberColumns = [],  # noqa: B006 - never changed
    method: Literal["pearson", "spearman"] = "pearson",
) -> Table:
    """How much each two number columns go together: 1 as one, -1 as opposites, 0 not at all.

    Rows where any of the columns is missing are left out. A column of one value only has no correlation.

    table: rows with numbers.
    columns: the columns to compare; all number columns if empty.
    method: of the values, along a straight line (pearson), or of their ranks, along any line that rises or falls (spearman).
    returns: a row and a column for each of the columns.
    """
    schema = schema_of(table)
    chosen = list(dict.fromkeys(columns)) or [n for n, w in schema.items() if n != ROW and accepts(("number",), w)]
    if not chosen:
        raise DataError("Correlation matrix: there is no number column.", remedy="Cast some to numbers first.")
    if any(name.casefold() == "column" for name in chosen):
        raise SettingError(
            'Correlation matrix: two columns would be called "column".', remedy="Rename it first.", setting="columns"
        )
    value = {name: nw.col(name).cast(nw.Float64) for name in chosen}
    complete = table.filter(*(~nw.col(name).is_null() for name in chosen))
    numbers = complete.select(*(value[name].alias(name) for name in chosen))
    if method == "spearman":
        numbers = numbers.select(*(nw.col(n).rank("average").cast(nw.Float64).alias(n) for n in chosen))
    pairs = list(combinations(range(len(chosen)), 2))
    spreads = [nw.col(name).std().alias(f"{i}") for i, name in enumerate(chosen)]
    found = figures(numbers, *spreads, *(nw.corr(chosen[i], chosen[j]).alias(f"{i} {j}") for i, j in pairs))
    flat = {i for i in range(len(chosen)) if not number(found[f"{i}"]) > 0}

    def cell(i: int, j: int) -> float | None:
        if i in flat or j in flat:
            return None
        return 1.0 if i == j else number(found[f"{min(i, j)} {max(i, j)}"])

    rows = [{"column": a, **{b: cell(i, j) for j, b in enumerate(chosen)}} for i, a in enumerate(chosen)]
    return small_table(rows, {"column": TEXT, **dict.fromkeys(chosen, NUMBER)})
