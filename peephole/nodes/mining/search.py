"""Looking for good settings: a grid of them, or some drawn by chance, each scored by cross-validation."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Group, Seed
from peephole.core.types import Figure, Model, Table
from peephole.nodes.mining._choices import (
    Folds,
    LearnerName,
    LearnerSetting,
    LearnerSettings,
    Measure,
    OfThatSetting,
    Value,
)
from peephole.nodes.mining.learners import NEEDS, Task


class Parameter(Group):
    """One setting of the learner to try: a list of values, or from low to high.

    Between two whole numbers only whole numbers are tried.  steps: how many a grid takes.  by_factors: even steps of the
    logarithm, as 0.1, 1, 10.
    """

    name: LearnerSetting
    values: Annotated[list[Value], OfThatSetting] = []  # noqa: RUF012 - pydantic copies it
    low: Annotated[int | float | None, OfThatSetting] = None
    high: Annotated[int | float | None, OfThatSetting] = None
    steps: Annotated[int, Between(2, 100)] = 5
    by_factors: bool = False

    def words(self) -> str:
        """As the canvas says it."""
        tried = ", ".join(map(str, self.values)) or f"{self.low} to {self.high}"
        return f"{self.name.replace('_', ' ')} {tried}"


class Search(NamedTuple):
    """What `parameter_search` gives."""

    model: Model
    results: Table
    figure: Figure


class Learning(NamedTuple):
    """What `learning_curve` gives."""

    curve: Table
    figure: Figure


@node(
    family="mining",
    icon="sliders",
    says="{learner} predicts {target}[ from {features}], {parameters}",
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Parameter Optimization Loop", "Grid search", "Random search", "Hyperparameter tuning", "Parameter Fitter"),
)
def parameter_search(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    learner: LearnerName = "decision tree",
    parameters: Annotated[list[Parameter], Field(min_length=1)],
    settings: LearnerSettings = {},  # noqa: B006
    method: Literal["grid", "random"] = "grid",
    tries: Annotated[int, Between(1, 10_000)] = 20,
    measure: Measure = "auto",
    task: Task = "auto",
    folds: Folds = 5,
    stratify: bool = True,
    seed: Seed = 0,
) -> Search:
    """Try a learner with many settings, score each by cross-validation, and learn from all rows with the best.

    The best score is a little too kind, since it is the best of many: keep rows apart, and score the model on those.

    table: rows with a known target.
    target: the column to predict.
    features: the columns to learn from; none chosen: all others.
    learner: what learns.
    parameters: the learner's settings to try, each with its values or its limits.
    settings: other settings of the learner, the same in every try.
    method: every combination (grid), or so many drawn by chance (random).
    tries: how many combinations random draws.
    measure: what makes the best; auto: accuracy for classes, R2 for numbers. Errors and losses should be small.
    task: learn classes or a number; auto decides by the type of the target.
    folds: into how many parts the rows are cut; each combination learns so many times.
    stratify: each fold gets the same share of each class.
    seed: decides the folds, what random draws, and goes to the learner.
    model: learnt from all rows with the best combination.
    results: each combination with the mean and deviation of the measure over the folds, the best first.
    figure: the measure over what was tried.
    """
    from peephole.nodes.mining import _search as work

    plan = work.Plan(learner, settings, target, tuple(features), measure, folds, stratify, seed)
    return Search(*work.search(table, plan, parameters, method=method, tries=tries, task=task))


@node(
    family="mining",
    icon="line",
    says="{learner} predicts {target}[ from {features}]",
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Learning Curve", "Sample size"),
)
def learning_curve(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    learner: LearnerName = "decision tree",
    settings: LearnerSettings = {},  # noqa: B006
    shares: Annotated[list[Annotated[float, Field(gt=0, le=1)]], Field(min_length=1)] = [0.1, 0.3, 0.5, 0.7, 1.0],  # noqa: B006
    measure: Measure = "auto",
    task: Task = "auto",
    folds: Folds = 5,
    stratify: bool = True,
    seed: Seed = 0,
) -> Learning:
    """Tell whether more rows would help: learn from growing parts of them, and score on rows held back.

    Where both curves have met, more rows bring nothing; where they are still apart, they may.

    table: rows with a known target.
    target: the column to predict.
    features: the columns to learn from; none chosen: all others.
    learner: what learns.
    settings: of the learner, by name; what is not named has the learner's own default.
    shares: which parts of the rows to learn from, between 0 and 1.
    measure: what is measured; auto: accuracy for classes, R2 for numbers.
    task: learn classes or a number; auto decides by the type of the target.
    folds: into how many parts the rows are cut; one is held back in turn.
    stratify: each fold gets the same share of each class.
    seed: decides the folds and parts, and goes to the learner.
    curve: for each share the rows learnt from, and the measure on them and on the rows held back.
    figure: both as lines.
    """
    from peephole.nodes.mining import _search as work

    plan = work.Plan(learner, settings, target, tuple(features), measure, folds, stratify, seed)
    return Learning(*work.curve(table, plan, sorted(set(shares)), task=task))
