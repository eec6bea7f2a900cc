"""Cross-validation: how good a learner is on rows that it has not seen."""

from __future__ import annotations

from typing import NamedTuple

from peephole.core.node import node
from peephole.core.settings import Column, Columns, Seed
from peephole.core.types import Table
from peephole.nodes.mining._choices import Folds, LearnerName, LearnerSettings
from peephole.nodes.mining.learners import NEEDS, Task


class Validation(NamedTuple):
    """What `cross_validation` gives."""

    metrics: Table
    folds: Table
    predictions: Table


@node(
    family="mining",
    icon="folds",
    says="{learner} predicts {target}[ from {features}]",
    outside=True,
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    version=2,  # the predictions have the classes' probabilities
    migrations={1: dict},
    also=("X-Partitioner", "X-Aggregator", "Test and Score", "k-fold"),
)
def cross_validation(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    learner: LearnerName = "decision tree",
    settings: LearnerSettings = {},  # noqa: B006
    task: Task = "auto",
    folds: Folds = 10,
    stratify: bool = True,
    seed: Seed = 0,
) -> Validation:
    """Learn on all folds but one and predict that one, for each in turn.

    The learner prepares anew in each fold, so that nothing of the held-out rows leaks in.

    table: rows with a known target.
    target: the column to predict.
    features: the columns to learn from; none chosen: all others.
    learner: what learns.
    settings: of the learner, by name, as trees: 300; what is not named has the learner's own default.
    task: learn classes or a number; auto decides by the type of the target.
    folds: into how many parts the rows are cut.
    stratify: each fold gets the same share of each class.
    seed: decides which rows are in which fold, and goes to the learner.
    metrics: mean and standard deviation of each measure over the folds.
    folds: each fold's rows and measures.
    predictions: every row with the prediction of the model that has not seen it, the probability of each class where the learner
        tells it, and its fold: curves and scores of all rows follow from it.
    """
    from peephole.nodes.mining import _validation as work

    found = work.validate(
        table,
        target,
        features,
        learner=learner,
        settings=settings,
        task=task,
        folds=folds,
        stratify=stratify,
        seed=seed,
    )
    return Validation(*found)
