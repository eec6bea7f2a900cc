"""A few declared nodes to check workflows against; none of them is ever run."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from peephole.core.node import node
from peephole.core.settings import Between, Column, ColumnPicker, Columns, Group
from peephole.core.types import Model, Table, Variable


class Measure(Group):
    """One thing to compute."""

    how: Literal["mean", "sum"]
    column: Column

    def words(self) -> str:
        """In words."""
        return f"{self.how} of {self.column}"


class Parts(NamedTuple):
    """Two tables."""

    train: Table
    test: Table


@node(family="test")
def read(*, path: str, rows: int = 10) -> Table:
    """Read.

    path: what.  rows: how many.
    rows: how many.
    """


@node(family="test")
def keep(table: Table, *, limit: Annotated[int, Between(0, 100)], columns: Columns = []) -> Table:  # noqa: B006
    """Keep.

    table: rows.
    limit: up to what.
    columns: which.
    """


@node(family="test")
def join(left: Table, right: Table, *, on: Columns, how: Literal["inner", "left"] = "inner") -> Table:
    """Join.

    left: rows.
    right: more rows.
    on: keys.
    how: which rows stay.
    """


@node(family="test")
def concat(*tables: Table) -> Table:
    """Concat.

    tables: one below the other.
    """


@node(family="test", says="[{keys} -> ]{compute}[, {sort:in order}]")
def group(
    table: Table,
    *,
    keys: Columns,
    compute: list[Measure] = [],  # noqa: B006
    amount: Annotated[str | None, ColumnPicker(types=("number",))] = None,
    sort: bool = False,
) -> Table:
    """Group.

    table: rows.
    keys: what to group by.
    compute: what of each group.
    amount: a number.
    sort: whether.
    """


@node(family="test", says="{share:%} and the rest")
def part(table: Table, *, share: Annotated[float, Between(0, 1)] = 0.5) -> Parts:
    """Part.

    table: rows.
    share: of the first part.
    train: the first part.
    test: the rest.
    """


@node(family="test", says="{depth:level}")
def learn(table: Table, *, depth: int = 3) -> Model:
    """Learn.

    table: rows.
    depth: how deep.
    """


@node(family="test")
def predict(model: Model, table: Table) -> Table:
    """Predict.

    model: who.
    table: rows.
    """


@node(family="test")
def constant(*, value: float) -> Variable:
    """Constant.

    value: what it is.
    """


@node(family="test", version=3, migrations={1: lambda s: {**s, "b": s["a"]}, 2: lambda s: {"c": s["b"]}})
def renewed(table: Table, *, c: int = 0) -> Table:
    """Renewed.

    table: rows.
    c: was a, then b.
    """


ALL = [read, keep, join, concat, group, part, learn, predict, constant, renewed]
SPECS: dict[str, Any] = {n.spec.type.rpartition("/")[2]: n.spec for n in ALL}
