"""Writing a table into a database: whole or not at all."""
# ruff: noqa: S608 - names are quoted

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import pyarrow as pa

from peephole.core.errors import DataError, SourceError, listing
from peephole.core.progress import message
from peephole.tables.databases.address import Address
from peephole.tables.databases.errors import need_driver, told
from peephole.tables.schema import quoted

IfExists = Literal["fail", "replace", "append"]
_NO_TYPE_IN_SQLITE = (pa.types.is_temporal, pa.types.is_uint64)
_OTHERWISE = 'The table is as it was. See whether its columns take these values, or set if_exists to "replace".'


@dataclass
class Rows:
    """Rows to write.  tell: is told how many have gone.  raised: what went wrong while they were made."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    tell: Callable[[int], None]
    done: int = 0
    raised: BaseException | None = None

    def reader(self, schema: pa.Schema) -> pa.RecordBatchReader:
        """As what a driver takes.  schema: of the rows there.

        A failure goes through the driver, which knows nothing of it: it is kept here.
        """

        def passing() -> Iterator[pa.RecordBatch]:
            try:
                for batch in self.batches:
                    yield _as(schema, batch)
                    self.done += batch.num_rows
                    self.tell(self.done)
            except GeneratorExit:  # the driver wants no more: why, it says itself
                raise
            except BaseException as error:
                self.raised = error
                raise

        return pa.RecordBatchReader.from_batches(schema, passing())


def write(address: Address, password: str | None, table: str, rows: Rows, if_exists: IfExists) -> int:
    """Write rows into a table, which is made where there is none; gives their number.

    Raises SourceError where there is such a table and if_exists is "fail", or its columns do not fit; and where the
    database refuses. Then it is as it was before.
    """
    need_driver(address)
    _check_types(address, rows.schema)
    # Rows written later may have missing values where these have none.
    rows.schema = pa.schema([field.with_nullable(True) for field in rows.schema])
    fresh = address.path is not None and not address.path.exists()
    try:
        with told(address, password, f'writing "{table}"', otherwise=_OTHERWISE):
            _write(address, password, table, rows, if_exists)
    except BaseException:
        if fresh and address.path is not None:
            address.path.unlink(missing_ok=True)
        if rows.raised is not None:
            raise rows.raised from None
        raise
    if address.kind == "sqlite":
        _tell_types(table, rows.schema)
    return rows.done


def _write(address: Address, password: str | None, table: str, rows: Rows, if_exists: IfExists) -> None:
    if address.kind == "duckdb":
        _into_duckdb(address, table, rows, if_exists)
        return
    if address.kind == "sqlite":
        from adbc_driver_sqlite import dbapi as sqlite

        connection: Any = sqlite.connect(str(address.path))
    else:
        from adbc_driver_postgresql import dbapi as postgres

        connection = postgres.connect(address.with_password(password, "-c timezone=UTC"))
    with contextlib.closing(connection):
        _through_adbc(connection, address, table, rows, if_exists)


def _through_adbc(connection: Any, address: Address, table: str, rows: Rows, if_exists: IfExists) -> None:
    schema, _, name = table.rpartition(".") if address.kind == "postgresql" else ("", "", table)
    target = f"{quoted(schema)}.{quoted(name)}" if schema else quoted(name)
    found = _columns_there(connection, schema, name)
    _check_target(address, table, found, rows.schema, if_exists)
    plain = _for_sqlite(rows.schema) if address.kind == "sqlite" else rows.schema
    mode = "create" if found is None else if_exists
    with connection.cursor() as cursor:
        try:
            if mode == "replace":
                cursor.execute(f"DROP TABLE {target}")
                mode = "create"
            named = {"db_schema_name": schema} if schema else {}
            with connection.cursor() as loading:
                loading.adbc_ingest(name, rows.reader(plain), mode=mode, **named)
            connection.commit()
        except BaseException:
            with contextlib.suppress(Exception):  # the connection may be gone: then the server rolls back
                connection.rollback()
            raise


def _columns_there(connection: Any, schema: str, name: str) -> list[str] | None:
    import adbc_driver_manager

    try:
        found = connection.adbc_get_table_schema(name, db_schema_filter=schema or None)
    except adbc_driver_manager.ProgrammingError:  # there is none
        connection.rollback()
        return None
    return list(found.names)


def _check_target(
    address: Address, table: str, found: list[str] | None, schema: pa.Schema, if_exists: IfExists
) -> None:
    if found is None or if_exists == "replace":
        return
    if if_exists == "fail":
        raise SourceError(
            f'The database {address.shown} has a table "{table}" already.',
            remedy='Choose another name, or set if_exists to "replace" or "append".',
            setting="if_exists",
        )
    missing = [name for name in schema.names if name not in found]
    if missing:
        raise SourceError(
            f'The table "{table}" of {address.shown} has no column {listing(missing)}.',
            remedy=f"Rename or leave out columns with Select first. Its columns: {listing(found)}.",
        )


def _into_duckdb(address: Address, table: str, rows: Rows, if_exists: IfExists) -> None:
    schema, _, name = table.rpartition(".")
    target = f"{quoted(schema or 'main')}.{quoted(name)}"
    locked: Mapping[str, Any] = {"enable_external_access": "false", "python_enable_replacements": "false"}
    with contextlib.closing(duckdb.connect(str(address.path), config=dict(locked))) as connection:
        known = connection.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_catalog = current_database() AND table_schema = ? AND table_name = ? ORDER BY ordinal_position",
            [schema or "main", name],
        ).fetchall()
        found = [row[0] for row in known] or None
        _check_target(address, table, found, rows.schema, if_exists)
        connection.register("incoming", rows.reader(rows.schema))
        connection.execute("BEGIN")
        if found is not None and if_exists == "append":
            connection.execute(f"INSERT INTO {target} BY NAME SELECT * FROM incoming")
        else:
            connection.execute(f"CREATE OR REPLACE TABLE {target} AS SELECT * FROM incoming")
        connection.execute("COMMIT")


def _check_types(address: Address, schema: pa.Schema) -> None:
    if address.kind == "duckdb":
        return
    nested = next((field.name for field in schema if pa.types.is_nested(field.type)), None)
    if nested is not None:
        raise DataError(
            f'The column "{nested}" holds lists or structs, which {address.kind} tables do not.',
            remedy="Leave it out with Select, or take it apart first.",
        )


def _for_sqlite(schema: pa.Schema) -> pa.Schema:
    """Dates and times as text, as SQLite's own functions take them: it has no types for them."""
    return pa.schema([f.with_type(pa.string()) if _is_text_there(f.type) else f for f in schema])


def _is_text_there(kind: pa.DataType) -> bool:
    return any(is_one(kind) for is_one in _NO_TYPE_IN_SQLITE)


def _tell_types(table: str, schema: pa.Schema) -> None:
    """Say which columns come back as something else."""
    texts = [f.name for f in schema if _is_text_there(f.type)]
    numbers = [f.name for f in schema if pa.types.is_boolean(f.type)]
    told_of = [f"{listing(names)} as {what}" for names, what in ((texts, "text"), (numbers, "0 and 1")) if names]
    if told_of:
        message(
            f'SQLite has no types for dates, times and true or false: "{table}" has {" and ".join(told_of)}. '
            "Cast them after reading."
        )


def _as(schema: pa.Schema, batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [_text(c) if c.type != f.type else c for c, f in zip(batch.columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us"))
        return pa.array([None if v is None else v.isoformat(sep=" ") for v in column.to_pylist()], pa.string())
    return column.cast(pa.string())
