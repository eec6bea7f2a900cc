"""The different values of a column, for nodes whose columns hang on them, and names made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals as nw

from peephole.core.errors import DataError
from peephole.core.schema import ROW

_PLAIN = (nw.Boolean, nw.String, nw.Date)  # of times with a zone DuckDB makes values by a package that may not be there


def different_values(frame: nw.LazyFrame[Any], column: str, most: int, *, title: str, setting: str) -> list[Any]:
    """A column's values in their order, each once, None last. Raises DataError where there are more than `most`."""
    from peephole.tables.duck_errors import explained  # not at the top: the catalog must be quick

    with explained():
        unique = frame.select(column).unique().sort(column, nulls_last=True).head(most + 1)
        values = _values(unique, column)
    if len(values) > most:
        raise DataError(
            f'{title}: the column "{column}" has more than {most} different values.',
            remedy="Choose a column with fewer, bin or group it first, or raise `most`.",
            setting=setting,
        )
    return values


def _values(frame: nw.LazyFrame[Any], column: str) -> list[Any]:
    kind = frame.collect_schema()[column]
    plain = kind.is_integer() or kind.is_float() or kind in _PLAIN
    if plain and frame.implementation.is_duckdb():  # without Arrow, whose import takes longer than the query
        return [row[0] for row in frame.to_native().fetchall()]
    found: list[Any] = frame.collect("pyarrow").to_native()[column].to_pylist()
    return found


def names_of(values: list[Any], taken: Iterable[str], prefix: str = "") -> list[str]:
    """A column name for each value, told apart from each other and from those that are taken."""
    names: list[str] = []
    folded = {name.casefold() for name in (*taken, ROW)}
    for value in values:
        name = "missing" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        name = prefix + (name if name.strip() else "empty")
        while name.casefold() in folded:
            name += "_"
        folded.add(name.casefold())
        names.append(name)
    return names
