"""Rows divided into folds, one of which is left out in each run of a loop."""

from __future__ import annotations

from typing import Annotated

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Table
from peephole.nodes._columns import counted
from peephole.nodes.rows.partition import Parts, draw_lots
from peephole.tables.order import order_columns

_PLACE, _LOT = "__place__", "__lot__"


@node(
    family="control",
    icon="partition",
    says="part {fold} of {folds}",
    also=("X-Partitioner", "Cross validation", "k-fold", "Leave one out"),
)
def fold(
    table: Table,
    *,
    folds: Annotated[int, Between(2, 10_000)] = 5,
    fold: Annotated[int, Between(1)] = 1,
    stratify: Column | None = None,
    seed: Seed = 1,
    order_by: Columns = [],  # noqa: B006 - never changed
) -> Parts:
    """One fold of the rows to test on, and all others to learn from: for cross-validation of anything.

    Put it into a component that is repeated as often as there are folds, and let the loop's `iteration` feed `fold`: each row
    is then tested on once.

    table: rows to divide.
    folds: how many parts of the same size.
    fold: which of them is left out to test on, from 1.
    stratify: a column whose values should be spread alike over all folds.
    seed: choose another to get other folds.
    order_by: columns that tell rows apart; if empty, the order of reading, or where that is lost all columns.
    train: the rows of the other folds.
    test: the rows of this fold.
    """
    if fold > folds:
        raise SettingError(
            f"Fold: there are {folds} folds, and fold {fold} is asked for.",
            remedy="Let the loop run as often as there are folds.",
            setting="fold",
        )
    names = table.collect_schema().names()
    drawn = draw_lots(table, order_by, seed)
    order = [*([stratify] if stratify else []), _LOT, *order_columns(table, order_by)]
    placed = counted(drawn, _PLACE, [], list(dict.fromkeys(order)))
    here = (nw.col(_PLACE) - 1) % folds == fold - 1
    return Parts(placed.filter(~here).select(names), placed.filter(here).select(names))
