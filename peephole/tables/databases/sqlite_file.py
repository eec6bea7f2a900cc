"""SQLite files through ADBC, opened to read only.

A column of SQLite has no type of its own, only its values have: what a column holds is looked up in all of its rows.
"""
# ruff: noqa: S608 - names are quoted, queries are checked to be one SELECT

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from peephole.core.progress import message
from peephole.core.schema import ColumnType
from peephole.core.sources import asked
from peephole.tables.databases.address import Address
from peephole.tables.databases.reading import Column
from peephole.tables.schema import literal, quoted

_LOOK = 1000  # rows, where only columns are asked for
_TYPES = ("integer", "real", "text", "blob")
_ARROW = {"integer": pa.int64(), "number": pa.float64(), "text": pa.string(), "binary": pa.binary()}
_EXAMPLES = {"integer": "0", "number": "0.0", "text": "''", "binary": "x'00'"}


class SqliteDatabase:
    """A SQLite file on a connection of its own."""

    dialect = "sqlite"

    def __init__(self, address: Address) -> None:
        import adbc_driver_sqlite.dbapi as driver

        self._connection: Any = driver.connect(f"file:{quote(str(address.path))}?mode=ro", autocommit=True)
        self._cursor: Any = self._connection.cursor()
        try:
            self.tables()
        except BaseException:  # a file that is none, or damaged
            self.close()
            raise

    def tables(self) -> list[str]:
        """The names of its tables and views."""
        query = (
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        return [name for name, *_ in self._rows(f"SELECT '' UNION ALL SELECT * FROM ({query})")][1:]

    def columns(self, source: str) -> Mapping[str, Column]:
        """The columns of a table or a query in parentheses."""
        names = self._cursor_for(f"SELECT * FROM {source} AS source LIMIT 0").schema.names
        if not names:
            return {}
        rows = f"(SELECT * FROM {source} AS all_rows LIMIT {_LOOK})" if asked().only_columns else source
        asks = [f"max(typeof({quoted(name)}) = '{kind}')" for name in names for kind in _TYPES]
        found: list[Any] = []
        for start in range(0, len(asks), 400):  # a query has so many columns at most, by default 2000
            found += self._rows(f"SELECT {', '.join(asks[start : start + 400])} FROM {rows} AS typed")[0]
        declared = self._declared(source)
        return {name: _column(name, found[4 * i : 4 * i + 4], declared.get(name, "")) for i, name in enumerate(names)}

    def _declared(self, source: str) -> dict[str, str]:
        """The types that a table's columns are declared with: they count where a column holds no value."""
        if source.startswith("("):
            return {}
        table = literal(source[1:-1].replace('""', '"'))
        found = self._rows(f"SELECT '' AS name, '' AS type UNION ALL SELECT name, type FROM pragma_table_info({table})")
        return {name: kind.upper() for name, kind in found[1:]}

    def batches(self, query: str, kinds: Sequence[ColumnType]) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """The query's rows.  kinds: of its columns."""
        # the driver takes a column's type from the first rows, where values may be missing: a row of examples leads
        first = ", ".join(f"{_EXAMPLES[kind]} AS c{i}" for i, kind in enumerate(kinds))
        reader = self._cursor_for(f"SELECT {first} UNION ALL SELECT * FROM (\n{query}\n) AS rows")
        schema = pa.schema([(f"c{i}", _ARROW[kind]) for i, kind in enumerate(kinds)])
        return schema, _without_first(reader)

    def close(self) -> None:
        """End the connection."""
        for part in (self._cursor, self._connection):
            with contextlib.suppress(Exception):  # the other side may be gone
                part.close()

    def _cursor_for(self, query: str) -> Any:
        self._cursor.execute(query)
        return self._cursor.fetch_record_batch()

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self._cursor_for(query).read_all().to_pylist()]


def _without_first(reader: Any) -> Iterator[pa.RecordBatch]:
    batches = iter(reader)
    first = next(batches)
    yield from chain([first.slice(1)], batches)


def _column(name: str, holds: Sequence[int | None], declared: str) -> Column:
    integers, reals, texts, blobs = (bool(flag) for flag in holds)
    sql = quoted(name)
    if not any(holds):
        integers = "INT" in declared
        reals = any(word in declared for word in ("REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL"))
    if blobs and not (integers or reals or texts):
        return Column("binary", sql)
    if texts or blobs or not (integers or reals):
        if texts and (integers or reals):
            message(f'The column "{name}" holds numbers and text; it is read as text.', "warning")
        return Column("text", f"CAST({sql} AS TEXT)")
    return Column("number", f"CAST({sql} AS REAL)") if reals else Column("integer", sql)
