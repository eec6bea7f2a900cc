"""Columns become rows."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from peephole.core.errors import ColumnError, SettingError
from peephole.core.node import node
from peephole.core.schema import ROW, visible
from peephole.core.settings import Columns
from peephole.core.types import Table
from peephole.tables.schema import word_of


@node(family="tables", icon="pivot", says="[{values} -> ]{values_to}", also=("Unpivoting", "Melt", "Wide to long"))
def unpivot(
    table: Table,
    *,
    values: Columns = [],  # noqa: B006 - never changed
    keep: Columns = [],  # noqa: B006
    names_to: str = "column",
    values_to: str = "value",
) -> Table:
    """A row for each value of some columns, from a wide table to a long one.

    Missing values make rows too. Integers and numbers together become numbers; of other types, text must be made first.

    table: a wide table.
    values: the columns whose values to put under each other; if empty, all that are not kept.
    keep: the columns that are repeated beside each value.
    names_to: the new column that tells which column a value comes from.
    values_to: the new column with the values.
    returns: the kept columns, the name of the column, and its value; row after row.
    """
    schema = table.collect_schema()
    chosen = list(dict.fromkeys(values)) or [n for n in visible(schema.names()) if n not in keep]
    kept = list(dict.fromkeys(keep))
    if not chosen:
        raise SettingError("Unpivot: no column is left.", remedy="Keep fewer columns.", setting="keep")
    _check_new(kept, names_to, values_to)
    kind = _kind(schema, chosen)
    ordered = ROW in schema
    # A union of selects, for `unpivot` fails on DuckDB 2.0. Numbers between those of the rows keep the order without a sort.
    parts = [
        table.select(
            *kept,
            nw.lit(name).alias(names_to),
            nw.col(name).cast(kind).alias(values_to),
            *([(nw.col(ROW) * len(chosen) + i).cast(nw.Int64).alias(ROW)] if ordered else []),
        )
        for i, name in enumerate(chosen)
    ]
    return nw.concat(parts, how="vertical") if len(parts) > 1 else parts[0]


def _check_new(kept: list[str], names_to: str, values_to: str) -> None:
    called = [name.casefold() for name in (*kept, names_to, values_to)]
    for name, setting in ((names_to, "names_to"), (values_to, "values_to")):
        if name == ROW or not name.strip() or called.count(name.casefold()) > 1:
            raise SettingError(
                f'Unpivot: a new column cannot be called "{name}".', remedy="Choose another name.", setting=setting
            )


def _kind(schema: nw.Schema, chosen: list[str]) -> Any:
    """The one type of the values."""
    kinds = [schema[name] for name in chosen]
    if all(kind == kinds[0] for kind in kinds):
        return kinds[0]
    words = {word_of(kind): name for kind, name in zip(kinds, chosen, strict=True)}
    if set(words) == {"integer"}:
        return nw.Int64
    if set(words) <= {"integer", "number"}:
        return nw.Float64
    if set(words) == {"text"}:
        return nw.String
    (one, first), (other, second), *_ = words.items()
    raise ColumnError(
        f'Unpivot: the column "{first}" is of type {one}, and "{second}" of type {other}: they do not go under each other.',
        remedy="Cast one of them, or choose other columns.",
        setting="values",
    )
