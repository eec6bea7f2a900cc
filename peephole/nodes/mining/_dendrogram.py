"""The tree of a hierarchical clustering as brackets; of many rows only its last joinings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.cluster.hierarchy import dendrogram as laid_out

from peephole.core.types import Figure
from peephole.figures.palette import REFERENCE
from peephole.figures.trees import LEAF, dendrogram

MOST_LEAVES = 60
ABOVE = "between clusters"
STEP, FIRST = 10.0, 5.0  # of places, as scipy lays leaves out


def figure(
    children: Any, distances: Any, codes: Any, clusters: int, names: Sequence[str] | None, linkage: str
) -> Figure:
    """The tree from scikit-learn's joinings.  codes: the rows' clusters.  names: of the rows."""
    count = len(codes)
    sizes, of_cluster = _facts(children, codes)
    table = np.column_stack([children.astype(float), distances, sizes[count:]])
    shown = min(MOST_LEAVES, count)
    drawn = laid_out(
        table,
        p=shown,
        truncate_mode="lastp" if count > MOST_LEAVES else None,
        no_plot=True,
        link_color_func=lambda i: of_cluster[i],
        leaf_label_func=lambda i: _leaf(i, count, sizes, names),
    )
    used = sorted({c for c in drawn["color_list"] if c != ABOVE}, key=lambda c: int(c.removeprefix("cluster ")))
    groups = [*used, ABOVE] if ABOVE in drawn["color_list"] else used
    rows: list[tuple[float | None, float | None, str, str]] = []
    for places, heights, group in zip(drawn["icoord"], drawn["dcoord"], drawn["color_list"], strict=True):
        rows += [(h, (p - FIRST) / STEP + 0.5, group, "") for p, h in zip(places, heights, strict=True)]
        rows.append((None, None, group, ""))
    leaves = [str(text) for text in drawn["ivl"]]
    rows += [(0.0, i + 0.5, LEAF, text) for i, text in enumerate(leaves)]
    kinds = {"distance": pa.float64(), "place": pa.float64(), "group": pa.string(), "name": pa.string()}
    data = pa.table({n: pa.array([r[i] for r in rows], k) for i, (n, k) in enumerate(kinds.items())})
    kept = f", the last {shown - 1} joinings" if shown < count else ""
    return dendrogram(
        data,
        groups=groups,
        colours={ABOVE: REFERENCE},
        leaves=leaves,
        cut=_cut(distances, clusters),
        title=f"{count} rows in {clusters} clusters ({linkage}){kept}",
        x_name="distance when joined",
    )


def _facts(children: Any, codes: Any) -> tuple[Any, list[str]]:
    """How many rows each node holds, and the cluster it lies in; rows first, then the joinings."""
    count = len(codes)
    sizes = np.ones(count + len(children), dtype=np.int64)
    of = [*np.asarray(codes).tolist(), *([-1] * len(children))]
    for i, (a, b) in enumerate(children):
        sizes[count + i] = sizes[a] + sizes[b]
        of[count + i] = of[a] if of[a] == of[b] else -1
    return sizes, [ABOVE if c < 0 else f"cluster {c + 1}" for c in of]


def _leaf(i: int, count: int, sizes: Any, names: Sequence[str] | None) -> str:
    if i >= count:
        return f"{sizes[i]} rows"
    return names[i] if names else ""


def _cut(distances: Any, clusters: int) -> float | None:
    """Half-way between the last joining inside clusters and the first between them."""
    if not 1 < clusters <= len(distances):
        return None
    ordered = np.sort(distances)
    return float((ordered[-clusters] + ordered[-clusters + 1]) / 2)
