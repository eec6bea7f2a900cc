"""Scores of predicted classes, from counts and from probabilities. Plain arithmetic on small arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ClassScores:
    """One entry for each class; 0 where nothing was predicted or nothing is there to be found."""

    rows: Array
    precision: Array
    recall: Array
    f1: Array


def class_scores(confusion: Array) -> ClassScores:
    """Scores from a matrix of counts: rows are the actual classes, columns the predicted ones."""
    right = np.diag(confusion)
    actual, predicted = confusion.sum(axis=1), confusion.sum(axis=0)
    precision, recall = _share(right, predicted), _share(right, actual)
    return ClassScores(actual, precision, recall, _share(2 * precision * recall, precision + recall))


def overall_scores(confusion: Array) -> dict[str, float]:
    """Accuracy and what goes with it; macro: every class counts the same; balanced accuracy: over classes that occur."""
    each = class_scores(confusion)
    total = confusion.sum()
    accuracy = float(np.trace(confusion) / total)
    chance = float((confusion.sum(axis=0) * confusion.sum(axis=1)).sum() / total**2)
    return {
        "accuracy": accuracy,
        "balanced accuracy": float(each.recall[each.rows > 0].mean()),
        "precision (macro)": float(each.precision.mean()),
        "recall (macro)": float(each.recall.mean()),
        "F1 (macro)": float(each.f1.mean()),
        "F1 (weighted)": float((each.f1 * each.rows).sum() / total),
        "Cohen's kappa": (accuracy - chance) / (1 - chance) if chance < 1 else 0.0,
    }


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


@dataclass(frozen=True)
class Roc:
    """A receiver operating characteristic: both rates at falling thresholds, and the area under the curve."""

    false_positive_rate: Array
    true_positive_rate: Array
    auc: float

    def thinned(self, most: int) -> Roc:
        """At most so many points, spread along the curve; the area stays that of the whole."""
        if len(self.true_positive_rate) <= most:
            return self
        way = self.false_positive_rate + self.true_positive_rate
        at = np.unique(np.searchsorted(way, np.linspace(0, way[-1], most)))
        return Roc(self.false_positive_rate[at], self.true_positive_rate[at], self.auc)


def roc(positive: NDArray[np.bool_], score: Array) -> Roc | None:
    """The curve of a score that should be high where `positive`; None where only one kind of row is there."""
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if positives == 0 or negatives == 0:
        return None
    order = np.argsort(-score, kind="stable")
    falling = score[order]
    last_of_equal = np.append(np.nonzero(np.diff(falling))[0], len(falling) - 1)
    hits = np.cumsum(positive[order])[last_of_equal]
    true_rate = np.append(0.0, hits / positives)
    false_rate = np.append(0.0, (last_of_equal + 1 - hits) / negatives)
    return Roc(false_rate, true_rate, float(np.trapezoid(true_rate, false_rate)))


def log_loss(actual: NDArray[np.int64], shares: Any) -> float:
    """Mean of -ln of the probability given to the right class (at least 1e-15)."""
    right = np.clip(shares[np.arange(len(actual)), actual], 1e-15, None)
    return float(-np.log(right).mean())
