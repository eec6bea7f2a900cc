"""Ways that rows may take: only what is needed for the one that is taken runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.settings import Between
from peephole.core.types import Table


def _one_of_two(settings: Any, wires: Mapping[str, int]) -> Mapping[str, Sequence[int]]:
    if settings.condition:
        return {"otherwise": ()}
    return {"table": ()} if wires.get("otherwise") else {}


@node(
    family="control",
    icon="branch",
    title="If",
    light=True,
    chooses=_one_of_two,
    also=("IF Switch", "End IF", "Condition", "Branch"),
)
def if_else(table: Table, otherwise: Table | None = None, *, condition: bool = True) -> Table:
    """One table where a condition is true, another one where it is not.

    What only the other one needs does not run. The condition is mostly fed by a wire, as from Table value or Variable formula.

    table: what comes out if the condition is true.
    otherwise: what comes out if it is not; unconnected: no rows.
    condition: whether the first table is taken.
    returns: the table that was taken.
    """
    if condition:
        return table
    return table.head(0) if otherwise is None else otherwise


def _one_of_many(settings: Any, wires: Mapping[str, int]) -> Mapping[str, Sequence[int]]:
    _check_case(settings.case, wires.get("tables", 0))
    return {"tables": (settings.case - 1,)}


def _check_case(case: int, tables: int) -> None:
    if case > tables:
        raise SettingError(
            f"Switch: case {case} is chosen, and {tables} tables are connected.",
            remedy="Choose a lower number, or connect more tables.",
            setting="case",
        )


@node(
    family="control",
    icon="branch",
    light=True,
    chooses=_one_of_many,
    also=("CASE Switch", "End CASE", "Case", "Choose"),
)
def switch(*tables: Table, case: Annotated[int, Between(1)] = 1) -> Table:
    """One of several tables, told by a number.

    What only the others need does not run. The number may be set by hand, or fed by a wire.

    tables: the tables to choose from, in the order in which they are connected.
    case: which of them comes out, from 1.
    returns: the table that was chosen.
    """
    _check_case(case, len(tables))
    return tables[case - 1]


@node(
    family="control",
    icon="shield",
    title="Try",
    light=True,
    rescues="table",
    also=("Try Catch", "Catch Errors", "Otherwise", "Error handling"),
)
def try_otherwise(table: Table | None = None, otherwise: Table | None = None) -> Table:
    """A table, or another one where the first cannot be made because something before it fails.

    The failure is told, and the run goes on. The next run tries again.

    table: what comes out if all goes well.
    otherwise: what comes out if not.
    returns: the first table, or the other one.
    """
    if table is not None:
        return table
    if otherwise is None:
        raise SettingError(
            "Try: what should come out failed, and nothing stands in for it.",
            remedy='Connect a table to "otherwise".',
        )
    return otherwise
