"""Naive Bayes over numbers and categories at once; a missing value says nothing, so it is left out of the product.

The class below is named in model files (`peephole.ports._skops` trusts it by name): moving it needs an alias there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

Array = NDArray[np.floating[Any]]
TINY = 1e-9  # of the largest variance: added to each, as scikit-learn's GaussianNB does


class MixedNaiveBayes(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """P(class | row) with each column by itself: normal numbers, categories by their shares.

    categorical: the first so many columns hold codes of categories, NaN for none.  smoothing: added to each count.
    Equal to GaussianNB on numbers alone and to CategoricalNB on categories alone.
    """

    def __init__(self, *, categorical: int = 0, smoothing: float = 1.0) -> None:
        self.categorical = categorical
        self.smoothing = smoothing

    def fit(self, matrix: Array, codes: NDArray[np.int64]) -> MixedNaiveBayes:
        """Learn from class codes 0, 1 ..., each of which occurs."""
        count = int(codes.max()) + 1
        self.classes_ = np.arange(count)
        self.log_prior_ = np.log(np.bincount(codes, minlength=count) / len(codes))
        numbers = matrix[:, self.categorical :]
        # A class may have no value at all in a column: the column's own mean and variance then stand in.
        whole_mean, whole_variance = _moments(numbers, np.zeros(numbers.shape[1]), np.zeros(numbers.shape[1]))
        each = [_moments(numbers[codes == c], whole_mean, whole_variance) for c in self.classes_]
        self.mean_ = np.array([mean for mean, _ in each])
        floor = TINY * float(whole_variance.max(initial=0.0))
        self.variance_ = np.array([variance for _, variance in each]) + (floor or TINY)
        self.log_shares_ = [self._shares(matrix[:, i], codes, count) for i in range(self.categorical)]
        return self

    def predict_proba(self, matrix: Array) -> Array:
        """One row of probabilities for each row."""
        joint: Array = np.tile(self.log_prior_, (len(matrix), 1))
        for i, shares in enumerate(self.log_shares_):
            there = matrix[:, i] < shares.shape[1]  # false for NaN and for codes never seen
            joint[there] += shares[:, matrix[there, i].astype(np.int64)].T
        for c in range(len(self.classes_)):
            joint[:, c] += self._normal(matrix[:, self.categorical :], c)
        shares = np.exp(joint - joint.max(axis=1, keepdims=True))
        found: Array = shares / shares.sum(axis=1, keepdims=True)
        return found

    def predict(self, matrix: Array) -> NDArray[np.int64]:
        """The likeliest class of each row."""
        found: NDArray[np.int64] = np.argmax(self.predict_proba(matrix), axis=1)
        return found

    def _shares(self, values: Array, codes: NDArray[np.int64], count: int) -> Array:
        """Log of each category's share in each class, shape (classes, categories)."""
        there = ~np.isnan(values)
        known = values[there].astype(np.int64)
        width = int(known.max(initial=0)) + 1
        counted = np.bincount(codes[there] * width + known, minlength=count * width).reshape(count, width)
        shares: Array = np.log(
            (counted + self.smoothing) / (counted.sum(axis=1, keepdims=True) + self.smoothing * width)
        )
        return shares

    def _normal(self, numbers: Array, c: int) -> Array:
        """Log density of each row's numbers in one class."""
        mean, variance = self.mean_[c], self.variance_[c]
        terms = -0.5 * (np.log(2 * np.pi * variance) + (numbers - mean) ** 2 / variance)
        density: Array = np.nansum(terms, axis=1)
        return density


def _moments(numbers: Array, mean: Array, variance: Array) -> tuple[Array, Array]:
    """Mean and variance of the known values of each column; the given ones where there are none."""
    there = ~np.isnan(numbers)
    if len(numbers) and there.all():
        return numbers.mean(axis=0), numbers.var(axis=0)
    counts = there.sum(axis=0)
    some = np.maximum(counts, 1)
    own = np.where(there, numbers, 0.0).sum(axis=0) / some
    spread = (np.where(there, numbers - own, 0.0) ** 2).sum(axis=0) / some
    return np.where(counts > 0, own, mean), np.where(counts > 0, spread, variance)
