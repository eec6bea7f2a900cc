"""Fitting linear models, and telling their weights in the columns' own units."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.exceptions import ConvergenceWarning

from peephole.core.errors import SettingError
from peephole.core.progress import message
from peephole.core.types import Model, Table
from peephole.nodes.mining._dense import NUMBERS, column_names, fit_dense
from peephole.nodes.mining._names import label_text
from peephole.nodes.mining._rows import table_of

MOST_POWERS = 3000


def fit_powers(estimator: Any, matrix: Any, values: Any) -> None:
    """Fit; raises SettingError where the powers and products would be too many columns."""
    encode = estimator[0]
    powers = encode.transformers[1][1].named_steps.get("powers")
    if powers is not None:
        numbers = matrix.shape[1] - encode.transformers[0][2].stop
        count = math.comb(numbers + powers.degree, powers.degree) - 1
        if count > MOST_POWERS:
            raise SettingError(
                f"{numbers} numbers have {count} powers and products up to degree {powers.degree}.",
                remedy=f"Choose a lower degree or fewer features: at most {MOST_POWERS} are taken.",
                setting="degree",
            )
    fit_dense(estimator, matrix, values)


def fit_to_the_end(estimator: Any, matrix: Any, values: Any) -> None:
    """Fit, and say where the solver ran out of steps."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        fit_dense(estimator, matrix, values)
    if any(issubclass(w.category, ConvergenceWarning) for w in caught):
        remedy = "allow more steps, or a lower cost (with penalty ridge)"
        message(f"The solver was still moving at its last step: {remedy}.", "warning")


def coefficients(model: Model) -> Table:
    """One row for each column behind the encoder and class: the weight in its own unit, and for one deviation."""
    prepare, (encode, estimator) = model.estimator[0], (model.estimator[-1][0], model.estimator[-1][-1])
    names = ["(intercept)", *column_names(prepare, encode)]
    weights = np.atleast_2d(estimator.coef_)
    starts = np.atleast_1d(estimator.intercept_)
    mean, scale = _scaling(encode, weights.shape[1])
    columns: dict[str, list[Any]] = {"term": [], "coefficient": [], "standardised": []}
    classes = _classes(model, len(weights))
    for weight, start in zip(weights, starts, strict=True):
        own = weight / scale
        columns["term"] += names
        columns["coefficient"] += [float(start - (own * mean).sum()), *own.tolist()]
        columns["standardised"] += [float(start), *weight.tolist()]
    if not classes:
        return table_of(columns, {"term": pa.string()})
    return table_of({"class": [c for c in classes for _ in names], **columns}, {"class": pa.string()})


def _classes(model: Model, count: int) -> list[str]:
    """The classes that there are weights for; of two, the second."""
    labels = [label_text(c) for c in model.classes]
    return labels[-1:] if count == 1 else labels


def _scaling(encode: Any, width: int) -> tuple[Any, Any]:
    """What was taken off each column and what it was divided by; 0 and 1 for those not scaled."""
    mean, scale = np.zeros(width), np.ones(width)
    sizes = encode.output_indices_
    if NUMBERS in sizes and NUMBERS in encode.named_transformers_:
        scaler = encode.named_transformers_[NUMBERS].named_steps["scale"]
        mean[sizes[NUMBERS]], scale[sizes[NUMBERS]] = scaler.mean_, scaler.scale_
    return mean, scale
