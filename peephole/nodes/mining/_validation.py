"""Folds, a learner run on each, and the measures of what it predicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from peephole.core.errors import DataError, SettingError
from peephole.core.progress import message, progress
from peephole.core.types import Model, Table
from peephole.nodes.mining._applying import class_type
from peephole.nodes.mining._classes import log_loss, overall_scores, roc
from peephole.nodes.mining._features import Floats
from peephole.nodes.mining._names import PREDICTION, probability_name
from peephole.nodes.mining._rows import as_table, read_all, table_of
from peephole.nodes.mining._target import Target, Task, encode_target, with_target
from peephole.nodes.mining._teaching import Teach, task_for, teacher

FOLD = "fold"
Codes = NDArray[np.int64]
Scores = dict[str, float | None]
USUAL = {"classification": "accuracy", "regression": "R2"}
SMALLER = ("log loss", "root mean squared error", "mean absolute error")  # measures that should be small


@dataclass(frozen=True)
class Lesson:
    """Rows with a known target, and what is to be learnt from them."""

    rows: pa.Table
    wanted: Target
    target: str

    def folds(self, count: int, *, stratify: bool, seed: int) -> Codes:
        """The fold of each row."""
        return fold_of(self.wanted, count, stratify=stratify, seed=seed)

    def measure(self, name: str) -> str:
        """The measure of that name, auto: the task's usual one. Raises SettingError where it is for the other task."""
        if name == "auto":
            return USUAL[self.wanted.task]
        for_numbers = name in ("R2", "root mean squared error", "mean absolute error")
        if for_numbers != (self.wanted.task == "regression"):
            raise SettingError(
                f"{name} does not measure {self.wanted.task}.", remedy="Choose another measure.", setting="measure"
            )
        return name


def lesson(table: Table, target: str, learner: str, task: Task) -> Lesson:
    """Read the rows for a learner."""
    rows = with_target(read_all(table), target)
    return Lesson(rows, encode_target(rows.column(target), target, task_for(learner, task)), target)


@dataclass(frozen=True)
class Fold:
    """One fold held out.  held: its rows.  said: what was predicted of them.  kind: its Arrow type.

    shares: the probability of each class, where the learner tells it.
    """

    held: Codes
    said: list[Any]
    scores: Scores
    shares: Floats | None
    kind: pa.DataType


def by_folds(given: Lesson, of: Codes, teach: Teach) -> Iterator[Fold]:
    """Learn on all folds but one and score that one, for each in turn."""
    for fold in range(int(of.max()) + 1):
        held = np.flatnonzero(of == fold)
        model = teach(given.rows.filter(pa.array(of != fold)))
        yield Fold(held, *judged(model, given.rows.take(held), given.wanted, held), class_type(model))


def fold_scores(given: Lesson, of: Codes, teach: Teach) -> list[Scores]:
    """The scores of each fold."""
    return [fold.scores for fold in by_folds(given, of, teach)]


def mean_of(scores: Sequence[Scores], measure: str) -> tuple[float | None, float | None]:
    """Mean and deviation of a measure over the folds that have it."""
    known = [s[measure] for s in scores if s.get(measure) is not None]
    if not known:
        raise DataError(
            f"No fold has {measure}.",
            remedy="AUC and log loss need a learner with probabilities and folds with two classes.",
            setting="measure",
        )
    values = pa.array(known, pa.float64())
    return pc.mean(values).as_py(), pc.stddev(values, ddof=1).as_py()


def validate(
    table: Table,
    target: str,
    features: Sequence[str],
    *,
    learner: str,
    settings: Mapping[str, Any],
    task: Task,
    folds: int,
    stratify: bool,
    seed: int,
) -> tuple[Table, Table, Table]:
    """The node's outputs in order."""
    given = lesson(table, target, learner, task)
    chances = [probability_name(PREDICTION, c) for c in given.wanted.classes]
    taken = [name for name in (PREDICTION, *chances, FOLD) if name in given.rows.column_names]
    if taken:
        raise SettingError(f"The table already has a column {taken[0]}.", remedy="Rename it first.")
    of = given.folds(folds, stratify=stratify, seed=seed)
    teach = teacher(learner, settings, target=target, features=features, task=given.wanted.task, seed=seed)
    parts = list(progress(by_folds(given, of, teach), "Folds", folds))
    said: list[Any] = [None] * len(of)
    for part in parts:
        for at, value in zip(part.held, part.said, strict=True):
            said[at] = value
    predicted = given.rows.append_column(PREDICTION, pa.array(said, parts[0].kind))
    for i, name in enumerate(chances):
        if all(part.shares is not None for part in parts):
            predicted = predicted.append_column(name, pa.array(_in_place(parts, i, len(of))))
    scores = [part.scores for part in parts]
    return _overview(scores), _each(scores), as_table(predicted.append_column(FOLD, pa.array(of + 1)))


def _in_place(parts: Sequence[Fold], of_class: int, count: int) -> Floats:
    """The probabilities of a class in the order of the rows."""
    found = np.empty(count)
    for part in parts:
        if part.shares is not None:
            found[part.held] = part.shares[:, of_class]
    return found


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


def score(model: Model, rows: pa.Table, wanted: Target, held: Codes) -> tuple[list[Any], Scores]:
    """What the model says of the held-out rows, and how good that is."""
    return judged(model, rows, wanted, held)[:2]


def judged(model: Model, rows: pa.Table, wanted: Target, held: Codes) -> tuple[list[Any], Scores, Floats | None]:
    """The same, and the probability of each class."""
    features, actual = rows.select(list(model.features)), wanted.values[held]
    said = model.estimator.predict(features)
    if wanted.task == "regression":
        return said.tolist(), {"rows": len(held), **_errors(np.asarray(said), np.asarray(actual))}, None
    # A fold may lack a class: the model's classes are then fewer than all.
    place = np.array([wanted.classes.index(c) for c in model.classes])
    codes = place[np.asarray(said, dtype=np.int64)]
    width = len(wanted.classes)
    confusion = np.bincount(actual.astype(np.int64) * width + codes, minlength=width**2).reshape(width, width)
    scores: Scores = {"rows": len(held), **overall_scores(confusion.astype(np.float64))}
    shares = None
    if hasattr(model.estimator, "predict_proba"):
        shares = np.zeros((len(held), width))
        shares[:, place] = model.estimator.predict_proba(features)
        scores["AUC"] = _area(actual.astype(np.int64), shares)
        scores["log loss"] = log_loss(actual.astype(np.int64), shares)
    return [wanted.classes[c] for c in codes], scores, shares


def _area(actual: Codes, shares: Any) -> float | None:
    """The area under the curve of the second of two classes, or the mean of each against the rest."""
    width = shares.shape[1]
    found = [roc(actual == c, shares[:, c]) for c in ([1] if width == 2 else range(width))]
    known = [curve.auc for curve in found if curve is not None]
    return float(np.mean(known)) if known else None


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
