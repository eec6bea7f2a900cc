"""Principal components: scores, loadings, explained variance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.decomposition import PCA

from peephole.core.progress import message
from peephole.core.types import Figure, Model, Table
from peephole.figures.charts import bars
from peephole.nodes.mining._grouping import add, model_of, ready
from peephole.nodes.mining._rows import table_of

MOST_BARS = 30
SHARE = "explained variance"


def project(
    table: Table, columns: Sequence[str], components: int, *, scale: bool, name: str
) -> tuple[Table, Table, Table, Figure, Model]:
    """The node's outputs in order."""
    found = ready(table, columns, scale=scale)
    there = min(found.matrix.shape)
    if components > there:
        message(f"There are only {there} components.")
    kept = min(components, there)
    estimator = PCA(there).fit(found.matrix)  # of many rows by their covariance, without a copy of them
    shares = np.nan_to_num(estimator.explained_variance_ratio_)
    _keep(estimator, kept)
    names = [f"{name}{i + 1}" for i in range(kept)]
    scores = estimator.transform(found.matrix)
    rows = add(found.source, {new: pa.array(scores[:, i]) for i, new in enumerate(names)})
    weights: dict[str, Sequence[Any]] = {n: w.tolist() for n, w in zip(names, estimator.components_, strict=True)}
    first = "column" if "column" not in weights else "column name"
    loadings = table_of({first: found.names, **weights})
    model = model_of(found, estimator, "transformation", "PCA", {"components": kept, "scale": scale})
    variance, figure = _variance(shares, name)
    return rows, loadings, variance, figure, model


def _keep(estimator: PCA, count: int) -> None:
    """Only the first components, as if no more had been asked for."""
    width = estimator.n_components_
    estimator.components_ = estimator.components_[:count].copy()
    for name in ("explained_variance_", "explained_variance_ratio_", "singular_values_"):
        setattr(estimator, name, getattr(estimator, name)[:count].copy())
    estimator.n_components_ = estimator.n_components = count
    if count < width:
        estimator.noise_variance_ = float(estimator.noise_variance_)


def _variance(shares: Any, name: str) -> tuple[Table, Figure]:
    names = [f"{name}{i + 1}" for i in range(len(shares))]
    columns = {"component": names, "share": shares.tolist(), "up to here": np.cumsum(shares).tolist()}
    data = pa.table({"component": names[:MOST_BARS], SHARE: shares[:MOST_BARS]})
    title = "Variance explained by each component"
    figure = bars(
        data, x="component", ys=[SHARE], title=title, x_name="component", y_name=SHARE, formats={SHARE: "percent"}
    )
    return table_of(columns), figure
