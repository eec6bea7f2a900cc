"""What a frame's columns are: in the words people use, and exactly, so that an empty frame can be built from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from peephole.core.schema import ROW, ColumnType, Schema

if TYPE_CHECKING:
    import duckdb

# Column name -> DuckDB type name ("BIGINT", "DECIMAL(18,3)", "STRUCT(a INTEGER)[]"): plain JSON, and the one exact
# language for every engine, since every engine's frames can be described in it through Arrow.
ExactSchema = dict[str, str]


class Stored(NamedTuple):
    """What a stored table holds.  key: hash of columns and rows.  types: exact; words: the same as people say it."""

    rows: int
    key: str
    types: ExactSchema
    words: Schema


_WORDS: dict[type[Any], ColumnType] = {
    nw.String: "text",
    nw.Categorical: "text",
    nw.Enum: "text",
    nw.Boolean: "boolean",
    nw.Date: "date",
    nw.Datetime: "datetime",
    nw.Time: "time",
    nw.Duration: "duration",
    nw.Binary: "binary",
    nw.List: "list",
    nw.Array: "list",
    nw.Struct: "struct",
}


def word_of(dtype: Any) -> ColumnType:
    """The word for a Narwhals type."""
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    return next((word for kind, word in _WORDS.items() if dtype == kind), "unknown")


def schema_of(frame: nw.LazyFrame[Any]) -> Schema:
    """Each column's name and type, the hidden row number included, without running anything."""
    return {name: word_of(dtype) for name, dtype in frame.collect_schema().items()}


def nested_column(frame: nw.LazyFrame[Any]) -> str | None:
    """The first column that holds lists, structs or bytes, which plain cells cannot; None for none."""
    return next((name for name, word in schema_of(frame).items() if word in ("list", "struct", "binary")), None)


def exact_schema(frame: nw.LazyFrame[Any]) -> ExactSchema:
    """Each column's name and exact type, as plain data that can be remembered."""
    import duckdb  # not at the top: the catalog imports this module, and must be quick

    native = frame.to_native()
    if not isinstance(native, duckdb.DuckDBPyRelation):
        with duckdb.connect(":memory:") as connection:
            native = connection.from_arrow(_no_rows(frame))
            return _types(native)
    return _types(native)


def _types(relation: duckdb.DuckDBPyRelation) -> ExactSchema:
    return {name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}


def _no_rows(frame: nw.LazyFrame[Any]) -> Any:
    return frame.head(0).collect("pyarrow").to_native()


def hide_rows(names: list[str]) -> list[str]:
    """Column names without the hidden row number."""
    return [name for name in names if name != ROW]


def lazy(native: Any) -> nw.LazyFrame[Any]:
    """A native lazy frame as a Narwhals one."""
    frame: nw.LazyFrame[Any] = nw.from_native(native)
    return frame


def quoted(name: str) -> str:
    """A column name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"
