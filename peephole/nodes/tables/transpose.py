"""Rows become columns, and columns rows."""

from __future__ import annotations

from typing import Annotated, Any

import pyarrow as pa

from peephole.core.errors import DataError, SettingError
from peephole.core.node import node
from peephole.core.schema import ROW, visible
from peephole.core.settings import Between, Column
from peephole.core.types import Table
from peephole.tables.order import order_columns
from peephole.tables.schema import word_of
from peephole.tables.session import current_session
from peephole.tables.values import names_of


@node(family="tables", icon="pivot", outside=True, data_dependent=True, also=("Rows to columns",))
def transpose(
    table: Table,
    *,
    names: Column | None = None,
    most: Annotated[int, Between(1, 100_000)] = 1000,
) -> Table:
    """A row for each column, and a column for each row.

    Integers and numbers together become numbers; columns of several types become text.

    table: a small table.
    names: the column that holds the new columns' names; if none is chosen they are called "row 1", "row 2" and so on.
    most: fail where there are more rows than this.
    returns: the old columns' names in "column", then a column for each row; in the order of reading, or where that is lost of
        all columns.
    """
    schema = table.collect_schema()
    columns = [name for name in visible(schema.names()) if name != names]
    if not columns:
        raise SettingError("Transpose: no column is left.", remedy="Take another for the names.", setting="names")
    rows = _rows(table, most)
    called = names_of(
        [f"row {i}" for i in range(1, len(rows) + 1)] if names is None else [r[names] for r in rows], ["column"]
    )
    kind = _kind([schema[name] for name in columns])
    made = {"column": pa.array(columns, pa.string())}
    for name, row in zip(called, rows, strict=True):
        values = [row[column] for column in columns]
        made[name] = pa.array([_text(v) for v in values] if kind == pa.string() else values, kind)
    return current_session().from_arrow(pa.table({**made, ROW: pa.array(range(len(columns)), pa.int64())}))


def _rows(table: Table, most: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        table.sort(*order_columns(table), nulls_last=True).head(most + 1).collect("pyarrow").to_native().to_pylist()
    )
    if len(found) > most:
        raise DataError(
            f"Transpose: the table has more than {most} rows, each of which would become a column.",
            remedy="Sum the rows up first, take the first ones, or raise `most`.",
        )
    return found


def _kind(kinds: list[Any]) -> pa.DataType:
    words = {word_of(kind) for kind in kinds}
    if words == {"integer"}:
        return pa.int64()
    if words <= {"integer", "number"}:
        return pa.float64()
    plain = {"boolean": pa.bool_(), "date": pa.date32(), "datetime": pa.timestamp("us"), "time": pa.time64("us")}
    return plain.get(words.pop(), pa.string()) if len(words) == 1 else pa.string()


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
