"""DuckDB files, opened to read only."""
# ruff: noqa: S608 - names are quoted, queries are checked to be one SELECT

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from peephole.core.schema import ColumnType
from peephole.tables.databases.address import Address
from peephole.tables.databases.reading import Column
from peephole.tables.schema import quoted

_ROWS = 50_000
_KINDS: dict[str, ColumnType] = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), "integer"),
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "TIME": "time",
    "VARCHAR": "text",
    "BLOB": "binary",
}
_NUMBERS = re.compile(r"DECIMAL.*|DOUBLE|FLOAT|HUGEINT|UHUGEINT|UBIGINT")


class DuckDatabase:
    """A DuckDB file on a connection of its own, which can touch no other file."""

    dialect = "duckdb"

    def __init__(self, address: Address) -> None:
        locked: dict[str, Any] = {"enable_external_access": "false", "python_enable_replacements": "false"}
        self._connection = duckdb.connect(str(address.path), read_only=True, config=locked)
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute("SET lock_configuration = true")

    def tables(self) -> list[str]:
        """The names of its tables and views."""
        query = (
            "SELECT CASE table_schema WHEN 'main' THEN table_name ELSE table_schema || '.' || table_name END "
            "FROM information_schema.tables WHERE table_catalog = current_database() ORDER BY ALL"
        )
        return [row[0] for row in self._connection.execute(query).fetchall()]

    def columns(self, source: str) -> Mapping[str, Column]:
        """The columns of a table or a query in parentheses."""
        found = self._connection.sql(f"SELECT * FROM {source} AS source LIMIT 0")
        return {name: _column(name, str(kind)) for name, kind in zip(found.columns, found.types, strict=True)}

    def batches(self, query: str, kinds: Sequence[ColumnType]) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:  # noqa: ARG002
        """The query's rows."""
        reader = self._connection.sql(query).to_arrow_reader(_ROWS)
        return reader.schema, iter(reader)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def _column(name: str, kind: str) -> Column:
    sql = quoted(name)
    if kind in _KINDS:
        return Column(_KINDS[kind], sql)
    if _NUMBERS.fullmatch(kind):
        return Column("number", f"nullif(CAST({sql} AS DOUBLE), 'nan'::DOUBLE)")
    if kind.startswith("TIMESTAMP"):
        return Column("datetime", f"CAST({sql} AS TIMESTAMP)")
    if kind.endswith("[]"):
        return Column("list", sql)
    if kind.startswith("STRUCT"):
        return Column("struct", sql)
    return Column("text", f"CAST({sql} AS VARCHAR)")
