"""Reading from a database: a table or a query, only what is needed of it, as Arrow batches with plain types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from peephole.core.errors import SourceError, listing, nearest
from peephole.core.progress import advance
from peephole.core.schema import ROW, ColumnType
from peephole.core.sources import Narrowing
from peephole.tables.databases.address import Address
from peephole.tables.databases.errors import need_driver, told
from peephole.tables.databases.pushdown import compiled
from peephole.tables.databases.readonly import checked_query

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Schema


@dataclass(frozen=True)
class Column:
    """A column of a query: its type in words, and the SQL that gives it in a type which every engine has."""

    kind: ColumnType
    sql: str


class Database(Protocol):
    """An open connection that can only read.  dialect: what sqlglot calls its SQL."""

    dialect: str

    def tables(self) -> list[str]:
        """The names of its tables and views, those of other schemas as "schema.table"."""

    def columns(self, source: str) -> Mapping[str, Column]:
        """The columns of a table or a query in parentheses."""

    def batches(self, query: str, kinds: Sequence[ColumnType]) -> tuple[Schema, Iterator[RecordBatch]]:
        """The query's rows.  kinds: of its columns."""

    def close(self) -> None:
        """End the connection."""


@dataclass(frozen=True)
class Read:
    """What came of reading.  sql: the query that the database answered; "" where only columns were asked for."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    sql: str
    all_columns: int
    columns: int


@contextmanager
def opened(address: Address, password: str | None) -> Iterator[Database]:
    """A connection that can only read, closed afterwards. Raises SourceError where there is none to be had."""
    need_driver(address)
    with told(address, password):
        database = _open(address, password)
    try:
        yield database
    finally:
        database.close()


def _open(address: Address, password: str | None) -> Database:
    if address.kind == "duckdb":
        from peephole.tables.databases.duckdb_file import DuckDatabase

        return DuckDatabase(address)
    if address.kind == "sqlite":
        from peephole.tables.databases.sqlite_file import SqliteDatabase

        return SqliteDatabase(address)
    from peephole.tables.databases.postgres import PostgresDatabase

    return PostgresDatabase(address, password)


def table_source(database: Database, address: Address, name: str) -> str:
    """A table's name as SQL.  Raises SourceError, with the nearest name, where there is no such table."""
    known = database.tables()
    exact = name if name in known else next((k for k in known if k.casefold() == name.casefold()), None)
    if exact is None:
        raise SourceError(
            f'The database {address.shown} has no table "{name}".',
            remedy=f"{nearest(name, known)} Tables: {listing(known)}.".strip(),
            setting="table",
        )
    parts = [exact] if database.dialect == "sqlite" else exact.split(".", maxsplit=1)
    return ".".join(_quoted(part) for part in parts)


def query_source(database: Database, query: str) -> str:
    """A query in parentheses.  Raises FormulaError for one that does more than read."""
    return f"(\n{checked_query(query, database.dialect)}\n)"


def read(
    database: Database, address: Address, source: str, narrowed: Sequence[Narrowing], *, only_columns: bool = False
) -> Read:
    """Read a table or query.  source: as `table_source` or `query_source` give it."""
    with told(address):
        columns = database.columns(source)
    if not columns or ROW in columns:
        what = "no columns" if not columns else f"a column called {ROW}, a name that is ours"
        raise SourceError(f"The query gives {what}.", remedy="Choose columns, or name them anew, in the query.")
    inner = f"SELECT {', '.join(f'{c.sql} AS {_quoted(n)}' for n, c in columns.items())}\nFROM {source} AS source"
    kinds = {name: column.kind for name, column in columns.items()}
    sql, chosen = compiled(inner, kinds, narrowed, database.dialect)
    if only_columns:
        sql = f"SELECT * FROM (\n{sql}\n) AS looked LIMIT 0"  # noqa: S608 - checked to be one SELECT
    with told(address):
        schema, batches = database.batches(sql, [kinds[name] for name in chosen])
    named = pa.schema([field.with_name(name) for field, name in zip(schema, chosen, strict=True)])
    return Read(named, _counted(batches, named, address), "" if only_columns else sql, len(columns), len(chosen))


def _counted(batches: Iterator[pa.RecordBatch], schema: pa.Schema, address: Address) -> Iterator[pa.RecordBatch]:
    """The batches, telling how far they have got; stops where the person cancels."""
    done = 0
    while True:
        with told(address, doing=f"after {done:,} rows" if done else ""):
            batch = next(batches, None)
        if batch is None:
            return
        done += batch.num_rows
        advance(done, None, "Reading rows")
        yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
