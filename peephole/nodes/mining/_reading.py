"""Rows read a few columns at a time: a matrix made of a table takes as much memory as the table, and both need not be there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from peephole.core.errors import DataError
from peephole.core.schema import ROW
from peephole.core.types import Table
from peephole.nodes.mining._rows import read, read_all
from peephole.tables.session import current_session
from peephole.tables.spark import is_spark

VALUES = 1_000_000  # read at a time


class Rows(Protocol):
    """What `pyarrow.Table` and `Reading` have in common."""

    @property
    def num_rows(self) -> int: ...

    @property
    def schema(self) -> pa.Schema: ...

    def column(self, name: str) -> pa.ChunkedArray: ...

    def filter(self, there: Any) -> Any: ...


class Reading:
    """Some columns of a table, each read with its neighbours when it is asked for, and let go of with them."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        """columns: those that `column` gives, best asked for in this order."""
        self.schema: pa.Schema = table.select(*columns).head(0).collect("pyarrow").to_native().schema
        self._table = table
        self._columns = list(columns)
        self._there: Any = None  # which rows are used, in the order of their numbers; None: all
        self._numbers = _numbers(read(table, [ROW]))
        self._held = pa.table({})

    @property
    def num_rows(self) -> int:
        """How many rows are used."""
        return len(self._numbers) if self._there is None else int(pc.sum(self._there).as_py() or 0)

    @property
    def unique(self) -> bool:
        """Whether each row has a number of its own."""
        numbers = self._numbers
        return bool((np.diff(numbers) > 0).all()) or len(np.unique(numbers)) == len(numbers)

    def column(self, name: str) -> pa.ChunkedArray:
        """The values of one column in the order of the rows."""
        if name not in self._held.column_names:
            self._held = pa.table({})  # let go of before the next are read
            at = self._columns.index(name)
            count = max(1, VALUES // max(1, len(self._numbers)))
            self._held = self._read(self._columns[at : at + count])
        return self._held.column(name)

    def filter(self, there: Any) -> Reading:
        """These rows only, of those that are used so far all."""
        some = copy(self)  # with the very numbers that the rows to use were found in
        some._there, some._held = there, pa.table({})
        return some

    @property
    def all_columns(self) -> list[str]:
        """Every column of the table."""
        return self._table.collect_schema().names()

    def beside(self, columns: Mapping[str, pa.Array]) -> Table:
        """The table with more columns, values for each row in their order; its own rows are not read for it."""
        more = current_session().from_arrow(pa.table({ROW: pa.array(self._numbers), **columns}))
        return self._table.join(more, on=ROW, how="left")

    def whole(self) -> pa.Table:
        """Every column of the table, the hidden row number included."""
        self._held = pa.table({})
        return self._read(self.all_columns)

    def _read(self, names: Sequence[str]) -> pa.Table:
        rows = read(self._table, [*names, ROW])
        numbers = _numbers(rows)
        if not np.array_equal(numbers, self._numbers):
            rows = rows.take(_places(numbers, self._numbers))
        rows = rows.select(list(names))
        return rows if self._there is None else rows.filter(self._there)


def reading(table: Table, columns: Sequence[str]) -> Rows:
    """These columns, a few at a time where that can be done."""
    parts = _in_parts(table, columns)
    return read(table, columns) if parts is None else parts


def reading_all(table: Table, columns: Sequence[str]) -> Rows:
    """The same, with a way to all the table's columns: `every_column`."""
    parts = _in_parts(table, columns)
    return read_all(table) if parts is None else parts


def every_column(rows: Rows) -> pa.Table:
    """Every column of what `reading_all` gave, in the same order of rows."""
    return rows.whole() if isinstance(rows, Reading) else rows


def _in_parts(table: Table, columns: Sequence[str]) -> Reading | None:
    """None where rows are not known again when they are asked for again, or asking costs much."""
    if ROW not in table.collect_schema().names() or is_spark(table):
        return None
    made = Reading(table, columns)
    return made if made.unique else None


def _numbers(rows: pa.Table) -> NDArray[np.int64]:
    found: NDArray[np.int64] = rows.column(ROW).to_numpy()
    return found


def _places(got: NDArray[np.int64], wanted: NDArray[np.int64]) -> pa.Array:
    """Where each of the wanted row numbers stands among those that came. Raises DataError where they are others."""
    by_got, by_wanted = np.argsort(got, kind="stable"), np.argsort(wanted, kind="stable")
    if not np.array_equal(got[by_got], wanted[by_wanted]):
        raise DataError(
            "The rows changed while they were read.",
            remedy="Run it again; if it goes on, write the rows to a file first.",
        )
    places = np.empty(len(got), dtype=np.int64)
    places[by_wanted] = by_got
    return pa.array(places)
