"""A table typed in by hand."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import Group, RowsOf
from peephole.core.types import Table
from peephole.tables.session import current_session

Kind = Literal["text", "integer", "number", "boolean", "date", "datetime", "time"]
Cell = bool | int | float | str | None


class HandColumn(Group):
    """name: what the column is called.  type: what its cells are."""

    name: Annotated[str, Field(min_length=1)]
    type: Kind = "text"

    def words(self) -> str:
        """As the canvas says it."""
        return self.name


@node(
    family="io",
    icon="table-edit",
    says="{columns}[, {rows:row}]",
    title="Table by hand",
    also=("Table Creator", "Paint Data", "Constant table"),
)
def table_by_hand(
    *,
    columns: Annotated[list[HandColumn], Field(min_length=1)],
    rows: Annotated[list[list[Cell]], RowsOf("columns")] = [],  # noqa: B006 - never changed
) -> Table:
    """A small table whose rows are typed in.

    columns: the columns, each with a name and a type.
    rows: the rows, each a list of cells in the order of the columns; an empty cell is missing.
    returns: the rows in their order.
    """
    import pyarrow as pa

    names = [column.name for column in columns]
    twice = next((n for n in names if [m.casefold() for m in names].count(n.casefold()) > 1 or n == ROW), None)
    if twice is not None:
        raise SettingError(
            f'Table by hand: the name "{twice}" cannot be used twice.', remedy="Choose another.", setting="columns"
        )
    for number, row in enumerate(rows):
        if len(row) > len(columns):
            raise SettingError(
                f"Table by hand: row {number + 1} has {len(row)} cells, and there are {len(columns)} columns.",
                remedy="Take the last ones away, or add a column.",
                setting=f"rows[{number}]",
            )
    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us"),
        "time": pa.time64("us"),
    }
    made = {
        column.name: pa.array([_cell(column, row, i, n) for n, row in enumerate(rows)], kinds[column.type])
        for i, column in enumerate(columns)
    }
    return current_session().from_arrow(pa.table({**made, ROW: pa.array(range(len(rows)), pa.int64())}))


_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")


def _integer(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _boolean(text: str) -> bool:
    if text.lower() not in (*_YES, *_NO):
        raise ValueError(text)
    return text.lower() in _YES


def _datetime(text: str) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(text)
    return found if found.tzinfo is None else found.astimezone(datetime.UTC).replace(tzinfo=None)


_READ: dict[str, tuple[Callable[[str], Any], str]] = {
    "text": (str, "text"),
    "integer": (_integer, "42"),
    "number": (float, "4.2"),
    "boolean": (_boolean, "true or false"),
    "date": (datetime.date.fromisoformat, "2013-01-31"),
    "datetime": (_datetime, "2013-01-31 10:30"),
    "time": (datetime.time.fromisoformat, "10:30"),
}


def _cell(column: HandColumn, row: list[Cell], position: int, number: int) -> Any:
    value = row[position] if position < len(row) else None
    if value is None or (value == "" and column.type != "text"):
        return None
    text = (str(value).lower() if isinstance(value, bool) else str(value)).strip()
    if column.type == "integer" and isinstance(value, float) and value.is_integer():
        text = str(int(value))
    read, example = _READ[column.type]
    try:
        return value if column.type == "text" and isinstance(value, str) else read(text)
    except ValueError:
        raise SettingError(
            f'Table by hand: "{text}" in row {number + 1}, column "{column.name}" is no {column.type}.',
            remedy=f"Write it as: {example}.",
            setting=f"rows[{number}][{position}]",
        ) from None
