"""What is known of a table without its rows: column names and their types, in the words people use."""

from __future__ import annotations

from typing import Literal

ColumnType = Literal[
    "integer",
    "number",
    "text",
    "boolean",
    "date",
    "datetime",
    "time",
    "duration",
    "binary",
    "list",
    "struct",
    "unknown",
]
Schema = dict[str, ColumnType]

# The hidden column that keeps the order of reading; never shown, never named by a setting.
ROW = "__row__"

# A picker that asks for one of these words takes any of the types beside it.
ACCEPTS: dict[str, tuple[ColumnType, ...]] = {
    "number": ("number", "integer"),
    "date": ("date", "datetime"),
    "category": ("text", "boolean", "integer"),
}


def accepts(wanted: tuple[str, ...], got: ColumnType) -> bool:
    """Whether a column of type `got` fits a picker that asks for `wanted` (nothing asked: everything fits)."""
    return not wanted or got == "unknown" or any(got == w or got in ACCEPTS.get(w, ()) for w in wanted)


def visible(names: list[str]) -> list[str]:
    """The columns that a person sees."""
    return [name for name in names if name != ROW]
