"""Mending a model's probabilities, one class against the rest, by what they came to on rows held out.

The class below is named in model files (`peephole.ports._skops` trusts it by name): moving it needs an alias there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

from peephole.core.progress import progress
from peephole.core.types import Model, Table
from peephole.nodes.mining._stacking import check_classes
from peephole.nodes.mining._teaching import teacher
from peephole.nodes.mining._validation import lesson

Array = NDArray[np.float64]


class Mended(BaseEstimator):  # type: ignore[misc]
    """A fitted model and, for each class that is mended, a curve: points that are joined, or the two numbers of an S."""

    def __init__(self, *, classes: int = 2, isotonic: bool = False) -> None:
        self.classes = classes
        self.isotonic = isotonic

    def set_parts(self, model: Any, curves: list[tuple[Array, Array]]) -> Mended:
        """Take the fitted parts."""
        self.model_ = model
        self.curves_ = curves
        self.classes_ = np.arange(self.classes)
        return self

    def predict_proba(self, rows: pa.Table) -> Array:
        """One row of mended probabilities for each row."""
        raw = scores(self.model_, rows, self.classes)
        mended = np.column_stack([self._bent(raw[:, i], *curve) for i, curve in enumerate(self.curves_)])
        if self.classes == 2:
            return np.column_stack([1 - mended, mended])
        total = mended.sum(axis=1, keepdims=True)
        even = np.full_like(mended, 1 / self.classes)  # where no class is likely at all
        found: Array = np.divide(mended, total, out=even, where=total > 0)
        return found

    def predict(self, rows: pa.Table) -> NDArray[np.int64]:
        """The likeliest class of each row."""
        found: NDArray[np.int64] = np.argmax(self.predict_proba(rows), axis=1)
        return found

    def _bent(self, raw: Array, x: Array, y: Array) -> Array:
        if self.isotonic:
            return np.interp(raw, x, y)
        found: Array = 1 / (1 + np.exp(np.clip(x[0] * raw + y[0], -500, 500)))
        return found


def scores(model: Any, rows: pa.Table, classes: int) -> Array:
    """What is mended: decisions where the model has them, else probabilities; of two classes, the second's."""
    estimator: Any = model
    found: Array
    if hasattr(estimator, "decision_function"):
        found = np.asarray(estimator.decision_function(rows), dtype=np.float64)
        return found.reshape(-1, 1) if classes == 2 else found
    found = np.asarray(estimator.predict_proba(rows), dtype=np.float64)
    return found[:, 1:] if classes == 2 else found


def calibrate(
    table: Table,
    target: str,
    features: Sequence[str],
    learner: str,
    settings: Mapping[str, Any],
    *,
    isotonic: bool,
    folds: int,
    seed: int,
) -> Model:
    """Learn from all rows; the curves from folds held out."""
    given = lesson(table, target, learner, "classification")
    wanted, classes = given.wanted, len(given.wanted.classes)
    if learner == "support vector machine":
        settings = {"probabilities": False, **settings}  # its decisions are mended here
    teach = teacher(learner, settings, target=target, features=features, task="classification", seed=seed)
    of = given.folds(folds, stratify=True, seed=seed)
    raw = np.empty((len(of), 1 if classes == 2 else classes))
    for fold in progress(range(folds), "Folds"):
        check_classes(wanted, of != fold, folds)
        model = teach(given.rows.filter(pa.array(of != fold)))
        held = np.flatnonzero(of == fold)
        raw[held] = scores(model.estimator, given.rows.take(pa.array(held)), classes)
    of_class = [1] if classes == 2 else range(classes)
    curves = [_curve(raw[:, i], wanted.values == c, isotonic) for i, c in enumerate(of_class)]
    whole = teach(given.rows)
    return Model(
        estimator=Mended(classes=classes, isotonic=isotonic).set_parts(whole.estimator, curves),
        task="classification",
        target=target,
        features=whole.features,
        classes=wanted.classes,
        title=f"Calibrated {learner} for {target}",
        notes={**whole.notes, "learner": f"Calibrated {learner}", "method": "isotonic" if isotonic else "sigmoid"},
    )


def _curve(raw: Array, positive: Any, isotonic: bool) -> tuple[Array, Array]:
    if isotonic:
        fitted = IsotonicRegression(out_of_bounds="clip").fit(raw, positive.astype(np.float64))
        return np.asarray(fitted.X_thresholds_), np.asarray(fitted.y_thresholds_)
    sigmoid = _SigmoidCalibration().fit(raw, positive.astype(np.int64))
    return np.array([sigmoid.a_]), np.array([sigmoid.b_])
