"""Scores of how unlike the others each row is."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor

from peephole.core.progress import message
from peephole.core.types import Figure, Model, Table
from peephole.figures.charts import bars
from peephole.nodes.mining._applying import require
from peephole.nodes.mining._grouping import add, model_of, ready
from peephole.nodes.mining._reading import Rows
from peephole.nodes.mining._rows import read_all
from peephole.nodes.mining._threads import fitting_threads
from peephole.nodes.views._keys import nice_step

FACTOR = 1.5
BINS = 16


def isolate(
    table: Table, columns: Sequence[str], *, trees: int, share: float | None, name: str, seed: int
) -> tuple[Model, Table, Figure]:
    """The isolation forest's outputs in order."""
    found = ready(table, columns, scale=False)
    estimator = IsolationForest(n_estimators=trees, contamination="auto" if share is None else share, random_state=seed)
    with fitting_threads(len(found.matrix)):
        estimator.fit(found.matrix)
        scores = -estimator.score_samples(found.matrix)
    outside = scores > -estimator.offset_
    settings = {"trees": trees, "share": share, "seed": seed}
    model = model_of(found, estimator, "outliers", "Isolation forest", settings)
    return model, _rated(found.source, outside, scores, name), _figure(scores, outside, "score")


def factors(
    table: Table, columns: Sequence[str], *, neighbours: int, share: float | None, scale: bool, name: str
) -> tuple[Table, Figure]:
    """The local outlier factor's outputs in order."""
    found = ready(table, columns, scale=scale)
    asked = min(neighbours, len(found.matrix) - 1)
    if asked < neighbours:
        message(f"There are only {asked} other rows: all are compared with.")
    estimator = LocalOutlierFactor(asked, contamination="auto" if share is None else share)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator.fit(found.matrix)
    if caught:
        message("Many rows are equal: their factors say little. Ask for more neighbours.", "warning")
    scores = -estimator.negative_outlier_factor_
    outside = scores > (FACTOR if share is None else -estimator.offset_)
    return _rated(found.source, outside, scores, name, "factor"), _figure(scores, outside, "factor")


def mark(table: Table, model: Model, name: str) -> Table:
    """The table with the verdict of a model."""
    require(model, table, "outliers")
    rows = read_all(table)
    scores: Any = np.empty(0)
    prepare, (encode, estimator) = model.estimator[0], (model.estimator[-1][0], model.estimator[-1][-1])
    if rows.num_rows:
        matrix = encode.transform(prepare.transform(rows.select(list(model.features))))
        with fitting_threads(rows.num_rows):
            scores = -estimator.score_samples(matrix)
    return _rated(rows, scores > -estimator.offset_, scores, name)


def _rated(rows: Rows, outside: Any, scores: Any, name: str, what: str = "score") -> Table:
    message(f"{int(outside.sum())} of {len(scores)} rows are unlike the others.")
    return add(rows, {name: pa.array(outside, pa.bool_()), f"{name} {what}": pa.array(scores, pa.float64())})


def _figure(scores: Any, outside: Any, what: str) -> Figure:
    """How many rows have which score, the outliers in another colour."""
    high = float(np.quantile(scores, 0.999)) if len(scores) > 1000 else float(scores.max())
    low = float(scores.min())
    step = nice_step((high - low) / BINS or 0.01)
    count = int((high - low) / step + 1e-9) + 2
    edges = math.floor(low / step) * step + step * np.arange(count + 1)
    counts = [np.histogram(np.clip(scores[side], None, edges[-1]), edges)[0] for side in (~outside, outside)]
    used = slice(0, int(np.flatnonzero(counts[0] + counts[1])[-1]) + 1)
    counts, edges = [c[used] for c in counts], edges[: used.stop + 1]
    labels = [f"{a:.6g} to {b:.6g}" for a, b in itertools.pairwise(edges)]
    data = pa.table({what: labels, "like the others": counts[0].astype(float), "outliers": counts[1].astype(float)})
    names = ["like the others", "outliers"]
    title = f"{int(outside.sum())} of {len(scores)} rows are unlike the others"
    return bars(
        data, x=what, ys=names, title=title, x_name=what, y_name="rows", touching=True,
        formats=dict.fromkeys(names, "integer"),
    )  # fmt: skip
