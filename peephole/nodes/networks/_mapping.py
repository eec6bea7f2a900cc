"""A layer's activations brought to the plane."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from peephole.core.errors import DataError, MissingLibraryError
from peephole.core.progress import advance, message
from peephole.core.types import Figure, Network, Table
from peephole.figures.charts import points
from peephole.neural.prepare.rows import Floats
from peephole.nodes.networks._rows import as_table
from peephole.nodes.networks._thumbnails import thumbnails
from peephole.nodes.networks._using import features, layer_of, require_trained, rows_for


class How(NamedTuple):
    """The method; perplexity of t-sne, neighbours and apart of umap, the seed of both; most points."""

    method: str
    perplexity: float = 30.0
    neighbours: int = 15
    apart: float = 0.1
    seed: int = 0
    most: int = 2000


def mapped(
    table: Table,
    network: Network,
    layer: str,
    how: How,
    colour: str | None,
    text: str | None,
    pictures: Sequence[str] = (),
) -> tuple[Figure, Table]:
    """The map, and the rows with the place of their point."""
    net = require_trained(network)
    rows, name = rows_for(table, net), layer_of(net, layer)
    values, at = features(net, rows, name, "last")
    step = -(-len(values) // how.most)
    if step > 1:
        message(f"The map shows one row of {step}.")
        values, at = values[::step], at[::step]
    place, axes = placed(values, how)
    kept = rows.take(pa.array(at))
    x, y = (_free(axis, kept) for axis in axes)
    kept = kept.append_column(x, pa.array(place[:, 0])).append_column(y, pa.array(place[:, 1]))
    title = f"{net.graph.layers[name].title or name} of {len(values):,} rows" + (f" by {colour}" if colour else "")
    figure = _drawn(kept, (x, y), title, colour, text)
    return _pictured(figure, kept, colour, pictures) if pictures else figure, as_table(kept)


def placed(values: Floats, how: How) -> tuple[Floats, tuple[str, str]]:
    """(n, 2), and what the axes are called."""
    if values.shape[1] == 2:
        return values, ("unit 1", "unit 2")
    if values.shape[1] == 1:
        return np.column_stack([values[:, 0], np.zeros(len(values))]), ("unit 1", "nothing")
    if len(values) < 3:
        raise DataError("A map needs at least three rows.", remedy="Give more rows.")
    advance(0, None, "Placing the points")
    make, axes = _METHODS[how.method]
    return make(values, how), axes


def _pca(values: Floats, _how: How) -> Floats:
    from sklearn.decomposition import PCA

    found = PCA(2, svd_solver="full").fit(values)
    message(f"The plane shows {found.explained_variance_ratio_.sum():.0%} of the spread.")
    return np.asarray(found.transform(values), dtype=np.float64)


def _tsne(values: Floats, how: How) -> Floats:
    from sklearn.manifold import TSNE

    nearest = min(how.perplexity, (len(values) - 1) / 3)
    if nearest < how.perplexity:
        message(f"There are few rows: perplexity is {nearest:.3g}.")
    made = TSNE(2, perplexity=nearest, init="pca", random_state=how.seed).fit_transform(values)
    return np.asarray(made, dtype=np.float64)


def _umap(values: Floats, how: How) -> Floats:
    """Source: McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection" (2018)."""
    if len(values) < _FEWEST:
        raise DataError(f"A map by umap needs at least {_FEWEST} rows.", remedy="Give more rows, or take pca.")
    nearest = min(how.neighbours, len(values) - 1)
    if nearest < how.neighbours:
        message(f"There are few rows: neighbours is {nearest}.")
    reducer = _umap_class()(n_neighbors=nearest, min_dist=how.apart, random_state=how.seed, n_jobs=1)
    return np.asarray(reducer.fit_transform(values), dtype=np.float64)


def _umap_class() -> Any:
    """UMAP's own class. Raises MissingLibraryError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ImportWarning)  # of TensorFlow, which only its parametric kind needs
            import umap
    except ImportError as error:
        raise MissingLibraryError(
            "Embedding map: the method umap needs the package umap-learn, which is not installed.",
            remedy="Install it: pip install 'peephole[umap]'. Or take the method t-sne, which also keeps neighbours together.",
        ) from error
    return umap.UMAP


_FEWEST = 5
_METHODS: dict[str, tuple[Callable[[Floats, How], Floats], tuple[str, str]]] = {
    "pca": (_pca, ("component 1", "component 2")),
    "t-sne": (_tsne, ("map x", "map y")),
    "umap": (_umap, ("map x", "map y")),
}


def _free(name: str, rows: pa.Table) -> str:
    while name in rows.column_names:
        name += " "
    return name


def _drawn(rows: pa.Table, axes: tuple[str, str], title: str, colour: str | None, text: str | None) -> Figure:
    names = list(dict.fromkeys([*axes, *filter(None, (colour, text))]))
    data = rows.select(names)
    groups: list[str] = []
    if colour is not None:
        labels, groups = _groups(data.column(colour))
        data = data.set_column(names.index(colour), colour, labels)
    if text is not None and text != colour:
        said = ["" if value is None else str(value) for value in data.column(text).to_pylist()]
        data = data.set_column(names.index(text), text, pa.array(said, pa.string()))
    figure = points(data, x=axes[0], y=axes[1], title=title, groups=groups, group=colour or "")
    for series in figure.option["series"]:
        series["encode"]["tooltip"] = names
        series["symbolSize"] = 14 if len(data) < FEW else series["symbolSize"]
        if text is not None and len(data) <= SAID:
            series["encode"]["label"] = text
            series["label"] = {
                "show": True,
                "position": "right",
                "fontSize": 11,
                "color": "inherit",
                "textBorderWidth": 0,
            }
            series["labelLayout"] = {"hideOverlap": True}
    return figure


def _pictured(figure: Figure, rows: pa.Table, colour: str | None, columns: Sequence[str]) -> Figure:
    """The map with a picture for a point, in the colour of its group; of many points some have one."""
    series = figure.option["series"]
    inks = {one["name"]: one["itemStyle"]["color"] for one in series}
    named = figure.data.column(colour).to_pylist() if colour is not None else [series[0]["name"]] * rows.num_rows
    every = -(-rows.num_rows // PICTURED)
    some = thumbnails(rows.take(pa.array(range(0, rows.num_rows, every))), columns, [inks[n] for n in named[::every]])
    addresses = [some[k // every] if k % every == 0 else None for k in range(rows.num_rows)]
    name = _free("picture", figure.data)
    figure.option["peephole"]["pictures"] = name
    return replace(figure, data=figure.data.append_column(name, pa.array(addresses, pa.string())))


MOST_COLOURS = 10
FEW = 50  # points that are drawn large
SAID = 500  # points beside which a text stands; of more only the one pointed at says it
PICTURED = 400  # points that are pictures


def _groups(column: pa.ChunkedArray) -> tuple[pa.Array, list[str]]:
    """Values as text, the rarest taken together, and the values in order."""
    plain = ["missing" if value is None else str(value) for value in column.to_pylist()]
    counts = {value: plain.count(value) for value in set(plain)}
    order = sorted(counts, key=lambda value: (-counts[value], value))
    kept = set(order if len(order) <= MOST_COLOURS else order[: MOST_COLOURS - 1])
    labels = [value if value in kept else "other" for value in plain]
    shown = sorted(kept, key=_by_number) + (["other"] if len(order) > MOST_COLOURS else [])
    return pa.array(labels, pa.string()), shown


def _by_number(text: str) -> tuple[float, str]:
    try:
        return float(text), text
    except ValueError:
        return np.inf, text
