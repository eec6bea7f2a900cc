"""Formulas: SQL expressions over the columns of one row, in DuckDB's dialect; `formula_parser` checks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from peephole.core.schema import ROW, ColumnType


@dataclass(frozen=True)
class Expression:
    """A formula that may run.  text: as written.  sql: as it runs, in DuckDB's dialect.  columns: those it uses."""

    text: str
    sql: str
    columns: tuple[str, ...]
    is_condition: bool


def parse(text: str, schema: Mapping[str, ColumnType], *, setting: str | None = None) -> Expression:
    """Check a formula against a table's columns.

    setting: path of the setting it was written in, for the error.
    Raises FormulaError, with the position where it is known, for what is wrong, not allowed, or no column.
    """
    from peephole.tables.formula_parser import (
        parse as checked,  # the parser is imported when there is something to parse
    )

    return checked(text, schema, setting=setting)


def reserved(name: str) -> bool:
    """Whether a new column may not have this name."""
    return name == ROW or not name.strip()
