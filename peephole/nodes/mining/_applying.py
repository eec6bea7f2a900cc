"""Using a fitted model on a table: the columns checked, the rows taken in pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from peephole.core.errors import DataError
from peephole.core.progress import message, progress
from peephole.core.types import Model, Table
from peephole.nodes._columns import check_free
from peephole.nodes.mining._features import Floats
from peephole.nodes.mining._names import probability_name
from peephole.nodes.mining._preparation import check_types
from peephole.nodes.mining._rows import as_table, read_all, words
from peephole.nodes.mining._threads import fitting_threads

PIECE = 200_000  # rows predicted at a time: bounds the memory, and lets progress be seen


def require(model: Model, table: Table, *tasks: str) -> None:
    """Raise where the model does not predict, or the table lacks what it needs."""
    if model.task not in tasks:
        raise DataError(
            f"The model is for {model.task}, which does not predict a column.", remedy="Connect a learner's model."
        )
    check_types(model.features, words(table))


def add_predictions(table: Table, model: Model, name: str, probabilities: bool) -> Table:
    """The table with the prediction, and the probability of each class."""
    require(model, table, "classification", "regression")
    if probabilities and model.classes and not hasattr(model.estimator, "predict_proba"):
        message(f"{model.title or 'The model'} gives no probabilities: only the class is predicted.")
        probabilities = False
    wanted = [probability_name(name, c) for c in model.classes] if probabilities else []
    check_free([name, *wanted], words(table))
    rows = read_all(table)
    features = rows.select(list(model.features))
    pieces = range(0, max(rows.num_rows, 1), PIECE)
    with fitting_threads(rows.num_rows):
        found = [_predict(model, features.slice(at, PIECE), bool(wanted)) for at in progress(pieces, "Predicting")]
    rows = rows.append_column(name, pa.chunked_array([values for values, _ in found]))
    for i, column in enumerate(wanted):
        rows = rows.append_column(column, pa.chunked_array([pa.array(shares[:, i]) for _, shares in found]))
    return as_table(rows)


def _predict(model: Model, rows: pa.Table, probabilities: bool) -> tuple[pa.Array, Floats]:
    """The predicted values in the target's own type, and the classes' probabilities."""
    kind = class_type(model)
    shares = np.empty((rows.num_rows, len(model.classes)))
    if rows.num_rows == 0:
        return pa.array([], kind), shares
    if model.task == "regression":
        return pa.array(model.estimator.predict(rows), kind), shares
    if not probabilities:
        return labels(model, model.estimator.predict(rows)), shares
    shares = model.estimator.predict_proba(rows)
    return labels(model, np.argmax(shares, axis=1)), shares


def labels(model: Model, codes: Any) -> pa.Array:
    """Class codes as the classes themselves."""
    return pa.array(model.classes, class_type(model)).take(pa.array(codes))


def class_type(model: Model) -> pa.DataType:
    """The Arrow type of what the model predicts."""
    if model.task == "regression":
        return pa.float64()
    words_to_type = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "text": pa.string()}
    return words_to_type[model.notes["target_type"]]


def matrix_of(model: Model, rows: pa.Table) -> tuple[Floats, Sequence[str], Any]:
    """The prepared matrix, the table column each of its columns comes from, and the estimator behind it."""
    prepare, estimator = model.estimator[0], model.estimator[-1]
    return prepare.transform(rows), prepare.sources(), estimator
