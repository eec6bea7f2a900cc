"""Rows summed up by groups."""

from __future__ import annotations

from typing import Any, Literal

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.schema import Schema, accepts
from peephole.core.settings import Column, Columns, Group
from peephole.core.types import Table
from peephole.nodes._columns import counted
from peephole.tables.order import number_rows, order_columns
from peephole.tables.schema import schema_of
from peephole.tables.spark import is_spark

Function = Literal["count", "sum", "mean", "median", "min", "max", "std", "distinct", "first", "last"]
NUMBERS_ONLY = ("sum", "mean", "median", "std")
_ORDERED = ("first", "last")
_ALL, _PLACE = "__all__", "__place__"


class Aggregate(Group):
    """What to compute of each group.

    column: the column to compute of; none for the count of rows.  name: the new column; made from both if empty.
    """

    column: Column | None = None
    function: Function = "count"
    name: str = ""

    def called(self) -> str:
        """The new column's name."""
        return self.name or (f"{self.column} {self.function}" if self.column else "count")

    def words(self) -> str:
        """As the canvas says it."""
        done = f"{self.function} of {self.column}" if self.column else self.function
        return f"{done} as {self.name}" if self.name else done


@node(
    family="tables",
    icon="group",
    says="[{keys} -> ]{compute}",
    title="Group by",
    version=2,  # first and last leave missing values out, as all others do
    migrations={1: dict},
    also=("GroupBy", "Aggregate", "Summarise", "Row Aggregator"),
)
def group_by(
    table: Table,
    *,
    keys: Columns = [],  # noqa: B006
    compute: list[Aggregate] = [Aggregate()],  # noqa: B006, B008 - never changed
    order_by: Columns = [],  # noqa: B006
) -> Table:
    """One row for each combination of the key columns.

    Missing values in a key make a group of their own; in what is computed they do not count (the sum of none is 0): first and
    last are the first and the last value that is there. Std is the sample standard deviation, missing for a single row.

    table: rows to group.
    keys: the columns whose combinations make the groups; if none is chosen, all rows are one group.
    compute: what to compute of each group: count (of rows, or of a column's values), sum, mean, median, min, max, std,
        distinct (how many different values), first, last.
    order_by: the order that "first" and "last" go by; the order of reading if empty.
    returns: the key columns, then what was computed, in the order of the keys.
    """
    return by_keys(summed(table, keys, compute, order_by, "Group by"), keys)


def summed(table: Table, keys: list[str], compute: list[Aggregate], order_by: list[str], title: str) -> Table:
    """One row for each combination of the keys, in no order.  title: of the node, for errors."""
    schema = schema_of(table)
    check_aggregates(compute, keys, schema, title)
    _check_order(table, compute, order_by, title)
    order = order_columns(table, order_by)
    grouped = table if keys else table.with_columns(nw.lit(1).alias(_ALL))
    groups = keys or [_ALL]
    grouped = _with_present(grouped, compute)
    if is_spark(table) and any(a.function in _ORDERED for a in compute):
        grouped = _with_places(counted(grouped, _PLACE, groups, order), compute, groups)
        made = [_placed(a, schema, order).alias(a.called()) for a in compute]
    else:
        made = [aggregate(a.column, a.function, schema, order).alias(a.called()) for a in compute]
    return grouped.group_by(*groups).agg(*made).select(*keys, *(a.called() for a in compute))


def _with_present(table: Table, compute: list[Aggregate]) -> Table:
    """The table with what first and last sort by before the order: rows where the value is there are the first, or the last."""
    wanted = dict.fromkeys((a.column, a.function) for a in compute if a.column and a.function in _ORDERED)
    flags = [
        (nw.col(column).is_null() if function == "first" else ~nw.col(column).is_null()).alias(_flag(column, function))
        for column, function in wanted
    ]
    return table.with_columns(*flags) if flags else table


def _flag(column: str, function: str) -> str:
    return f"__{function}__{column}"


def _with_places(table: Table, compute: list[Aggregate], groups: list[str]) -> Table:
    """The place in its group of the row that has the first or last value, where the engine has no such aggregates (Spark)."""
    wanted = dict.fromkeys((a.column, a.function) for a in compute if a.column and a.function in _ORDERED)
    for column, function in wanted:
        there = nw.when(~nw.col(column).is_null()).then(nw.col(_PLACE))
        place = (there.min() if function == "first" else there.max()).over(*groups)
        table = table.with_columns(place.alias(_flag(column, function)))
    return table


def _placed(a: Aggregate, schema: Schema, order: list[str]) -> nw.Expr:
    if a.column is None or a.function not in _ORDERED:
        return aggregate(a.column, a.function, schema, order)
    here = nw.col(_PLACE) == nw.col(_flag(a.column, a.function))
    made: nw.Expr = nw.when(here).then(nw.col(a.column)).max()
    return made


def by_keys(result: Table, keys: list[str]) -> Table:
    """One row for each key has an order that is the same on every engine: that of its keys."""
    schema = schema_of(result)
    sortable = [key for key in keys if schema[key] not in ("list", "struct", "binary", "unknown")]
    return number_rows(result.sort(*keys, nulls_last=True)) if keys and sortable == keys else result


def aggregate(column: str | None, function: str, schema: Schema, order: list[str]) -> nw.Expr:
    """One aggregate as an expression, of a type that is the same on every engine."""
    if column is None:
        return nw.len().cast(nw.Int64)
    value = nw.col(column)
    if schema[column] == "boolean" and function in NUMBERS_ONLY:
        value = value.cast(nw.Int64)
    made: dict[str, Any] = {
        "count": lambda: value.count().cast(nw.Int64),
        "sum": lambda: value.sum().cast(nw.Float64 if schema[column] == "number" else nw.Int64),
        "mean": lambda: value.cast(nw.Float64).mean(),
        "median": lambda: value.cast(nw.Float64).median(),
        "std": lambda: value.cast(nw.Float64).std(),
        "min": value.min,
        "max": value.max,
        # A missing value is no value.
        "distinct": lambda: value.n_unique().cast(nw.Int64) - value.is_null().max().cast(nw.Int64),
        "first": lambda: value.first(order_by=[_flag(column, function), *order]),
        "last": lambda: value.last(order_by=[_flag(column, function), *order]),
    }
    expression: nw.Expr = made[function]()
    return expression


def check_aggregates(compute: list[Aggregate], keys: list[str], schema: Schema, title: str) -> None:
    """Raise SettingError where a function does not fit its column, or two new columns would have one name."""
    if not compute and not keys:
        raise SettingError(f"{title}: there is nothing to compute.", remedy="Choose keys.", setting="keys")
    for position, a in enumerate(compute):
        path = f"compute[{position}]"
        if a.column is None and a.function != "count":
            raise SettingError(f"{title}: {a.function} of what?", remedy="Choose a column.", setting=f"{path}.column")
        if a.column and a.function in NUMBERS_ONLY and not accepts(("number", "boolean"), schema[a.column]):
            raise SettingError(
                f'{title}: the column "{a.column}" is of type {schema[a.column]}, and has no {a.function}.',
                remedy="Choose a number column, or count, min, max, distinct, first or last.",
                setting=f"{path}.function",
            )
    names = [*keys, *(a.called() for a in compute)]
    twice = next((n for n in names if sum(n.casefold() == m.casefold() for m in names) > 1), None)
    if twice is not None:
        raise SettingError(f'{title}: two columns would be called "{twice}".', remedy="Give a name.", setting="compute")


def _check_order(table: Table, compute: list[Aggregate], order_by: list[str], title: str) -> None:
    ordered = next((i for i, a in enumerate(compute) if a.function in _ORDERED), None)
    if ordered is not None and not order_by and len(order_columns(table)) > 1:
        raise SettingError(
            f"{title}: the rows have no order any more, and {compute[ordered].function} needs one.",
            remedy="Choose the columns to order by.",
            setting="order_by",
        )
