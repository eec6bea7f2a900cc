"""Learners chosen by name inside other nodes: for cross-validation, searching, stacking, selecting columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from peephole.core.errors import SettingError, listing, nearest
from peephole.core.node import Node, arguments
from peephole.core.types import Model
from peephole.nodes.mining import ensembles, learners, linear_models, perceptron, simple_learners
from peephole.nodes.mining._rows import as_table
from peephole.nodes.mining._target import Task

LEARNERS: dict[str, Node] = {
    "decision tree": learners.decision_tree_learner,
    "random forest": ensembles.random_forest_learner,
    "gradient boosting": learners.gradient_boosting_learner,
    "AdaBoost": ensembles.adaboost_learner,
    "linear regression": linear_models.linear_regression_learner,
    "logistic regression": linear_models.logistic_regression_learner,
    "naive Bayes": simple_learners.naive_bayes_learner,
    "nearest neighbours": simple_learners.nearest_neighbours_learner,
    "support vector machine": simple_learners.svm_learner,
    "multilayer perceptron": perceptron.perceptron_learner,
}
_ONLY: dict[str, Task] = {
    "linear regression": "regression",
    "logistic regression": "classification",
    "naive Bayes": "classification",
}
_OURS = ("target", "features", "task", "seed")
Teach = Callable[[pa.Table], Model]


def task_for(learner: str, task: Task) -> Task:
    """The task, as far as the learner decides it. Raises SettingError where they do not go together."""
    only = _ONLY.get(learner)
    if only and task not in ("auto", only):
        raise SettingError(f"{learner} is for {only}.", remedy="Choose another learner, or task.", setting="task")
    return only or task


def teacher(
    learner: str,
    settings: Mapping[str, Any],
    *,
    target: str,
    features: Sequence[str],
    task: Task,
    seed: int,
    where: str = "settings",
) -> Teach:
    """The learner's own function with these of its settings.  task: that of all rows, not of one fold.

    where: the setting that an error names.  Raises SettingError for a setting that the learner does not have.
    """
    spec = LEARNERS[learner].spec
    known = [name for name in spec.settings.model_fields if name not in _OURS]
    for name in settings:
        if name not in known:
            raise SettingError(
                f'{spec.title} has no setting "{name}" to choose here.',
                remedy=f"{nearest(name, known)} Settings: {listing(known)}.".strip(),
                setting=where,
            )
    given = {"target": target, "features": list(features), "task": task, "seed": seed}
    ours = {n: v for n, v in given.items() if n in spec.settings.model_fields}
    try:
        whole = arguments(spec.validate({**ours, **settings}))
    except SettingError as error:
        raise SettingError(error.what, remedy=error.remedy, setting=where) from None

    def teach(rows: pa.Table) -> Model:
        made = spec.function(as_table(rows), **whole)
        return made if isinstance(made, Model) else made.model

    return teach
