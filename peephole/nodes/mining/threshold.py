"""From probabilities to decisions, by what each kind of error costs."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Column, NumberColumn
from peephole.core.types import Figure, Table, Variable

Cost = Annotated[float, Between(0)]


class Decision(NamedTuple):
    """What `threshold` gives."""

    decided: Table
    thresholds: Table
    figure: Figure
    best: Variable


@node(
    family="mining",
    icon="score",
    says="for {target}",
    title="Threshold",
    data_dependent=True,
    needs=("numpy",),
    pack="mining",
    also=("Cost matrix", "Threshold tuning", "Performance Curve", "Cost-sensitive decision"),
)
def threshold(
    table: Table,
    *,
    target: Column,
    probability: NumberColumn | None = None,
    positive: str | None = None,
    choose: Literal["lowest cost", "highest F1", "highest accuracy", "highest balanced accuracy"] = "lowest cost",
    false_alarm: Cost = 1.0,
    miss: Cost = 1.0,
    fixed: Annotated[float, Between(0, 1)] | None = None,
    name: Annotated[str, Field(min_length=1)] = "decision",
) -> Decision:
    """Find the probability from which on a row should be taken for the class sought, and decide by it.

    Choose it on other rows than those it is judged on: wire `best` to the setting `fixed` of a second such node.

    table: rows with the actual class and a probability.
    target: the actual class.
    probability: of the class sought; empty: the column that a predictor added for it.
    positive: the class sought; empty: the second of two.
    choose: what the best threshold is best at.
    false_alarm: what it costs to take another row for one of the class.
    miss: what it costs to overlook a row of the class.
    fixed: decide by this probability instead of the best.
    name: the new column: whether the row is taken for the class.
    decided: the table with the decision; where the probability is missing, so is the decision.
    thresholds: what each probability would give as threshold: right and wrong rows of both kinds, cost for a row, measures.
    figure: cost for a row, F1 and accuracy over the threshold.
    best: the threshold that was used.
    """
    from peephole.nodes.mining import _thresholds as work

    found = work.tried(table, target, probability, positive, false_alarm, miss)
    used = work.best(found, choose) if fixed is None else fixed
    return Decision(
        work.decide(table, found.column, used, name),
        work.thresholds_table(found),
        work.figure(found, used, target),
        Variable(used),
    )
