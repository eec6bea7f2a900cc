"""Rows in memory: reading the columns that are needed, and handing computed rows back as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from peephole.core.schema import ROW, ColumnType, Schema
from peephole.core.types import Table
from peephole.tables.schema import schema_of
from peephole.tables.session import current_session


def words(table: Table) -> Schema:
    """The visible columns and their types."""
    return {name: word for name, word in schema_of(table).items() if name != ROW}


def read(table: Table, columns: Sequence[str]) -> pa.Table:
    """These columns of every row, each once, in the order of the rows."""
    return table.select(*dict.fromkeys(columns)).collect("pyarrow").to_native()


def read_all(table: Table) -> pa.Table:
    """Every row with every column, the hidden row number included."""
    return table.collect("pyarrow").to_native()


def as_table(rows: pa.Table) -> Table:
    """Computed rows as a table of the engine in use."""
    return current_session().from_arrow(rows)


def table_of(columns: Mapping[str, Sequence[Any]], types: Mapping[str, Any] | None = None) -> Table:
    """A small table from plain values, its rows numbered in this order."""
    arrays = {name: pa.array(list(values), type=(types or {}).get(name)) for name, values in columns.items()}
    count = len(next(iter(arrays.values())))
    return as_table(pa.table({**arrays, ROW: pa.array(range(count), pa.int64())}))


def word_of(kind: pa.DataType) -> ColumnType:
    """The word for an Arrow type, as far as learners tell types apart."""
    is_a = pa.types
    if is_a.is_dictionary(kind):
        return word_of(kind.value_type)
    checks: list[tuple[Any, ColumnType]] = [
        (is_a.is_boolean, "boolean"),
        (is_a.is_integer, "integer"),
        (is_a.is_floating, "number"),
        (is_a.is_decimal, "number"),
        (is_text, "text"),
        (is_a.is_date, "date"),
        (is_a.is_timestamp, "datetime"),
        (is_a.is_time, "time"),
        (is_a.is_duration, "duration"),
    ]
    return next((word for check, word in checks if check(kind)), "unknown")


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def known(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which rows have a value: neither null nor not-a-number."""
    return pc.invert(pc.is_null(column, nan_is_null=True))
