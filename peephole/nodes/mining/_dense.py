"""For estimators that take neither missing values nor codes: what stands between the prepared matrix and them.

Made of scikit-learn's own parts but for the medians, so that a saved model holds little that has to be trusted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import MissingIndicator
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler

from peephole.nodes.mining._medians import Medians
from peephole.ports.model_contents import CATEGORIES, MISSING, NUMBERS, column_names

__all__ = ["CATEGORIES", "MISSING", "NUMBERS", "column_names", "dense", "encoder", "fit_dense"]


def encoder(categorical: int, *, scale: bool = True, degree: int = 1, indicate: bool = True) -> ColumnTransformer:
    """From the matrix of TableMatrix to one without gaps.

    categorical: how many of its first columns are categories; each becomes a column of 0 and 1 for each of its values.
    Missing numbers get the median, and, where `indicate`, a column that says they were missing.
    scale: mean 0 and deviation 1.  degree: powers and products of the numbers up to it.
    """
    steps: list[tuple[str, Any]] = [("impute", Medians())]
    if degree > 1:
        steps.append(("powers", PolynomialFeatures(degree, include_bias=False)))
    if scale:
        steps.append(("scale", StandardScaler()))
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    parts = [
        (CATEGORIES, one_hot, slice(0, categorical)),
        (NUMBERS, Pipeline(steps), slice(categorical, None)),
        (MISSING, MissingIndicator(features="missing-only", error_on_new=False), slice(categorical, None)),
    ]
    return ColumnTransformer(parts if indicate else parts[:2], sparse_threshold=0.0)


def dense(categorical: int, estimator: Any, *, scale: bool = True, degree: int = 1) -> Pipeline:
    """The estimator behind its encoder, fitted and used as one."""
    return Pipeline([("encode", encoder(categorical, scale=scale, degree=degree)), ("learn", estimator)])


def fit_dense(estimator: Any, matrix: Any, values: Any) -> None:
    """Fit, with those parts of the encoder that have something to do: scikit-learn refuses to fit on no column.

    matrix: is scaled in its place, so that there are not two of them.
    """
    _drop_idle_parts(estimator[0], matrix)
    with _in_place(estimator[0]):
        estimator.fit(matrix, values)


def fit_encoder(encode: ColumnTransformer, matrix: Any) -> Any:
    """The same for the encoder alone; the matrix that it makes."""
    _drop_idle_parts(encode, matrix)
    with _in_place(encode):
        return encode.fit_transform(matrix)


@contextmanager
def _in_place(encode: ColumnTransformer) -> Iterator[None]:
    """Scalers write over what they get while they are fitted, and never again: a fitted one may get what others need."""
    _set_copy(encode.transformers, copy=False)
    try:
        yield
    finally:
        _set_copy([*encode.transformers, *getattr(encode, "transformers_", [])], copy=True)


def _set_copy(parts: list[Any], *, copy: bool) -> None:
    for _, part, _ in parts:
        if isinstance(part, Pipeline) and "scale" in part.named_steps:
            part.named_steps["scale"].set_params(copy=copy)


def _drop_idle_parts(encode: ColumnTransformer, matrix: Any) -> None:
    gaps = {CATEGORIES: True, NUMBERS: True, MISSING: bool(np.isnan(matrix[:, encode.transformers[1][2]]).any())}
    kept = [part for part in encode.transformers if gaps[part[0]] and range(*part[2].indices(matrix.shape[1]))]
    encode.set_params(transformers=kept)
