"""Probabilities for a classifier that has none."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import StratifiedKFold

from peephole.core.progress import message

FOLDS = 5


def calibrated(estimator: Any, codes: Any, seed: int) -> Any:
    """The estimator with a sigmoid fitted to its decisions (Platt 1999) on folds; as it is where a class has one row."""
    folds = min(FOLDS, int(np.bincount(codes).min()))
    if folds < 2:
        message("There are too few rows of some class to learn probabilities: only classes are predicted.")
        return estimator
    parts = StratifiedKFold(folds, shuffle=True, random_state=seed)
    return CalibratedClassifierCV(estimator, method="sigmoid", cv=parts, ensemble=False)
