"""Learners made of other learners: stacking, calibration."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Column, Columns, Group, Seed
from peephole.core.types import Model, Table
from peephole.nodes.mining._choices import Folds, LearnerName, LearnerSettings
from peephole.nodes.mining.learners import NEEDS, Task


class Member(Group):
    """One learner of a stack, with those of its settings that are not its defaults."""

    learner: LearnerName
    settings: LearnerSettings = {}  # noqa: RUF012 - pydantic copies it

    def words(self) -> str:
        """As the canvas says it."""
        return self.learner


_USUAL = [Member(learner="random forest"), Member(learner="gradient boosting"), Member(learner="nearest neighbours")]


@node(
    family="mining",
    icon="layers",
    says="predicts {target}[ from {features}]",
    needs=NEEDS,
    pack="mining",
    also=("Stacking", "Super learner", "Ensemble"),
)
def stacking_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    members: Annotated[list[Member], Field(min_length=1, max_length=20)] = _USUAL,
    task: Task = "auto",
    folds: Folds = 5,
    seed: Seed = 0,
) -> Model:
    """Learn with several learners, and learn how far to trust each of them: their predictions become columns.

    The columns for the last learner (logistic or linear regression) come from folds that their learners have not seen.

    table: rows with a known target.
    target: the column to predict; text and booleans are learnt as classes, numbers as numbers.
    features: the columns to learn from; none chosen: all others.
    members: the learners that are asked, each with its settings.
    task: learn classes or a number; auto decides by the type of the target.
    folds: into how many parts the rows are cut; every member learns so many times and once more from all.
    seed: decides the folds, and goes to the members.
    returns: the members and what weighs them.
    """
    from peephole.nodes.mining._stacking import stack

    return stack(table, target, features, members, task=task, folds=folds, seed=seed)


@node(
    family="mining",
    icon="sliders",
    says="{learner} predicts {target}[ from {features}]",
    needs=NEEDS,
    pack="mining",
    also=("Calibrated Learner", "Platt scaling", "Isotonic regression"),
)
def calibrated_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    learner: LearnerName = "random forest",
    settings: LearnerSettings = {},  # noqa: B006
    method: Literal["sigmoid", "isotonic"] = "sigmoid",
    folds: Folds = 5,
    seed: Seed = 0,
) -> Model:
    """Learn classes so that the probabilities keep their word: of the rows given 30 %, about 30 % are of the class.

    table: rows with a known target.
    target: the class to predict.
    features: the columns to learn from; none chosen: all others.
    learner: what learns; its probabilities are mended afterwards.
    settings: of the learner, by name; what is not named has the learner's own default.
    method: bend the probabilities by an S-curve (sigmoid, Platt 1999), or by any rising steps (isotonic; needs many rows).
    folds: into how many parts the rows are cut; the mending is learnt from rows that the learner has not seen.
    seed: decides the folds, and goes to the learner.
    returns: the learner's model and the mending.
    """
    from peephole.nodes.mining._mending import calibrate

    return calibrate(table, target, features, learner, settings, isotonic=method == "isotonic", folds=folds, seed=seed)
