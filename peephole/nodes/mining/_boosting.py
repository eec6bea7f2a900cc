"""Fitting gradient boosting so that its progress is seen and it can be stopped between two trees."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.exceptions import NotFittedError

from peephole.core.progress import advance, message, metric
from peephole.nodes.mining._target import Target
from peephole.nodes.mining._watching import watched

HELD_BACK = 0.1  # the estimator's own default


def can_hold_back(wanted: Target) -> bool:
    """Whether a tenth of the rows can be held back with every class on both sides; says so where it cannot."""
    if wanted.task == "regression":
        return True
    rarest = np.bincount(wanted.values.astype(np.int64)).min()
    enough = bool(rarest >= 2 and np.ceil(HELD_BACK * len(wanted.values)) >= len(wanted.classes))
    if not enough:
        message("There are too few rows of some class to hold any back: all trees are grown.")
    return enough


def fit_watched(estimator: Any, matrix: Any, target: Any) -> None:
    """Fit and look at it now and then; raises Cancelled once the fit has really stopped.

    The estimator has no callbacks, and fitting step by step with warm_start would bin the data again at each step.
    """
    told = 0

    def look() -> None:
        nonlocal told
        advance(_trees(estimator), estimator.max_iter, "Growing trees")
        told = _tell_losses(estimator, told)

    watched(lambda: estimator.fit(matrix, target), look, rows=len(matrix))
    _tell_losses(estimator, told)
    advance(estimator.n_iter_, estimator.n_iter_, "Growing trees")
    _drop_preprocessor(estimator)


def _trees(estimator: Any) -> int:
    try:
        return int(estimator.n_iter_)
    except (NotFittedError, AttributeError):  # it still bins the data
        return 0


def _tell_losses(estimator: Any, told: int) -> int:
    """One point of the curves for each new tree, where a part of the rows is held back to see when to stop.

    The estimator's first score is that of no tree at all.
    """
    train = list(getattr(estimator, "train_score_", []))
    held_back = list(getattr(estimator, "validation_score_", []))
    ready = min(len(train), len(held_back))
    for i in range(max(told, 1), ready):
        metric("tree", **{"loss": -float(train[i]), "validation loss": -float(held_back[i])})
    return max(told, ready)


def _drop_preprocessor(estimator: Any) -> None:
    """Take off the estimator's own encoder of categories.

    TableMatrix gives the codes 0, 1, 2 ... with the categories first, for which that encoder changes nothing. Without it
    predicting is quicker, and the saved model holds no function that would have to be trusted.
    """
    encoder = getattr(estimator, "_preprocessor", None)
    if encoder is None:
        return
    for codes in encoder.named_transformers_["encoder"].categories_:
        known = codes[~np.isnan(codes)]
        if not np.array_equal(known, np.arange(len(known))):
            return
    estimator._preprocessor = None
