"""Values that feed settings through a wire."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from typing import Annotated, Any

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Column, Columns, Multiline
from peephole.core.types import Table, Variable
from peephole.nodes.tables.group_by import Aggregate, Function, summed
from peephole.tables import formula as formulas
from peephole.tables import native
from peephole.tables.duck_errors import explained
from peephole.tables.schema import schema_of
from peephole.tables.session import current_session

_VALUE = "value"
Expression = Annotated[str, Multiline("sql"), Field(min_length=1)]


@node(
    family="control",
    icon="variable",
    says="{value}",
    also=("Variable Creator", "Flow Variable", "Parameter", "Constant"),
)
def variable(*, value: bool | int | float | str = "") -> Variable:
    """A value that can feed settings of other nodes.

    value: the value: a number, a text, true or false.
    """
    return Variable(value)


@node(
    family="control",
    icon="variable",
    says="{function}[ of {column}]",
    version=2,  # first and last leave missing values out, as all others do
    migrations={1: dict},
    also=("Table Row to Variable", "Table Column to Variable", "Extract Table Dimension"),
)
def table_value(
    table: Table,
    *,
    function: Function = "count",
    column: Column | None = None,
    order_by: Columns = [],  # noqa: B006 - never changed
) -> Variable:
    """One figure of a table, to feed settings: how many rows, the mean of a column, its first value and so on.

    table: the rows.
    function: count (of rows, or of a column's values), sum, mean, median, min, max, std, distinct, first, last; missing
        values are left out.
    column: the column to compute of; none for the count of rows.
    order_by: the order that "first" and "last" go by; the order of reading if empty.
    """
    made = summed(table, [], [Aggregate(column=column, function=function, name=_VALUE)], order_by, "Table value")
    found = made.collect("pyarrow").to_native().column(_VALUE).to_pylist()
    return Variable(_plain(found[0]) if found else 0 if function in ("count", "sum", "distinct") else None)


@node(
    family="control",
    icon="formula",
    says="{expression}",
    also=("Math Formula (Variable)", "String Manipulation (Variable)"),
)
def variable_formula(a: Variable, b: Variable | None = None, *, expression: Expression = "a > 0") -> Variable:
    """A value computed from one or two others by a SQL expression, as a condition for If.

    a: the first value.
    b: the second value.
    expression: what to compute of a and b, as: a > 1000, or CASE WHEN a > b THEN 1 ELSE 2 END.
    """
    import pyarrow as pa

    given = {"a": pa.array([a.value])} | ({"b": pa.array([b.value])} if b is not None else {})
    row = current_session().from_arrow(pa.table(given))
    parsed = formulas.parse(expression, schema_of(row), setting="expression")
    made = native.with_columns(row, {_VALUE: parsed}, setting="expression")
    with explained():
        return Variable(_plain(made.select(_VALUE).collect("pyarrow").to_native().column(_VALUE)[0].as_py()))


def _plain(value: Any) -> Any:
    """As JSON knows it."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
