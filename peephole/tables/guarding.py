"""Text that a spreadsheet program would compute: in a text file nothing else tells it from a formula."""

from __future__ import annotations

import re
from typing import Any

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.tables.schema import schema_of

_STARTS_A_FORMULA = r"^[=+\-@\t\r\n]"


def guarded(table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The table with a ' before all text, and all column names, that a spreadsheet program would take for a formula.

    Raises SettingError where a column is already called as another one would be.
    """
    words = schema_of(table)
    text = [name for name, word in words.items() if word == "text"]
    kept = [
        nw.when(nw.col(name).str.contains(_STARTS_A_FORMULA))
        .then(nw.concat_str(nw.lit("'"), nw.col(name)))
        .otherwise(nw.col(name))
        .alias(name)
        for name in text
    ]
    names = {name: f"'{name}" for name in words if re.match(_STARTS_A_FORMULA, name)}
    taken = [name for name in names.values() if name in words]
    if taken:
        raise SettingError(
            f'A column is already called "{taken[0]}", as another one would be with the \' before it.',
            remedy="Rename one of them.",
            setting="guard_formulas",
        )
    return (table.with_columns(*kept) if kept else table).rename(names)
