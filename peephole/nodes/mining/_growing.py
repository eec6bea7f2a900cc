"""Growing a forest a few trees at a time, so that it can be watched and stopped. The trees are those of one single fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from peephole.core.progress import advance
from peephole.nodes.mining._threads import SMALL, fitting_threads

STEP = 10  # trees


def grow(estimator: Any, matrix: Any, values: Any) -> None:
    """Fit a random forest; raises Cancelled between two steps."""
    wanted = estimator.n_estimators
    estimator.set_params(warm_start=True, n_jobs=-1 if len(matrix) >= SMALL else None)
    with fitting_threads(len(matrix)):
        for count in [*range(STEP, wanted, STEP), wanted]:
            estimator.set_params(n_estimators=count).fit(matrix, values)
            advance(count, wanted, "Growing trees")
    # One thread predicts: with several, the order of a sum, and so its last digit, would be by chance.
    estimator.set_params(warm_start=False, n_jobs=None)


def balanced(codes: Any) -> dict[int, float]:
    """Weights that give every class the same sum: scikit-learn takes its word "balanced" not when growing in steps."""
    counts = np.bincount(codes)
    return {c: float(len(codes) / (len(counts) * n)) for c, n in enumerate(counts)}
