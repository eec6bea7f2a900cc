"""Learners chosen by name inside other nodes: for cross-validation, searching, stacking, selecting columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from peephole.core.checked import declared_at
from peephole.core.errors import SettingError
from peephole.core.node import arguments
from peephole.core.types import Model
from peephole.nodes.mining._choices import LEARNERS
from peephole.nodes.mining._rows import as_table
from peephole.nodes.mining._target import Task

_ONLY: dict[str, Task] = {
    "linear regression": "regression",
    "logistic regression": "classification",
    "naive Bayes": "classification",
}
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

    where: the setting that an error names.  Raises SettingError for settings that the learner does not take.
    """
    spec = declared_at(LEARNERS[learner])
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
