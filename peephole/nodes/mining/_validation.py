"""Folds, a learner run on each, and the measures of what it predicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from peephole.core.errors import DataError, SettingError
from peephole.core.node import Node, arguments
from peephole.core.progress import message, progress
from peephole.core.types import Model, Table
from peephole.nodes.mining import ensembles, learners, linear_models, simple_learners
from peephole.nodes.mining._applying import class_type
from peephole.nodes.mining._classes import log_loss, overall_scores
from peephole.nodes.mining._names import PREDICTION
from peephole.nodes.mining._rows import as_table, read_all, table_of
from peephole.nodes.mining._target import Target, Task, encode_target, with_target

FOLD = "fold"
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
}
_ONLY: dict[str, Task] = {
    "linear regression": "regression",
    "logistic regression": "classification",
    "naive Bayes": "classification",
}
Codes = NDArray[np.int64]
Scores = dict[str, float | None]


def validate(
    table: Table,
    target: str,
    features: Sequence[str],
    *,
    learner: str,
    task: Task,
    folds: int,
    stratify: bool,
    seed: int,
) -> tuple[Table, Table, Table]:
    """The node's outputs in order."""
    rows = with_target(read_all(table), target)
    task = _task(learner, task)
    wanted = encode_target(rows.column(target), target, task)
    taken = [name for name in (PREDICTION, FOLD) if name in rows.column_names]
    if taken:
        raise SettingError(f"The table already has a column {taken[0]}.", remedy="Rename it first.")
    of = fold_of(wanted, folds, stratify=stratify, seed=seed)
    teach = _teacher(learner, target, features, wanted.task, seed)
    found: list[Any] = [None] * len(of)
    scores: list[Scores] = []
    for fold in progress(range(folds), "Folds"):
        held = np.flatnonzero(of == fold)
        model = teach(rows.filter(pa.array(of != fold)))
        values, measured = _score(model, rows.take(held), wanted, held)
        scores.append(measured)
        for at, value in zip(held, values, strict=True):
            found[at] = value
    kind = class_type(model)
    predicted = rows.append_column(PREDICTION, pa.array(found, kind)).append_column(FOLD, pa.array(of + 1))
    return _overview(scores), _each(scores), as_table(predicted)


def fold_of(wanted: Target, folds: int, *, stratify: bool, seed: int) -> Codes:
    """The fold of each row. Raises DataError where there are fewer rows than folds."""
    from sklearn.model_selection import KFold, StratifiedKFold

    count = len(wanted.values)
    if count < folds:
        raise DataError(f"There are {count} rows for {folds} folds.", remedy="Ask for fewer folds.", setting="folds")
    kind: Any = KFold
    if stratify and wanted.task == "classification":
        rarest = int(np.bincount(wanted.values.astype(np.int64)).min())
        if rarest >= folds:
            kind = StratifiedKFold
        else:
            message(f"Some class has {rarest} rows only, fewer than folds: the folds are not stratified.", "warning")
    of = np.empty(count, dtype=np.int64)
    for fold, (_, held) in enumerate(kind(folds, shuffle=True, random_state=seed).split(wanted.values, wanted.values)):
        of[held] = fold
    return of


def _task(learner: str, task: Task) -> Task:
    only = _ONLY.get(learner)
    if only and task not in ("auto", only):
        raise SettingError(f"{learner} is for {only}.", remedy="Choose another learner, or task.", setting="task")
    return only or task


def _teacher(learner: str, target: str, features: Sequence[str], task: Task, seed: int) -> Callable[[pa.Table], Model]:
    """The learner's own function with its defaults; the task is that of all rows, not of one fold."""
    spec = LEARNERS[learner].spec
    given = {"target": target, "features": list(features), "task": task, "seed": seed}
    settings = arguments(spec.validate({n: v for n, v in given.items() if n in spec.settings.model_fields}))

    def teach(rows: pa.Table) -> Model:
        made = spec.function(as_table(rows), **settings)
        return made if isinstance(made, Model) else made.model

    return teach


def _score(model: Model, rows: pa.Table, wanted: Target, held: Codes) -> tuple[list[Any], Scores]:
    """What the model says of the held-out rows, and how good that is."""
    features, actual = rows.select(list(model.features)), wanted.values[held]
    said = model.estimator.predict(features)
    if wanted.task == "regression":
        return said.tolist(), {"rows": len(held), **_errors(np.asarray(said), np.asarray(actual))}
    # A fold may lack a class: the model's classes are then fewer than all.
    place = np.array([wanted.classes.index(c) for c in model.classes])
    codes = place[np.asarray(said, dtype=np.int64)]
    width = len(wanted.classes)
    confusion = np.bincount(actual.astype(np.int64) * width + codes, minlength=width**2).reshape(width, width)
    scores: Scores = {"rows": len(held), **overall_scores(confusion.astype(np.float64))}
    if hasattr(model.estimator, "predict_proba"):
        shares = np.zeros((len(held), width))
        shares[:, place] = model.estimator.predict_proba(features)
        scores["log loss"] = log_loss(actual.astype(np.int64), shares)
    return [wanted.classes[c] for c in codes], scores


def _errors(said: Any, actual: Any) -> Scores:
    off = said - actual
    variance = float(actual.var())
    squared = float((off**2).mean())
    return {
        "mean absolute error": float(np.abs(off).mean()),
        "root mean squared error": squared**0.5,
        "R2": 1 - squared / variance if variance else None,
    }


def _each(scores: list[Scores]) -> Table:
    names = list(scores[0])
    columns: dict[str, list[Any]] = {FOLD: list(range(1, len(scores) + 1))}
    columns |= {name: [s[name] for s in scores] for name in names}
    return table_of(columns, {n: pa.int64() if n == "rows" else pa.float64() for n in names})


def _overview(scores: list[Scores]) -> Table:
    names = [n for n in scores[0] if n != "rows"]
    values = [pa.array([s[n] for s in scores], pa.float64()) for n in names]
    columns = {
        "metric": names,
        "mean": [pc.mean(v).as_py() for v in values],
        "deviation": [pc.stddev(v, ddof=1).as_py() for v in values],
    }
    return table_of(columns, {"mean": pa.float64(), "deviation": pa.float64()})
