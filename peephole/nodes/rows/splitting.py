"""Rows parted in two, by a condition or by another table; rows that are there several times marked."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import narwhals as nw

from peephole.core.errors import ColumnError
from peephole.core.node import node
from peephole.core.settings import Column, ColumnPicker, Columns, Condition, Seed
from peephole.core.types import Table
from peephole.nodes._columns import arranged, check_names, counted
from peephole.nodes.rows.partition import draw_lots
from peephole.tables import formula, native
from peephole.tables.engines_meet import on_engine_of
from peephole.tables.order import order_columns
from peephole.tables.schema import schema_of

_PLACE, _COUNT, _LEAST, _LOT = "__place__", "__count__", "__least__", "__lot__"


class Split(NamedTuple):
    """Rows for which a condition is true, and all others."""

    matching: Table
    rest: Table


@node(family="rows", icon="split", light=True, also=("Row Splitter", "Rule-based Row Splitter"))
def split_rows(table: Table, *, where: Condition) -> Split:
    """Rows for which a condition is true, and all others apart.

    Where the condition is neither true nor false, because a value is missing, the row goes to the others.

    table: rows to part.
    where: a condition over the columns, as: dep_delay > 15 AND origin = 'JFK'.
    matching: the rows for which it is true, in their order.
    rest: the other rows, in their order.
    """
    parsed = formula.parse(where, schema_of(table), setting="where")
    other = formula.parse(f"NOT coalesce(({where}), false)", schema_of(table), setting="where")
    return Split(native.where(table, parsed, setting="where"), native.where(table, other, setting="where"))


class Found(NamedTuple):
    """Rows that the other table knows, and those it does not."""

    found: Table
    not_found: Table


@node(
    family="rows",
    icon="split",
    says="{column} in {key}",
    also=("Reference Row Filter", "Reference Row Splitter", "Select by data"),
)
def reference_rows(
    table: Table,
    reference: Table,
    *,
    column: Annotated[str, ColumnPicker(port="table")],
    key: Annotated[str, ColumnPicker(port="reference")],
) -> Found:
    """Rows whose value another table has too, and those whose value it has not.

    A missing value is found nowhere.

    table: rows to part.
    reference: the table to look into.
    column: the column whose values are looked for.
    key: the column of the other table to look in.
    found: the rows whose value is there, in their order.
    not_found: the other rows, in their order.
    """
    here, there = schema_of(table)[column], schema_of(reference)[key]
    if {here, there} != {here} and {here, there} != {"integer", "number"}:
        raise ColumnError(
            f'Reference rows: "{column}" is of type {here}, and "{key}" of type {there}: they are never equal.',
            remedy="Cast one of them, or choose another column.",
            setting="key",
        )
    keys = on_engine_of(table, reference).select(key).unique()
    parts = (table.join(keys, left_on=[column], right_on=[key], how=how) for how in _HOW)
    return Found(*parts)


_HOW: tuple[Literal["semi"], Literal["anti"]] = ("semi", "anti")


@node(family="rows", icon="clean", also=("Duplicate marks", "Duplicate Detection"))
def mark_duplicates(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - never changed
    name: str = "duplicate",
    order_by: Columns = [],  # noqa: B006
) -> Table:
    """A column that tells which rows are there several times: unique, first of several, or duplicate.

    Missing values are alike.

    table: rows, some of them several times.
    columns: the columns in which rows must be alike; all if empty.
    name: the new column.
    order_by: the order that "first" goes by; the order of reading if empty.
    returns: the table with the column.
    """
    check_names("Mark duplicates", table, [name], "name")
    keys = list(dict.fromkeys(columns)) or [n for n in schema_of(table) if not n.startswith("__")]
    placed = counted(table, _PLACE, keys, order_columns(table, order_by))
    told = placed.with_columns(nw.len().over(*keys).alias(_COUNT)).with_columns(
        nw.when(nw.col(_COUNT) == 1)
        .then(nw.lit("unique"))
        .otherwise(nw.when(nw.col(_PLACE) == 1).then(nw.lit("first")).otherwise(nw.lit("duplicate")))
        .alias(name)
    )
    return arranged(told, table, [name])


@node(family="rows", icon="sample", also=("Equal Size Sampling", "Undersampling", "Balance classes"))
def equal_size_sampling(
    table: Table,
    *,
    column: Column,
    seed: Seed = 1,
    order_by: Columns = [],  # noqa: B006 - never changed
) -> Table:
    """As many rows of each value as there are of the rarest, chosen at random: so that no class outweighs another.

    The same seed gives the same rows, on every engine. Rows without a value are left out.

    table: rows to choose from.
    column: the column whose values should be there equally often.
    seed: choose another to get other rows.
    order_by: columns that tell rows apart; if empty, the order of reading, or where that is lost all columns.
    returns: the chosen rows in their order.
    """
    names = table.collect_schema().names()
    there = table.filter(~nw.col(column).is_null())
    drawn = draw_lots(there, order_by, seed)
    placed = counted(drawn, _PLACE, [column], [_LOT, *order_columns(there, order_by)])
    sized = placed.with_columns(nw.len().over(column).cast(nw.Int64).alias(_COUNT))
    least = sized.with_columns(nw.col(_COUNT).min().alias(_LEAST))
    return least.filter(nw.col(_PLACE) <= nw.col(_LEAST)).select(names)
