"""What clustering and projection do around their estimator: choose columns, prepare rows, name what comes out."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import Pipeline

from peephole.core.errors import DataError, listing
from peephole.core.progress import advance, message
from peephole.core.types import Model, Table
from peephole.nodes._columns import check_free
from peephole.nodes.mining._applying import require
from peephole.nodes.mining._dense import column_names, encoder, fit_encoder
from peephole.nodes.mining._features import Floats
from peephole.nodes.mining._preparation import TableMatrix
from peephole.nodes.mining._reading import Reading, Rows, reading_all
from peephole.nodes.mining._rows import as_table, read_all, table_of, words
from peephole.nodes.mining._threads import fitting_threads

_USUAL = ("integer", "number", "boolean")


@dataclass(frozen=True)
class Ready:
    """Rows and the matrix without gaps that was made of them.

    source: the rows.  matrix: what the estimator sees.  names: of the matrix columns.
    """

    source: Rows
    preparation: TableMatrix
    encode: Any
    matrix: Floats
    names: list[str]


def ready(table: Table, columns: Sequence[str], *, scale: bool, categories: int = 30) -> Ready:
    """Read and prepare; no columns named: all numbers and booleans. Raises DataError where there are none, or no rows."""
    known = words(table)
    chosen = list(columns) or [name for name, word in known.items() if word in _USUAL]
    if not chosen:
        raise DataError("There is no column of numbers.", remedy="Choose columns.", setting="columns")
    advance(0, None, "Reading")
    rows = reading_all(table, chosen)
    if rows.num_rows < 2:
        raise DataError(f"There are {rows.num_rows} rows; two or more are needed.", remedy="Look at the node before.")
    preparation = TableMatrix(most=categories)
    plain = preparation.fit_transform(rows, np.zeros(rows.num_rows), columns=chosen)
    if preparation.left_out_:
        message(f"Not used: {listing(f'{name} ({why})' for name, why in preparation.left_out_.items())}.")
    encode = encoder(preparation.categorical_, scale=scale, indicate=False)
    matrix = fit_encoder(encode, plain)
    return Ready(rows, preparation, encode, matrix, column_names(preparation, encode))


def fit_quietly(estimator: Any, matrix: Floats) -> None:
    """Fit; where the rows have fewer different places than clusters were asked for, say so."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        estimator.fit(matrix)
    if any(issubclass(w.category, ConvergenceWarning) for w in caught):
        message("There are fewer different rows than clusters: some clusters are empty.", "warning")


def tell_noise(codes: Any) -> None:
    """Say how many clusters were found, and how many rows are in none."""
    alone = int((codes < 0).sum())
    message(f"{int(codes.max()) + 1} clusters; {alone} of {len(codes)} rows are in none.")


def model_of(found: Ready, estimator: Any, task: Any, title: str, settings: dict[str, Any]) -> Model:
    """The fitted estimator with its preparation, as a Model."""
    inner = Pipeline([("encode", found.encode), ("learn", estimator)])
    return Model(
        estimator=Pipeline([("prepare", found.preparation), ("learn", inner)]),
        task=task,
        target=None,
        features=dict(found.preparation.features),
        title=title,
        notes={"learner": title, "rows": len(found.matrix), "settings": settings},
    )


def with_clusters(rows: Rows, codes: Any, name: str) -> Table:
    """The rows with the number of each one's cluster, from 1; none where the code is negative."""
    numbers = np.asarray(codes).astype(np.int64) + 1
    return add(rows, {name: pa.array(numbers, mask=numbers < 1)})


def add(rows: Rows, columns: dict[str, Any]) -> Table:
    """The rows with more columns at the end. Raises SettingError where a name is taken."""
    there = rows.all_columns if isinstance(rows, Reading) else rows.schema.names
    check_free(columns, there)
    if isinstance(rows, Reading):
        return rows.beside(columns)
    whole: Any = rows
    for name, values in columns.items():
        whole = whole.append_column(name, values)
    return as_table(whole)


def centres(found: Ready, codes: Any) -> Table:
    """One row for each cluster: how many rows, and the mean of each column behind the encoder, in its own unit."""
    known = sorted({int(c) for c in codes if c >= 0})
    columns: dict[str, list[Any]] = {
        "cluster": [c + 1 for c in known],
        "rows": [int((codes == c).sum()) for c in known],
    }
    taken = set(columns)
    means = unscaled(found, np.array([found.matrix[codes == c].mean(axis=0) for c in known]))
    for name, values in zip(found.names, means.T, strict=True):
        columns[f"mean of {name}" if name in taken else name] = values.tolist()
    kinds = {name: pa.int64() if name in taken else pa.float64() for name in columns}
    return table_of(columns, kinds)


def unscaled(found: Ready, means: Floats) -> Floats:
    """Means of matrix columns, in the columns' own units: those are straight functions of each other."""
    means = means.reshape(-1, found.matrix.shape[1])
    place = found.encode.output_indices_.get("numbers")
    steps = getattr(found.encode.named_transformers_.get("numbers"), "named_steps", {})
    if place is not None and "scale" in steps and len(means):
        means[:, place] = steps["scale"].inverse_transform(means[:, place])
    return means


def assign(table: Table, model: Model, name: str) -> Table:
    """The table with the cluster that a model puts each row in."""
    require(model, table, "clustering")
    rows = read_all(table)
    if rows.num_rows == 0:
        return with_clusters(rows, np.empty(0), name)
    with fitting_threads(rows.num_rows):
        codes = model.estimator.predict(rows.select(list(model.features)))
    return with_clusters(rows, codes, name)
