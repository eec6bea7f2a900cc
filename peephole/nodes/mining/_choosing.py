"""k-Means with several numbers of clusters, measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.cluster import KMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from peephole.core.errors import DataError, SettingError
from peephole.core.progress import message, progress
from peephole.core.types import Figure, Model, Table
from peephole.figures.charts import lines
from peephole.nodes.mining._grouping import fit_quietly, model_of, ready, with_clusters
from peephole.nodes.mining._rows import table_of
from peephole.nodes.mining._threads import fitting_threads

MEASURES = ("silhouette", "Calinski-Harabasz", "Davies-Bouldin")


def choose(
    table: Table,
    columns: Sequence[str],
    span: tuple[int, int],
    *,
    by: str,
    scale: bool,
    starts: int,
    sample: int,
    name: str,
    seed: int,
) -> tuple[Table, Model, Table, Figure]:
    """The node's outputs in order. Raises DataError where there are too few different rows for two clusters."""
    fewest, most = span
    if fewest > most:
        raise SettingError(f"From {fewest} to {most} is nothing.", remedy="Raise most.", setting="most")
    found = ready(table, columns, scale=scale)
    matrix = found.matrix
    different = min(len(matrix) - 1, len(np.unique(matrix, axis=0)))
    if different < fewest:
        raise DataError(
            f"There are {different} different rows for {fewest} clusters or more.", remedy="Use more rows.",
            setting="fewest",
        )  # fmt: skip
    if most > different:
        message(f"At most {different} clusters are tried: there are no more different rows.")
    random = np.random.default_rng(seed)
    at = np.sort(random.choice(len(matrix), sample, replace=False)) if len(matrix) > sample else np.arange(len(matrix))
    tried: list[KMeans] = []
    measured: list[dict[str, float]] = []
    with fitting_threads(len(matrix)):
        for k in progress(range(fewest, min(most, different) + 1), "Numbers of clusters"):
            estimator = KMeans(k, n_init=starts, random_state=seed)
            fit_quietly(estimator, matrix)
            tried.append(estimator)
            measured.append(_measures(matrix, estimator.labels_, at))
    values = np.array([m[by] for m in measured])
    best = int(np.nanargmin(values) if by == "Davies-Bouldin" else np.nanargmax(values))
    chosen = tried[best]
    message(f"{chosen.n_clusters} clusters are best ({by} {values[best]:.4g}).")
    ks = [t.n_clusters for t in tried]
    overview = table_of(
        {
            "clusters": ks,
            **{m: [row[m] for row in measured] for m in MEASURES},
            "inertia": [float(t.inertia_) for t in tried],
        },
        dict.fromkeys(MEASURES, pa.float64()),
    )
    model = model_of(found, chosen, "clustering", "k-Means", {"clusters": chosen.n_clusters, "seed": seed})
    data = pa.table({"clusters": pa.array(ks, pa.int64()), by: pa.array(values, pa.float64())})
    title = f"{by[:1].upper()}{by[1:]} over the number of clusters: {chosen.n_clusters} are best"
    figure = lines(data, x="clusters", ys=[by], kind="value", title=title, x_name="clusters", y_name=by)
    figure.option["xAxis"]["minInterval"] = 1
    return with_clusters(found.source, chosen.labels_, name), model, overview, figure


def _measures(matrix: Any, codes: Any, at: Any) -> dict[str, float]:
    there = len(np.unique(codes[at]))
    inside = float(silhouette_score(matrix[at], codes[at])) if 2 <= there < len(at) else float("nan")
    return {
        "silhouette": inside,
        "Calinski-Harabasz": float(calinski_harabasz_score(matrix, codes)),
        "Davies-Bouldin": float(davies_bouldin_score(matrix, codes)),
    }
