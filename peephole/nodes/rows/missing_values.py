"""Missing values filled, or their rows dropped."""

from __future__ import annotations

from functools import reduce
from typing import Annotated, Any, Literal

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.schema import ROW, Schema, accepts
from peephole.core.settings import Applies, Columns, Group
from peephole.core.types import Table
from peephole.tables.order import order_columns
from peephole.tables.schema import schema_of

_COUNT, _MOST = "__count__", "__most__"


class Mending(Group):
    """What to do about the missing values of some columns.

    columns: the columns; if empty, all of the type `of_type`.
    """

    columns: Columns = []  # noqa: RUF012 - pydantic copies it
    of_type: Literal["any", "number", "text", "boolean", "date"] = "any"
    how: Literal["drop rows", "constant", "mean", "median", "most frequent", "forward", "backward"]
    value: Annotated[bool | int | float | str | None, Applies("how", ("constant",))] = None

    def words(self) -> str:
        """As the canvas says it."""
        of_numbers = self.how in ("mean", "median")
        kind = "number" if of_numbers and self.of_type == "any" else self.of_type
        columns = ", ".join(self.columns) or ("all columns" if kind == "any" else f"all of type {kind}")
        if self.how == "drop rows":
            return f"drop rows where {columns} is missing" if self.columns else f"drop rows with a gap in {columns}"
        return f"{columns} by {self.value if self.how == 'constant' else self.how}"


@node(family="rows", icon="missing", title="Missing values", also=("Missing Value", "Impute", "Fill", "Drop missing"))
def missing_values(table: Table, *, mend: list[Mending], order_by: Columns = []) -> Table:  # noqa: B006 - never changed
    """Missing values filled with something sensible, or the rows that have some dropped.

    The steps are taken one after the other. The mean or median of an integer column makes it a number column. Of several
    most frequent values the smallest is taken.

    table: rows with missing values.
    mend: which columns, and what to do: drop rows, a constant `value`, the column's mean, median or most frequent value,
        the last value before it (forward), or the next one after it (backward).
    order_by: the order in which forward and backward go; the order of reading if empty.
    returns: the rows in their order.
    """
    for position, step in enumerate(mend):
        columns = _columns(step, schema_of(table))
        if columns:
            table = _mended(table, step, columns, order_by, f"mend[{position}]")
    return table


def _columns(step: Mending, schema: Schema) -> list[str]:
    wanted = () if step.of_type == "any" else (step.of_type,)
    return step.columns or [n for n, word in schema.items() if n != ROW and accepts(wanted, word)]


def _mended(table: Table, step: Mending, columns: list[str], order_by: list[str], path: str) -> Table:
    schema = schema_of(table)
    if step.how == "drop rows":
        return table.filter(*(~nw.col(name).is_null() for name in columns))
    if step.how == "most frequent":
        return reduce(_most_frequent, columns, table)
    if step.how == "constant":
        return table.with_columns(_constant(table, step, name, path) for name in columns)
    if step.how in ("forward", "backward"):
        return _along(table, columns, order_by, step.how)
    numbers = [name for name in columns if accepts(("number",), schema[name])]
    if step.columns and len(numbers) < len(columns):
        name = next(name for name in columns if name not in numbers)
        raise SettingError(
            f'Missing values: the column "{name}" is of type {schema[name]}, and has no {step.how}.',
            remedy="Fill it with its most frequent value, or a constant.",
            setting=f"{path}.how",
        )
    return table.with_columns(_average(table, name, step.how) for name in numbers)


def _average(table: Table, name: str, how: str) -> nw.Expr:
    column = nw.col(name)
    if table.collect_schema()[name].is_integer() or table.collect_schema()[name].is_decimal():
        column = column.cast(nw.Float64)
    return column.fill_null(column.mean() if how == "mean" else column.median())


def _constant(table: Table, step: Mending, name: str, path: str) -> nw.Expr:
    dtype = table.collect_schema()[name]
    kind = schema_of(table)[name]
    fits = {
        "text": str,
        "integer": int,
        "number": int | float,
        "boolean": bool,
    }.get(kind, str)
    value: Any = step.value
    if value is None or not isinstance(value, fits) or (isinstance(value, bool) and kind != "boolean"):
        raise SettingError(
            f'Missing values: {value!r} cannot stand in the column "{name}", which is of type {kind}.',
            remedy="Give a value of that type, or choose the columns by type.",
            setting=f"{path}.value",
        )
    return nw.col(name).fill_null(nw.lit(value).cast(dtype))


def _most_frequent(table: Table, name: str) -> Table:
    names = table.collect_schema().names()
    counted = table.with_columns(nw.col(name).count().over(name).alias(_COUNT)).with_columns(
        nw.col(_COUNT).max().alias(_MOST)
    )
    most = nw.when(nw.col(_COUNT) == nw.col(_MOST)).then(nw.col(name)).min()
    return counted.with_columns(nw.col(name).fill_null(most)).select(names)


def _along(table: Table, columns: list[str], order_by: list[str], way: Literal["forward", "backward"]) -> Table:
    if not order_by and ROW not in table.collect_schema().names():
        raise SettingError(
            f'Missing values: the rows have no order any more, and "{way}" needs one.',
            remedy="Choose the columns to order by.",
            setting="order_by",
        )
    order = order_columns(table, order_by)
    return table.with_columns(nw.col(name).fill_null(strategy=way).over(order_by=order) for name in columns)
