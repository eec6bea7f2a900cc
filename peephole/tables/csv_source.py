"""Text files read by DuckDB."""
# ruff: noqa: S608 - names and paths go through `quoted` and `literal`

from __future__ import annotations

from pathlib import Path

import duckdb

from peephole.tables.csv_options import CsvOptions
from peephole.tables.schema import literal


class CsvSource:
    """One text file: how it is written, and the query that reads it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, options: CsvOptions) -> None:
        self._connection = connection
        self._path = path
        self._options = options

    def relation(self) -> duckdb.DuckDBPyRelation:
        """The file's rows with the hidden row number."""
        return self._connection.sql(
            f"SELECT *, row_number() OVER () - 1 AS __row__ FROM read_csv({literal(str(self._path))})"
        )
