"""Rows placed on a plane: t-SNE, multidimensional scaling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.spatial.distance import pdist
from sklearn.manifold import MDS, TSNE

from peephole.core.errors import DataError
from peephole.core.progress import advance, message
from peephole.core.types import Figure, Table
from peephole.figures.charts import points
from peephole.nodes.mining._grouping import Ready, add, ready
from peephole.nodes.mining._watching import watched
from peephole.nodes.views import _points

MOST_FOR_MDS = 5000
MOST_FOR_TSNE = 100_000
MOST_DRAWN = 5000


def neighbours(
    table: Table,
    columns: Sequence[str],
    colour: str | None,
    *,
    perplexity: float,
    steps: int,
    metric: str,
    scale: bool,
    name: str,
    seed: int,
) -> tuple[Figure, Table]:
    """The outputs of t-SNE in order. Raises DataError for fewer than four rows, or too many."""
    found = ready(table, columns, scale=scale)
    count = len(found.matrix)
    _check(count, 4, MOST_FOR_TSNE)
    most = max(1.0, (count - 1) / 3)
    if perplexity > most:
        message(f"With {count} rows the perplexity is {most:g}.")
    flat = min(found.matrix.shape) < 2  # one column has no second principal component
    start = "random" if flat else "pca"
    estimator = TSNE(perplexity=min(perplexity, most), max_iter=steps, metric=metric, random_state=seed, init=start)
    watched(lambda: estimator.fit(found.matrix), lambda: advance(0, None, "Moving the points"), rows=count)
    title = f"t-SNE of {count} rows{f' by {colour}' if colour else ''}"
    return _placed(found, estimator.embedding_, name, colour, title)


def distances(
    table: Table,
    columns: Sequence[str],
    colour: str | None,
    *,
    kind: str,
    starts: int,
    steps: int,
    scale: bool,
    name: str,
    seed: int,
) -> tuple[Figure, Table]:
    """The outputs of multidimensional scaling in order."""
    found = ready(table, columns, scale=scale)
    count = len(found.matrix)
    _check(count, 3, MOST_FOR_MDS)
    if kind == "classical":
        places = _classical(found.matrix)
    else:
        estimator = MDS(
            2, metric_mds=kind == "metric", n_init=starts, max_iter=steps, init="random", random_state=seed,
            normalized_stress=False if kind == "metric" else "auto",
        )  # fmt: skip
        watched(lambda: estimator.fit(found.matrix), lambda: advance(0, None, "Moving the points"), rows=count)
        places = estimator.embedding_
    stress = _stress(found.matrix, places)
    told = "" if kind == "by order" else f", stress {stress:.3f}"
    title = f"MDS of {count} rows{f' by {colour}' if colour else ''}{told}"
    return _placed(found, places, name, colour, title)


def _classical(matrix: Any) -> Any:
    """Torgerson's solution for Euclidean distances: the principal coordinates, each with its largest part positive."""
    centred = matrix - matrix.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    places = np.zeros((len(matrix), 2))
    kept = min(2, len(sizes))
    places[:, :kept] = left[:, :kept] * sizes[:kept]
    signs = np.sign(places[np.argmax(np.abs(places), axis=0), range(2)])
    return places * np.where(signs == 0, 1, signs)


def _stress(matrix: Any, places: Any) -> float:
    """Kruskal's stress-1 of the distances on the plane."""
    wanted, got = pdist(matrix), pdist(places)
    size = float((got**2).sum())
    return float(np.sqrt(((wanted - got) ** 2).sum() / size)) if size else 0.0


def _check(count: int, least: int, most: int) -> None:
    if count < least:
        raise DataError(f"There are {count} rows; {least} or more are needed.", remedy="Look at the node before.")
    if count > most:
        raise DataError(f"{count} rows are too many to place; at most {most}.", remedy="Take a sample first.")


def _placed(found: Ready, places: Any, name: str, colour: str | None, title: str) -> tuple[Figure, Table]:
    x, y = f"{name} 1", f"{name} 2"
    table = add(found.source, {x: pa.array(places[:, 0].astype(float)), y: pa.array(places[:, 1].astype(float))})
    drawn = _points.collect(table, x, y, colour, MOST_DRAWN)
    figure = points(
        drawn.data,
        x=x,
        y=y,
        title=title,
        groups=drawn.groups,
        group=drawn.names[2] if drawn.groups else "",
        colours=drawn.colours,
    )
    return figure, table
