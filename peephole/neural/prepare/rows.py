"""Rows as Arrow tables, and columns as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from peephole.core.errors import DataError, listing, nearest

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


def as_rows(table: Any) -> pa.Table:
    """Any table (Arrow, pandas, Polars, a Narwhals frame) as an Arrow table."""
    if isinstance(table, pa.Table):
        return table
    import narwhals as nw

    try:
        frame = nw.from_native(table, pass_through=False)
    except TypeError as error:
        raise DataError(
            f"A table is needed, and {type(table).__name__} was given.",
            remedy="Give a pandas, Polars or Arrow table, or a Narwhals frame.",
        ) from error
    return frame.collect("pyarrow").to_native() if isinstance(frame, nw.LazyFrame) else frame.to_arrow()


def need_columns(rows: pa.Table, columns: Mapping[str, str] | Iterable[str], what: str) -> None:
    """Raise DataError where the table lacks a column.  what: who needs them, as "The input sequence"."""
    missing = [name for name in columns if name not in rows.column_names]
    if missing:
        shown = [name for name in rows.column_names if not name.startswith("__")]
        raise DataError(
            f"{what} needs the columns {listing(missing)}, and the table has not got them.",
            remedy=f"{nearest(missing[0], shown)} Columns: {listing(shown)}.".strip(),
        )


def numbers(rows: pa.Table, name: str) -> Floats:
    """A column as numbers, NaN where it is missing or infinite; booleans are 0 and 1. Raises DataError for others."""
    return numbers_of(rows.column(name), name)


def numbers_of(column: pa.ChunkedArray | pa.Array, name: str) -> Floats:
    """The same of a column that is at hand."""
    kind = column.type
    is_a = pa.types
    if is_a.is_boolean(kind):
        column = pc.cast(column, pa.int8())
    elif not (is_a.is_integer(kind) or is_a.is_floating(kind) or is_a.is_decimal(kind) or is_a.is_null(kind)):
        raise DataError(
            f'The column "{name}" is of type {kind}, and numbers are needed.',
            remedy="Turn it into numbers first, or use Category input or Text input.",
        )
    values: Floats = np.asarray(pc.cast(column, pa.float64(), safe=False).to_numpy(), dtype=np.float64)
    infinite = np.isinf(values)
    return np.where(infinite, np.nan, values) if infinite.any() else values


def matrix(rows: pa.Table, columns: Iterable[str]) -> Floats:
    """Columns of numbers side by side, (rows, columns)."""
    return np.column_stack([numbers(rows, name) for name in columns])


def lacks(values: Floats) -> Flags:
    """The rows that have a missing value, (rows) of (rows, columns)."""
    found: Flags = np.asarray(np.isnan(values).any(axis=1))
    return found


def texts(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as text, one chunk."""
    plain = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    plain = plain.combine_chunks() if isinstance(plain, pa.ChunkedArray) else plain
    return plain if plain.type == pa.string() else pc.cast(plain, pa.string())


def is_list(kind: pa.DataType) -> bool:
    """Whether a column holds lists."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def flat_lists(column: pa.ChunkedArray | pa.Array, name: str) -> tuple[pa.Array, Whole]:
    """The elements of a list column one after the other, and how many each row has (0 for a missing one)."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not is_list(whole.type):
        raise DataError(f'The column "{name}" is of type {whole.type}, and lists are needed.', remedy="Choose another.")
    counts = np.asarray(pc.fill_null(pc.list_value_length(whole), 0).to_numpy(zero_copy_only=False), dtype=np.int64)
    return pc.list_flatten(whole), counts
