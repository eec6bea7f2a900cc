"""Tables put one under the other."""

from __future__ import annotations

from typing import Any, Literal

import narwhals as nw

from peephole.core.errors import DataError, SettingError
from peephole.core.node import node
from peephole.core.schema import ROW, visible
from peephole.core.types import Table
from peephole.tables.engines_meet import on_engine_of
from peephole.tables.order import number_rows
from peephole.tables.schema import word_of

_SOURCE = "__source__"


@node(family="rows", icon="concat", also=("Union", "Append rows", "Stack"))
def concatenate(*tables: Table, columns: Literal["all", "common"] = "all", source: str = "") -> Table:
    """The rows of several tables in one, those of the first table first.

    Columns go together by name. Integers and numbers together become numbers.

    tables: any number of tables.
    columns: all columns, with missing values where a table lacks one, or only those that every table has.
    source: the name of a column that tells by number, from 1, which table a row comes from; empty: none.
    returns: all rows; in order, where each table has one.
    """
    if not tables:
        raise SettingError("Concatenate: there is no table.", remedy="Connect at least one.")
    frames = [tables[0], *(on_engine_of(tables[0], other) for other in tables[1:])]
    types = _types(frames, columns)
    _check_source(source, types)
    ordered = all(ROW in frame.collect_schema().names() for frame in frames)
    parts = [_part(frame, types, i, ordered) for i, frame in enumerate(frames)]
    stacked = nw.concat(parts, how="vertical")
    if ordered:
        stacked = number_rows(stacked.sort(_SOURCE, ROW))
    number = [(nw.col(_SOURCE) + 1).alias(source)] if source else []
    return stacked.select(*types, *number, *([ROW] if ordered else []))


def _part(frame: Table, types: dict[str, Any], index: int, ordered: bool) -> Table:
    names = frame.collect_schema().names()
    parts = [(nw.col(n) if n in names else nw.lit(None)).cast(kind).alias(n) for n, kind in types.items()]
    return frame.select(
        *parts, nw.lit(index).cast(nw.Int64).alias(_SOURCE), *([nw.col(ROW).cast(nw.Int64)] if ordered else [])
    )


def _types(frames: list[Table], columns: str) -> dict[str, Any]:
    """Each column's type; raises DataError where a column has types that do not go together."""
    schemas = [frame.collect_schema() for frame in frames]
    names = list(dict.fromkeys(name for schema in schemas for name in visible(schema.names())))
    if columns == "common":
        names = [name for name in names if all(name in schema for schema in schemas)]
    if not names:
        raise SettingError(
            "Concatenate: the tables have no column in common.", remedy="Take all columns.", setting="columns"
        )
    return {name: _common(name, [schema[name] for schema in schemas if name in schema]) for name in names}


def _common(name: str, kinds: list[Any]) -> Any:
    if all(kind == kinds[0] for kind in kinds):
        return kinds[0]
    words = sorted({word_of(kind) for kind in kinds})
    if words == ["integer"]:
        return nw.Int64
    if set(words) <= {"integer", "number"}:
        return nw.Float64
    if words == ["text"]:
        return nw.String
    if set(words) <= {"date", "datetime"}:
        return nw.Datetime("us")
    raise DataError(
        f'Concatenate: the column "{name}" is of type {" in one table, and ".join(words)} in another.',
        remedy="Cast one of them, or rename it.",
    )


def _check_source(source: str, names: dict[str, Any]) -> None:
    if source == ROW or source.casefold() in {name.casefold() for name in names}:
        raise SettingError(
            f'Concatenate: two columns would be called "{source}".', remedy="Choose another name.", setting="source"
        )
