"""Stacking (Wolpert 1992): members' predictions of rows they have not seen are what the last learner learns from.

The class below is named in model files (`peephole.ports._skops` trusts it by name): moving it needs an alias there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression

from peephole.core.errors import DataError
from peephole.core.progress import advance
from peephole.core.types import Model, Table
from peephole.nodes.mining._names import label_text
from peephole.nodes.mining._target import Target, Task
from peephole.nodes.mining._teaching import task_for, teacher
from peephole.nodes.mining._validation import Lesson, lesson

if TYPE_CHECKING:
    from peephole.nodes.mining.meta_learners import Member

Array = NDArray[np.float64]


class Stacked(BaseEstimator):  # type: ignore[misc]
    """Fitted members, each on a whole table, and the last estimator on their predictions.

    classes: how many; 0 for numbers.
    """

    def __init__(self, *, classes: int = 0) -> None:
        self.classes = classes

    def set_parts(self, members: list[Any], last: Any) -> Stacked:
        """Take the fitted parts."""
        self.members_ = members
        self.last_ = last
        if self.classes:
            self.classes_ = np.arange(self.classes)
        return self

    def columns(self, rows: pa.Table) -> Array:
        """What the members say, side by side."""
        return np.column_stack([said(member, rows, self.classes) for member in self.members_])

    def predict(self, rows: pa.Table) -> Any:
        """A number, or a class code, for each row."""
        return self.last_.predict(self.columns(rows))

    def predict_proba(self, rows: pa.Table) -> Any:
        """One row of probabilities for each row."""
        return self.last_.predict_proba(self.columns(rows))


def said(estimator: Any, rows: pa.Table, classes: int) -> Array:
    """A member's columns: a number; the probability of the second class; that of every class where there are more."""
    if not classes:
        return np.asarray(estimator.predict(rows), dtype=np.float64).reshape(-1, 1)
    if hasattr(estimator, "predict_proba"):
        shares: Array = np.asarray(estimator.predict_proba(rows))
    else:
        shares = np.eye(classes)[np.asarray(estimator.predict(rows), dtype=np.int64)]
    return shares[:, 1:] if classes == 2 else shares


def stack(
    table: Table,
    target: str,
    features: Sequence[str],
    members: Sequence[Member],
    *,
    task: Task,
    folds: int,
    seed: int,
) -> Model:
    """Learn the members on folds and on all rows, and the last estimator on what they say of rows held out."""
    given = lesson(table, target, members[0].learner, task)
    wanted = given.wanted
    for member in members:
        task_for(member.learner, wanted.task)  # raises where they do not go together
    teachers = [
        teacher(
            m.learner, m.settings, target=target, features=features, task=wanted.task, seed=seed, where=f"members[{i}]"
        )
        for i, m in enumerate(members)
    ]
    of = given.folds(folds, stratify=True, seed=seed)
    classes = len(wanted.classes)
    total, done = len(members) * (folds + 1), 0
    columns: list[list[Array]] = [[] for _ in members]
    for fold in range(folds):
        held = np.flatnonzero(of == fold)
        check_classes(wanted, of != fold, folds)
        for i, teach in enumerate(teachers):
            model = teach(given.rows.filter(pa.array(of != fold)))
            columns[i].append(said(model.estimator, given.rows.take(pa.array(held)), classes))
            done += 1
            advance(done, total, "Members and folds")
    place = np.argsort(np.concatenate([np.flatnonzero(of == fold) for fold in range(folds)]))
    matrix = np.column_stack([np.concatenate(parts)[place] for parts in columns])
    last = LogisticRegression(max_iter=1000) if classes else LinearRegression()
    last.fit(matrix, wanted.values)
    fitted = [teach(given.rows) for teach in teachers]
    parts = [model.estimator for model in fitted]
    return _model(given, Stacked(classes=classes).set_parts(parts, last), fitted, members)


def check_classes(wanted: Target, learnt: Any, folds: int) -> None:
    if wanted.task == "classification":
        there = set(wanted.values[learnt].tolist())
        lost = [label_text(c) for i, c in enumerate(wanted.classes) if i not in there]
        if lost:
            raise DataError(
                f"Some fold has all rows of the class {lost[0]}.",
                remedy=f"Filter out classes with fewer than {folds} rows, or ask for fewer folds.",
                setting="folds",
            )


def _model(given: Lesson, estimator: Any, fitted: Sequence[Model], members: Sequence[Member]) -> Model:
    needed = {name: word for model in fitted for name, word in model.features.items()}
    names = [m.learner for m in members]
    return Model(
        estimator=estimator,
        task=given.wanted.task,
        target=given.target,
        features=needed,
        classes=given.wanted.classes,
        title=f"Stack of {', '.join(names)} for {given.target}",
        notes={
            "learner": "Stacking",
            "rows": given.rows.num_rows,
            "target_type": given.wanted.word,
            "settings": {"members": [m.model_dump(mode="json") for m in members]},
        },
    )
