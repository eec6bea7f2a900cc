"""Columns kept, dropped, renamed and put in order."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.schema import ROW, visible
from peephole.core.settings import Column, Columns
from peephole.core.sources import Narrowing
from peephole.core.types import Table


@node(
    family="columns",
    icon="columns",
    says="{mode} {columns}",
    light=True,
    also=(
        "Column Filter",
        "Column Rename",
        "Column Resorter",
        "Column Renamer",
        "Select Columns",
        "Reorder columns",
        "Drop columns",
    ),
    narrows=lambda settings: (
        Narrowing(dropped=tuple(settings.columns))
        if settings.mode == "drop"
        else Narrowing(columns=tuple(settings.columns))
    ),
)
def select(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - never changed
    mode: Literal["keep", "drop"] = "keep",
    rename: dict[Column, str] = {},  # noqa: B006
    first: Columns = [],  # noqa: B006
) -> Table:
    """Only some columns, under other names, in another order.

    table: the columns to choose from.
    columns: the columns to keep, in this order, or to drop; if empty, all are kept.
    mode: whether to keep or to drop them.
    rename: new names, by the old ones.
    first: columns to put before the others, by their old names.
    returns: the chosen columns.
    """
    names = visible(table.collect_schema().names())
    kept = [n for n in names if n not in columns] if mode == "drop" else list(dict.fromkeys(columns)) or names
    ordered = [n for n in dict.fromkeys(first) if n in kept] + [n for n in kept if n not in first]
    called = [rename.get(name, name) for name in ordered]
    _check(called)
    hidden = [ROW] if ROW in table.collect_schema().names() else []
    return table.select(*(nw.col(old).alias(new) for old, new in zip(ordered, called, strict=True)), *hidden)


def _check(names: list[str]) -> None:
    if not names:
        raise SettingError("Select: no column is left.", remedy="Keep at least one.", setting="columns")
    twice = next((n for n in names if sum(n.casefold() == m.casefold() for m in names) > 1), None)
    if twice is not None:
        raise SettingError(
            f'Select: two columns would be called "{twice}".', remedy="Choose another name.", setting="rename"
        )
    if any(n == ROW or not n.strip() for n in names):
        raise SettingError("Select: a column needs a name.", remedy="Choose another name.", setting="rename")
