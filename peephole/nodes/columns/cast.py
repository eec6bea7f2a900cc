"""Columns of another type."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.schema import ColumnType
from peephole.core.settings import ColumnPicker
from peephole.core.types import Table
from peephole.tables import native
from peephole.tables.schema import literal, quoted, schema_of

_SQL = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "text": "VARCHAR",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "time": "TIME",
}
_FROM: dict[str, tuple[ColumnType, ...]] = {
    "integer": ("integer", "number", "text", "boolean"),
    "number": ("integer", "number", "text", "boolean"),
    "text": ("integer", "number", "text", "boolean", "date", "datetime", "time", "list", "struct", "unknown"),
    "boolean": ("integer", "number", "text", "boolean"),
    "date": ("text", "date", "datetime"),
    "datetime": ("text", "date", "datetime"),
    "time": ("text", "time", "datetime"),
}
_ROUNDED = {"half to even": "round_even({}, 0)", "down": "floor({})", "up": "ceil({})", "toward zero": "trunc({})"}


@node(
    family="columns",
    icon="cast",
    says="{columns} to {to}",
    light=True,
    also=(
        "Number to String",
        "String to Number",
        "String to Date&Time",
        "Double to Int",
        "Round Double",
        "Edit Domain",
    ),
)
def cast(
    table: Table,
    *,
    columns: Annotated[list[str], ColumnPicker(), Field(min_length=1)],
    to: Literal["integer", "number", "text", "boolean", "date", "datetime", "time"],
    rounding: Literal["half to even", "down", "up", "toward zero"] = "half to even",
    unfit: Literal["fail", "missing"] = "fail",
    format: str | None = None,  # noqa: A002 - the word people know
) -> Table:
    """Columns turned into another type.

    table: the columns to turn.
    columns: which columns.
    to: the type they get.
    rounding: how a number with decimals becomes an integer.
    unfit: what becomes of a value that does not fit: fail and name it, or make it missing.
    format: how a date or time is written as text, as %d.%m.%Y; the usual ways (2013-12-31 23:59:59) if not set.
    returns: the table, its columns in their places.
    """
    schema = schema_of(table)
    for position, name in enumerate(columns):
        if schema[name] not in _FROM[to]:
            raise SettingError(
                f'Cast: the column "{name}" is of type {schema[name]}, which cannot become {to}.',
                remedy="Use a formula to say how, as: epoch(time).",
                setting=f"columns[{position}]",
            )
    turned = {name: _turned(quoted(name), schema[name], to, rounding, unfit, format) for name in columns}
    return native.with_columns(table, turned)


def _turned(column: str, word: ColumnType, to: str, rounding: str, unfit: str, style: str | None) -> str:
    cast_to = "TRY_CAST" if unfit == "missing" else "CAST"
    if style and word == "text" and to in ("date", "datetime", "time"):
        parse = "try_strptime" if unfit == "missing" else "strptime"
        return f"CAST({parse}({column}, {literal(style)}) AS {_SQL[to]})"
    if style and to == "text" and word in ("date", "datetime"):
        return f"strftime({column}, {literal(style)})"
    if to == "datetime" and word == "text":  # cast to TIMESTAMP at once, an offset in the text would be lost
        return f"timezone('UTC', {cast_to}({column} AS TIMESTAMP WITH TIME ZONE))"
    if to == "integer" and word in ("number", "text"):
        number = f"{cast_to}({column} AS DOUBLE)"
        rounded = f"{cast_to}({_ROUNDED[rounding].format(number)} AS BIGINT)"
        # Digits only: not by way of a number, which would lose the last of many digits.
        digits = f"regexp_full_match(trim(CAST({column} AS VARCHAR)), '[-+]?[0-9]+')"
        return f"CASE WHEN {digits} THEN {cast_to}({column} AS BIGINT) ELSE {rounded} END"
    return f"{cast_to}({column} AS {_SQL[to]})"
