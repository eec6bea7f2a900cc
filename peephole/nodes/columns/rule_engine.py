"""A column made by rules."""

from __future__ import annotations

from typing import Annotated

import narwhals as nw
from pydantic import Field

from peephole.core.errors import FormulaError
from peephole.core.node import node
from peephole.core.settings import Condition, Formula, Group
from peephole.core.types import Table
from peephole.nodes._columns import check_names
from peephole.tables import formula as formulas
from peephole.tables import native
from peephole.tables.schema import schema_of


class Rule(Group):
    """A condition, and what the column gets where it is the first that is true."""

    when: Condition
    then: Formula

    def words(self) -> str:
        """As the canvas says it."""
        return f"{self.then} where {self.when}"


@node(family="columns", icon="branch", says="{name} = {rules}", light=True, also=("Rules", "Create Class", "Case when"))
def rule_engine(
    table: Table,
    *,
    rules: Annotated[list[Rule], Field(min_length=1)],
    otherwise: Formula | None = None,
    name: Annotated[str, Field(min_length=1)] = "result",
) -> Table:
    """A column whose value is told by the first rule that fits.

    A condition that is neither true nor false, because a value is missing, does not fit.

    table: rows to judge.
    rules: conditions from the first to be tried to the last, each with what it gives: a formula, as 'late', 0 or dep_delay / 60.
    otherwise: what rows get that no rule fits, a formula; missing if not set.
    name: the new column; a column of that name is replaced.
    returns: the table with the column.
    """
    check_names("Rule engine", table, [name], "name")
    schema = schema_of(table)
    cases, texts = [], []
    for position, rule in enumerate(rules):
        when = _condition(table, rule.when, f"rules[{position}].when")
        then = formulas.parse(rule.then, schema, setting=f"rules[{position}].then")
        cases.append(f"WHEN {when.sql} THEN {then.sql}")
        texts.append(f"{when.text} THEN {then.text}")
    last = formulas.parse(otherwise, schema, setting="otherwise") if otherwise else None
    sql = f"CASE {' '.join(cases)} {f'ELSE {last.sql} ' if last else ''}END"
    made = formulas.Expression("; ".join(texts), sql, (), False)
    return native.with_columns(table, {name: made}, setting="rules")


def _condition(table: Table, text: str, setting: str) -> formulas.Expression:
    parsed = formulas.parse(text, schema_of(table), setting=setting)
    if not parsed.is_condition:
        kind = native.with_columns(table.head(0), {"made": parsed}, setting=setting).collect_schema()["made"]
        if kind != nw.Boolean:
            raise FormulaError(
                f"The condition {text} gives no true or false.",
                remedy="Compare with something, as: dep_delay > 15.",
                setting=setting,
            )
    return parsed
