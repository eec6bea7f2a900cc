"""PostgreSQL servers through ADBC, in transactions that can only read."""
# ruff: noqa: S608 - names are quoted, queries are checked to be one SELECT

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from peephole.core.schema import ColumnType
from peephole.tables.databases.address import Address
from peephole.tables.databases.errors import told
from peephole.tables.databases.reading import Column
from peephole.tables.schema import quoted

_READ_ONLY = "-c default_transaction_read_only=on -c timezone=UTC"
_KINDS: dict[str, ColumnType] = {
    **dict.fromkeys(("int2", "int4", "int8", "oid"), "integer"),
    **dict.fromkeys(("float4", "float8", "numeric", "money"), "number"),
    **dict.fromkeys(("text", "varchar", "bpchar", "name"), "text"),
    "bool": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "timestamptz": "datetime",
    "time": "time",
    "bytea": "binary",
}
_LISTS = ("_int2", "_int4", "_int8", "_float4", "_float8", "_text", "_varchar", "_bool")
_SQL = {
    "float4": "nullif(CAST({0} AS double precision), 'NaN')",
    "float8": "nullif({0}, 'NaN')",
    "numeric": "nullif(CAST({0} AS double precision), 'NaN')",
    "money": "CAST(CAST({0} AS numeric) AS double precision)",
    "date": "CASE WHEN isfinite({0}) THEN {0} END",
    "timestamp": "CASE WHEN isfinite({0}) THEN {0} END",
    "timestamptz": "CASE WHEN isfinite({0}) THEN {0} AT TIME ZONE 'UTC' END",
    "oid": "CAST({0} AS bigint)",
}


class PostgresDatabase:
    """A database of a server.  Every error is told without the password."""

    dialect = "postgres"

    def __init__(self, address: Address, password: str | None) -> None:
        import adbc_driver_postgresql.dbapi as driver

        self._address, self._password = address, password
        self._connection: Any = driver.connect(address.with_password(password, _READ_ONLY), autocommit=True)
        self._cursor: Any = self._connection.cursor()

    def tables(self) -> list[str]:
        """The names of its tables and views, those outside the search path as "schema.table"."""
        query = (
            "SELECT CASE WHEN pg_table_is_visible(c.oid) THEN relname ELSE nspname || '.' || relname END::text "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'v', 'm', 'p', 'f') "
            "AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg_toast%' ORDER BY 1"
        )
        with told(self._address, self._password):
            self._cursor.execute(query)
            return [row[0] for row in self._cursor.fetchall()]

    def columns(self, source: str) -> Mapping[str, Column]:
        """The columns of a table or a query in parentheses."""
        with told(self._address, self._password):
            found = self._cursor.adbc_execute_schema(f"SELECT * FROM {source} AS source")
        return {field.name: _column(field.name, _type(field)) for field in found}

    def batches(self, query: str, kinds: Sequence[ColumnType]) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:  # noqa: ARG002
        """The query's rows."""
        with told(self._address, self._password):
            self._cursor.execute(query)
            reader = self._cursor.fetch_record_batch()
        return reader.schema, iter(reader)

    def close(self) -> None:
        """End the connection."""
        for part in (self._cursor, self._connection):
            with contextlib.suppress(Exception):  # the other side may be gone
                part.close()


def _type(field: pa.Field) -> str:
    return str((field.metadata or {}).get(b"POSTGRESQL:type", b"").decode())


def _column(name: str, kind: str) -> Column:
    sql = quoted(name)
    if kind in _KINDS:
        return Column(_KINDS[kind], _SQL.get(kind, "{0}").format(sql))
    return Column("list", sql) if kind in _LISTS else Column("text", f"CAST({sql} AS text)")
