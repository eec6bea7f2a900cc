"""More rows of what is rare, before a model learns from them."""

from __future__ import annotations

from typing import Annotated

from peephole.core.node import node
from peephole.core.settings import Between, ColumnPicker, Columns, Seed
from peephole.core.types import Table


@node(
    family="mining",
    icon="sample",
    title="SMOTE",
    outside=True,
    needs=("imbalanced-learn",),
    pack="mining",
    also=("SMOTE", "Oversampling", "Synthetic minority", "Balance classes"),
)
def smote(
    table: Table,
    *,
    column: Annotated[str, ColumnPicker(types=("category",))],
    features: Columns = [],  # noqa: B006 - validated and frozen
    neighbours: Annotated[int, Between(1, 100)] = 5,
    seed: Seed = 0,
) -> Table:
    """Make new rows of the rarer classes between rows that are alike, until every class is there equally often.

    The numbers of a new row lie between those of a row and of one of its nearest neighbours in the class, its texts are those
    that most of the neighbours have (Chawla et al. 2002). Do this to the rows that a model learns from, never to those it
    is judged by. Rows without a class are left out.

    table: rows to learn from.
    column: the classes.
    features: numbers, texts and booleans that make rows alike; none chosen: all. The other columns are missing in new rows.
    neighbours: between how many nearest rows new ones are made; fewer where a class has fewer rows.
    seed: decides between which rows, and where.
    returns: the rows in their order, then the new ones.
    """
    from peephole.nodes.mining._oversampling import oversampled

    return oversampled(table, column, features, neighbours, seed)
