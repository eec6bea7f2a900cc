"""The order of rows: the hidden row number, and orders that are the same on every engine.

DuckDB keeps no order but the one it is asked for; so readers number the rows (column `__row__`), and what depends on
order sorts by that number, by the columns a person names, or by all columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import narwhals as nw

from peephole.core.schema import ROW
from peephole.tables import spark
from peephole.tables.schema import lazy, quoted


def number_rows(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Number the rows in the order in which the engine gives them: at a reader, or right after a sort."""
    native: Any = frame.to_native()
    names = [name for name in frame.collect_schema().names() if name != ROW]
    if frame.implementation.is_duckdb():
        # Streaming, one pass; `row_number() over (order by ...)` would hold all rows.
        columns = ", ".join(quoted(name) for name in names)
        numbered: Any = native.project(f"{columns}, row_number() OVER () - 1 AS {ROW}")
        return lazy(numbered)
    if frame.implementation.is_polars():
        return lazy(native.select(names).with_row_index(ROW).cast({ROW: int}).select(*names, ROW))
    return lazy(spark.numbered(native.select(*map(spark.named, names)), ROW))


def reading_order(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The rows sorted by the hidden row number, where there is one."""
    return frame.sort(ROW) if ROW in frame.collect_schema().names() else frame


def without_rows(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The frame without the hidden row number: its rows have no order any more."""
    return frame.drop(ROW, strict=False)


def order_columns(frame: nw.LazyFrame[Any], order_by: Sequence[str] = ()) -> list[str]:
    """Columns that put the rows in an order that is the same on every engine.

    The ones named, then the hidden row number; without one all columns, for then only equal rows may change places.
    """
    names = frame.collect_schema().names()
    ties = [ROW] if ROW in names else names
    return [*order_by, *(name for name in ties if name not in order_by)]


# A prime below 2**31 that is 2 modulo 3: cubing is then a permutation, and products stay within 64 bits on every engine.
_PRIME = 2_147_483_579


def with_lots(frame: nw.LazyFrame[Any], number: str, name: str, seed: int) -> nw.LazyFrame[Any]:
    """The frame with a column of pseudo-random integers below 2**31, made of a column of numbers that are not negative.

    Plain arithmetic, so the same on every engine.
    """
    steps = [_constants(seed, step) for step in range(3)]
    if frame.implementation.is_duckdb():
        # In its own words: Narwhals' remainder, right for negative numbers too, takes twice the time.
        lot, made = quoted(name), frame.to_native().project(f"*, {quoted(number)} % {_PRIME} AS {quoted(name)}")
        for factor, offset in steps:
            mixed = f"(({lot} * {factor} + {offset}) % {_PRIME})"
            made = made.project(f"* REPLACE (({mixed} * {mixed}) % {_PRIME} * {mixed} % {_PRIME} AS {lot})")
        return lazy(made)
    frame = frame.with_columns((nw.col(number) % _PRIME).alias(name))
    for factor, offset in steps:
        frame = frame.with_columns((nw.col(name) * factor + offset) % _PRIME)
        frame = frame.with_columns(((nw.col(name) * nw.col(name)) % _PRIME * nw.col(name)) % _PRIME)
    return frame


def _constants(seed: int, step: int) -> tuple[int, int]:
    digest = hashlib.sha256(f"{seed}/{step}".encode()).digest()
    factor = int.from_bytes(digest[:8], "big") % (_PRIME - 1) + 1
    return factor, int.from_bytes(digest[8:16], "big") % _PRIME
