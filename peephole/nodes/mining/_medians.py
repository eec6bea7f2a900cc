"""Missing numbers become their column's median.

scikit-learn's SimpleImputer gives the same, by sorting masked arrays: on 100,000 rows of 50 columns that took as long as
the linear regression behind it. The class below is named in model files: moving it needs an alias here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

Array = NDArray[np.floating[Any]]


class Medians(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Puts the median of the known numbers where there is none; 0 in a column without any."""

    def fit(self, matrix: Array, _y: object = None) -> Medians:
        """Find each column's median."""
        columns = np.asarray(matrix).T
        self.medians_ = np.array([_median(column) for column in columns])  # one copy at a time, not of all
        self.n_features_in_ = len(columns)
        return self

    def transform(self, matrix: Array) -> Array:
        """A matrix without gaps; the same one where it has none."""
        missing = np.isnan(matrix)
        return np.where(missing, self.medians_, matrix) if missing.any() else matrix

    def get_feature_names_out(self, names: Any = None) -> Any:
        """The names as they came."""
        return names


def _median(column: Array) -> float:
    missing = np.isnan(column)
    known = column[~missing] if missing.any() else column.copy()
    return float(np.median(known, overwrite_input=True)) if len(known) else 0.0
