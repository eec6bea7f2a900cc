"""Tables put one under the other: columns go together by name, types are brought to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import narwhals as nw

from peephole.core.errors import DataError, SettingError
from peephole.core.schema import ROW, visible
from peephole.tables.order import number_rows
from peephole.tables.schema import word_of

SOURCE = "__source__"

Frames = Sequence[nw.LazyFrame[Any]]


def common_types(frames: Frames, title: str, columns: Literal["all", "common"] = "all") -> dict[str, Any]:
    """Each column's type in the whole. Raises DataError where a column has types that do not go together."""
    schemas = [frame.collect_schema() for frame in frames]
    names = list(dict.fromkeys(name for schema in schemas for name in visible(schema.names())))
    if columns == "common":
        names = [name for name in names if all(name in schema for schema in schemas)]
    if not names:
        raise SettingError(
            f"{title}: the tables have no column in common.", remedy="Take all columns.", setting="columns"
        )
    return {name: _common(title, name, [schema[name] for schema in schemas if name in schema]) for name in names}


def stacked(frames: Frames, types: dict[str, Any]) -> nw.LazyFrame[Any]:
    """All rows, those of the first frame first; the column `__source__` tells by number, from 0, where a row comes from.

    Rows get numbers where each frame has them.
    """
    ordered = all(ROW in frame.collect_schema().names() for frame in frames)
    whole = nw.concat([_part(frame, types, i, ordered) for i, frame in enumerate(frames)], how="vertical")
    return number_rows(whole.sort(SOURCE, ROW)) if ordered else whole


def _part(frame: nw.LazyFrame[Any], types: dict[str, Any], index: int, ordered: bool) -> nw.LazyFrame[Any]:
    names = frame.collect_schema().names()
    parts = [(nw.col(n) if n in names else nw.lit(None)).cast(kind).alias(n) for n, kind in types.items()]
    return frame.select(
        *parts, nw.lit(index).cast(nw.Int64).alias(SOURCE), *([nw.col(ROW).cast(nw.Int64)] if ordered else [])
    )


def _common(title: str, name: str, kinds: list[Any]) -> Any:
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
        f'{title}: the column "{name}" is of type {" in one table, and ".join(words)} in another.',
        remedy="Cast one of them, or rename it.",
    )
