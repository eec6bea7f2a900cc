"""Silhouettes (Rousseeuw 1987) of rows whose clusters are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from sklearn.metrics import silhouette_samples

from peephole.core.errors import DataError
from peephole.core.progress import message
from peephole.core.types import Figure, Table
from peephole.figures.shares import silhouettes as silhouettes_figure
from peephole.nodes.mining._grouping import add, ready
from peephole.nodes.mining._names import label_text
from peephole.nodes.mining._rows import as_table, known, read_all, table_of, words

MEAN = "mean silhouette"


@dataclass(frozen=True)
class Found:
    """What the node gives."""

    table: Table
    clusters: Table
    figure: Figure


def silhouettes(table: Table, cluster: str, columns: Sequence[str], *, scale: bool, most: int, seed: int) -> Found:
    """The silhouette of each row of the sample, and the means. Raises DataError for less than two clusters."""
    usual = [n for n, word in words(table).items() if word in ("integer", "number", "boolean") and n != cluster]
    rows = _sample(read_all(table), cluster, most, seed)
    labels = rows.column(cluster).combine_chunks().dictionary_encode()
    different = [label_text(v) for v in labels.dictionary.to_pylist()]
    codes = np.asarray(labels.indices)
    if not 2 <= len(different) < rows.num_rows:
        raise DataError(
            f'"{cluster}" has {len(different)} clusters in {rows.num_rows} rows: there is nothing to compare.',
            remedy="A silhouette needs two clusters or more, and more rows than clusters.",
            setting="cluster",
        )
    if not (columns or usual):
        raise DataError("There is no column of numbers besides the cluster.", remedy="Choose columns.")
    found = ready(as_table(rows), list(columns) or usual, scale=scale)
    values = silhouette_samples(found.matrix, codes)
    return _outputs(rows, cluster, different, codes, values)


def _outputs(rows: pa.Table, cluster: str, different: list[str], codes: object, values: object) -> Found:
    of = np.asarray(values)
    at = np.asarray(codes)
    order = sorted(range(len(different)), key=lambda i: (len(different[i]), different[i]))
    names = [different[i] for i in order]
    means = [float(of[at == i].mean()) for i in order]
    counts = [int((at == i).sum()) for i in order]
    overview = table_of(
        {"cluster": ["(all)", *names], "rows": [len(of), *counts], MEAN: [float(of.mean()), *means]},
        {"cluster": pa.string()},
    )
    title = f"Silhouettes of {cluster}: {of.mean():.3f} on average"
    parts = {name: np.sort(of[at == i])[::-1].tolist() for name, i in zip(names, order, strict=True)}
    return Found(add(rows, {"silhouette": pa.array(of)}), overview, silhouettes_figure(parts, title, cluster))


def _sample(rows: pa.Table, cluster: str, most: int, seed: int) -> pa.Table:
    rows = rows.filter(known(rows.column(cluster)))
    if rows.num_rows > most:
        message(f"A sample of {most} of {rows.num_rows} rows is used.")
        rows = rows.take(np.sort(np.random.default_rng(seed).choice(rows.num_rows, most, replace=False)))
    return rows
