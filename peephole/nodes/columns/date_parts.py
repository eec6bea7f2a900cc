"""Dates and times taken apart."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import ColumnPicker
from peephole.core.types import Table
from peephole.nodes._columns import check_names
from peephole.tables import native
from peephole.tables.schema import quoted

Part = Literal[
    "year",
    "quarter",
    "month",
    "month name",
    "week",
    "week's year",
    "weekday",
    "weekday name",
    "day",
    "day of year",
    "hour",
    "minute",
    "second",
]
_SQL: dict[str, str] = {
    "week's year": "isoyear",
    "weekday": "isodow",
    "day of year": "doy",
}


@node(
    family="columns",
    icon="clock",
    says="{parts} of {column}",
    light=True,
    also=("Extract Date&Time Fields", "Date fields", "Year", "Weekday"),
)
def date_parts(
    table: Table,
    *,
    column: Annotated[str, ColumnPicker(types=("date",))],
    parts: Annotated[list[Part], Field(min_length=1)] = ["year", "month", "day"],  # noqa: B006 - never changed
    prefix: str | None = None,
) -> Table:
    """The year, month, weekday, hour and so on of dates, each in a column.

    Weeks begin on Monday, which is weekday 1; the first week of a year is the one with its first Thursday (ISO 8601). A date
    without a time is at midnight.

    table: rows with dates.
    column: the column to take apart.
    parts: which parts; names of months and weekdays are English.
    prefix: what is put before a part for its column's name; the column's name and a space if not set.
    returns: the table with a column for each part.
    """
    chosen = list(dict.fromkeys(parts))
    names = [f"{f'{column} ' if prefix is None else prefix}{part}" for part in chosen]
    check_names("Date parts", table, names, "prefix")
    at = f"CAST({quoted(column)} AS TIMESTAMP)"
    return native.with_columns(table, {name: _part(at, part) for name, part in zip(names, chosen, strict=True)})


def _part(at: str, part: str) -> str:
    if part.endswith(" name"):
        return f"{'month' if part == 'month name' else 'day'}name({at})"
    return f"CAST(date_part('{_SQL.get(part, part)}', {at}) AS BIGINT)"
