"""Columns left out for what is, or is not, in them."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Annotated, Any

import narwhals as nw

from peephole.core.errors import DataError
from peephole.core.node import node
from peephole.core.progress import message
from peephole.core.schema import ROW, accepts, visible
from peephole.core.settings import Between, Columns, NumberColumns
from peephole.core.types import Table
from peephole.tables.schema import schema_of

SHARE = Between(0, 1)


@node(family="columns", icon="columns", outside=True, data_dependent=True, also=("Constant Value Column Filter",))
def low_variance_filter(
    table: Table,
    *,
    columns: NumberColumns = [],  # noqa: B006 - never changed
    limit: Annotated[float, Between(0)] = 0.0,
) -> Table:
    """Leave out number columns that hardly vary: they tell nothing.

    table: the columns to look at.
    columns: the columns to look at; all of numbers if empty.
    limit: a column whose variance is not above this is left out; 0 leaves out those with one value only.
    returns: the other columns.
    """
    looked = columns or _numbers(table)
    found = _figures(table, {c: nw.col(c).cast(nw.Float64).var(ddof=0) for c in looked})
    return _without(table, [c for c in looked if found[c] is None or found[c] <= limit], "Low variance filter")


@node(family="columns", icon="columns", outside=True, data_dependent=True, also=("Linear Correlation Filter",))
def correlation_filter(
    table: Table,
    *,
    columns: NumberColumns = [],  # noqa: B006 - never changed
    limit: Annotated[float, SHARE] = 0.95,
) -> Table:
    """Leave out number columns that say the same as another one.

    Of two columns whose correlation is above the limit, be it negative, the one that comes first stays.

    table: the columns to look at.
    columns: the columns to look at; all of numbers if empty.
    limit: the correlation above which two columns say the same.
    returns: the other columns.
    """
    looked = columns or _numbers(table)
    pairs = list(combinations(looked, 2))
    means = _figures(table, {c: nw.col(c).cast(nw.Float64).mean() for c in looked})
    found = _figures(table, {f"{i}": _correlation(a, b, means) for i, (a, b) in enumerate(pairs)})
    gone: list[str] = []
    for i, (a, b) in enumerate(pairs):
        strength = found[f"{i}"]
        if a not in gone and b not in gone and strength is not None and abs(strength) > limit:
            gone.append(b)
    return _without(table, gone, "Correlation filter")


@node(
    family="columns", icon="missing", outside=True, data_dependent=True, also=("Missing Value Column Filter", "Purge")
)
def sparse_column_filter(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - never changed
    share: Annotated[float, SHARE] = 0.5,
) -> Table:
    """Leave out columns in which too many values are missing.

    table: the columns to look at.
    columns: the columns to look at; all if empty.
    share: a column is left out if more than this share of its values is missing.
    returns: the other columns.
    """
    looked = columns or visible(table.collect_schema().names())
    wanted = {c: nw.col(c).is_null().cast(nw.Float64).mean() for c in looked}
    found = _figures(table, wanted)
    return _without(table, [c for c in looked if found[c] is not None and found[c] > share], "Sparse column filter")


def _numbers(table: Table) -> list[str]:
    return [name for name, word in schema_of(table).items() if name != ROW and accepts(("number",), word)]


def _correlation(a: str, b: str, means: dict[str, Any]) -> nw.Expr:
    """Pearson's, over the rows that have both; the columns' means are taken off first, so that no digits are lost."""
    both = ~nw.col(a).is_null() & ~nw.col(b).is_null()
    x, y = (nw.when(both).then(nw.col(c).cast(nw.Float64) - (means[c] or 0.0)) for c in (a, b))
    shared = (x * y).mean() - x.mean() * y.mean()
    spread = x.std(ddof=0) * y.std(ddof=0)
    return nw.when(spread > 0).then(shared / spread)


def _figures(table: Table, wanted: dict[str, nw.Expr]) -> dict[str, Any]:
    if not wanted:
        return {}
    names = {name: f"figure_{i}" for i, name in enumerate(wanted)}
    asked = table.select(*(expression.alias(names[name]) for name, expression in wanted.items()))
    row = asked.collect("pyarrow").to_native()
    found = {name: row.column(alias)[0].as_py() for name, alias in names.items()}
    return {name: value if value is not None and math.isfinite(value) else None for name, value in found.items()}


def _without(table: Table, gone: list[str], title: str) -> Table:
    rest = [name for name in table.collect_schema().names() if name not in gone]
    if not visible(rest):
        raise DataError(f"{title}: no column is left.", remedy="Choose a limit that fewer columns exceed.")
    if gone:
        message(f"Left out: {', '.join(gone)}.")
    return table.select(rest)
