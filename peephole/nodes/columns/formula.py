"""A column made from others."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.settings import Formula
from peephole.core.types import Table
from peephole.tables import formula as formulas
from peephole.tables import native
from peephole.tables.schema import schema_of


@node(
    family="columns",
    icon="formula",
    says="{name} = {expression}",
    light=True,
    also=(
        "Math Formula",
        "Column Expressions",
        "String Manipulation",
        "Feature Constructor",
        "Expression",
        "Round Double",
    ),
)
def formula(table: Table, *, name: Annotated[str, Field(min_length=1)], expression: Formula) -> Table:
    """A new column computed from the others by a SQL expression.

    Division by zero, and what is not a finite number, become missing.

    table: the columns to compute with.
    name: the new column; a column of that name is replaced.
    expression: what to compute for each row, as: distance / air_time * 60, or
        CASE WHEN dep_delay > 15 THEN 'late' ELSE 'on time' END.
    returns: the table with the column.
    """
    if formulas.reserved(name):
        raise SettingError(
            f'Formula: a column cannot be called "{name}".', remedy="Choose another name.", setting="name"
        )
    made = formulas.parse(expression, schema_of(table), setting="expression")
    return native.with_columns(table, {name: made}, setting="expression")
