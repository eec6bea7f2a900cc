"""Tables put one under the other."""

from __future__ import annotations

from typing import Any, Literal

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.types import Table
from peephole.tables.engines_meet import on_engine_of
from peephole.tables.stacking import SOURCE, common_types, stacked


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
    types = common_types(frames, "Concatenate", columns)
    _check_source(source, types)
    whole = stacked(frames, types)
    number = [(nw.col(SOURCE) + 1).alias(source)] if source else []
    hidden = [ROW] if ROW in whole.collect_schema().names() else []
    return whole.select(*types, *number, *hidden)


def _check_source(source: str, names: dict[str, Any]) -> None:
    if source == ROW or source.casefold() in {name.casefold() for name in names}:
        raise SettingError(
            f'Concatenate: two columns would be called "{source}".', remedy="Choose another name.", setting="source"
        )
