"""Clustering: rows that are alike put together, and how well that went."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from peephole.core.errors import DataError
from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Figure, Model, Table
from peephole.nodes.mining.learners import NEEDS

Name = Annotated[str, Field(min_length=1)]
MOST_FOR_TREE = 15_000  # rows: the distances between all pairs are kept


class Clusters(NamedTuple):
    """What `k_means` gives."""

    model: Model
    clustered: Table
    centres: Table


class Groups(NamedTuple):
    """What clusterings without a model give."""

    clustered: Table
    centres: Table


class Tree(NamedTuple):
    """What `hierarchical_clustering` gives."""

    clustered: Table
    centres: Table
    figure: Figure


class Silhouette(NamedTuple):
    """What `silhouette` gives."""

    rated: Table
    clusters: Table
    figure: Figure


@node(
    family="mining",
    icon="cluster",
    says="{clusters:cluster}[ of {columns}]",
    title="k-Means",
    needs=NEEDS,
    pack="mining",
    also=("k-Means", "Clustering"),
)
def k_means(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    clusters: Annotated[int, Between(1, 1000)] = 3,
    scale: bool = True,
    starts: Annotated[int, Between(1, 100)] = 10,
    steps: Annotated[int, Between(1, 10_000)] = 300,
    name: Name = "cluster",
    seed: Seed = 0,
) -> Clusters:
    """Put rows into a given number of clusters, each row to the nearest centre.

    Missing numbers get the median, a category becomes a column of 0 and 1 for each of its values.

    table: rows to put together.
    columns: what makes rows alike; none chosen: all numbers and booleans.
    clusters: how many (k).
    scale: bring numbers to mean 0 and deviation 1 first, so that no column counts more for its unit.
    starts: tries from different first centres; the best is kept.
    steps: at most so many rounds of each try.
    name: the new column with the cluster's number, from 1.
    seed: decides the first centres.
    model: the centres with their preparation, for Assign Clusters.
    clustered: the table with the cluster of each row.
    centres: how many rows each cluster has, and the mean of each column in it.
    """
    from sklearn.cluster import KMeans

    from peephole.nodes.mining import _grouping as work
    from peephole.nodes.mining._threads import fitting_threads

    found = work.ready(table, columns, scale=scale)
    if clusters > len(found.matrix):
        raise DataError(
            f"There are {len(found.matrix)} rows for {clusters} clusters.", remedy="Ask for fewer.", setting="clusters"
        )
    estimator = KMeans(clusters, n_init=starts, max_iter=steps, random_state=seed)
    with fitting_threads(len(found.matrix)):
        work.fit_quietly(estimator, found.matrix)
    codes = estimator.labels_
    model = work.model_of(found, estimator, "clustering", "k-Means", {"clusters": clusters, "seed": seed})
    return Clusters(model, work.with_clusters(found.source, codes, name), work.centres(found, codes))


@node(
    family="mining",
    icon="cluster",
    outside=True,
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Cluster Assigner",),
)
def assign_clusters(table: Table, model: Model, *, name: Name = "cluster") -> Table:
    """Put new rows into the clusters that k-Means has found.

    table: rows with the columns that the model was learnt from.
    model: what k-Means gave.
    name: the new column with the cluster's number.
    returns: the table with the clusters.
    """
    from peephole.nodes.mining._grouping import assign

    return assign(table, model, name)


@node(
    family="mining",
    icon="cluster",
    title="DBSCAN",
    outside=True,
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Density clustering",),
)
def dbscan(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    radius: Annotated[float, Field(gt=0)] = 0.5,
    rows: Annotated[int, Between(1)] = 5,
    scale: bool = True,
    name: Name = "cluster",
) -> Groups:
    """Find clusters of any shape where rows lie close together; rows by themselves belong to none.

    table: rows to put together.
    columns: what makes rows alike; none chosen: all numbers and booleans.
    radius: rows nearer than this are neighbours (epsilon; in standard deviations where scaled).
    rows: a place with so many rows within the radius, itself counted, is dense.
    scale: bring numbers to mean 0 and deviation 1 first, so that no column counts more for its unit.
    name: the new column with the cluster's number, from 1; empty for rows by themselves.
    clustered: the table with the cluster of each row.
    centres: how many rows each cluster has, and the mean of each column in it.
    """
    from sklearn.cluster import DBSCAN

    from peephole.nodes.mining import _grouping as work

    found = work.ready(table, columns, scale=scale)
    codes = DBSCAN(eps=radius, min_samples=rows).fit(found.matrix).labels_
    work.tell_noise(codes)
    return Groups(work.with_clusters(found.source, codes, name), work.centres(found, codes))


@node(
    family="mining",
    icon="cluster",
    says="{clusters:cluster}[ of {columns}]",
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Dendrogram", "Agglomerative"),
)
def hierarchical_clustering(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    clusters: Annotated[int, Between(1, 1000)] = 3,
    linkage: Literal["ward", "complete", "average", "single"] = "ward",
    scale: bool = True,
    label: Column | None = None,
    name: Name = "cluster",
) -> Tree:
    """Join the two nearest groups of rows again and again until so many are left.

    table: rows to put together; at most 15,000.
    columns: what makes rows alike; none chosen: all numbers and booleans.
    clusters: how many to stop at.
    linkage: how far apart two groups are: by the variance joining adds, or by their farthest, mean or nearest rows.
    scale: bring numbers to mean 0 and deviation 1 first, so that no column counts more for its unit.
    label: a column that names the rows in the figure, where they are few.
    name: the new column with the cluster's number, from 1.
    clustered: the table with the cluster of each row.
    centres: how many rows each cluster has, and the mean of each column in it.
    figure: the tree of joinings (dendrogram); of many rows the last ones.
    """
    from sklearn.cluster import AgglomerativeClustering

    from peephole.nodes.mining import _dendrogram as tree
    from peephole.nodes.mining import _grouping as work
    from peephole.nodes.mining._names import label_text
    from peephole.nodes.mining._reading import every_column

    found = work.ready(table, columns, scale=scale)
    count = len(found.matrix)
    if count > MOST_FOR_TREE:
        raise DataError(
            f"{count} rows are too many to compare each with each; at most {MOST_FOR_TREE} are taken.",
            remedy="Take a sample first, or use k-Means or DBSCAN.",
        )
    if clusters > count:
        raise DataError(f"There are {count} rows for {clusters} clusters.", remedy="Ask for fewer.", setting="clusters")
    estimator = AgglomerativeClustering(clusters, linkage=linkage, compute_distances=True).fit(found.matrix)
    codes = estimator.labels_
    names = [label_text(v) for v in every_column(found.source).column(label).to_pylist()] if label else None
    figure = tree.figure(estimator.children_, estimator.distances_, codes, clusters, names, linkage)
    return Tree(work.with_clusters(found.source, codes, name), work.centres(found, codes), figure)


@node(
    family="mining",
    icon="silhouette",
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Silhouette Coefficient", "Silhouette Plot", "Cluster quality"),
)
def silhouette(
    table: Table,
    *,
    cluster: Column = "cluster",
    columns: Columns = [],  # noqa: B006 - validated and frozen
    scale: bool = True,
    rows: Annotated[int, Between(2)] = 10_000,
    seed: Seed = 0,
) -> Silhouette:
    """Tell how well each row fits its cluster: near 1 well inside, 0 between two, below 0 rather in another.

    table: rows with a cluster; those without one are left out.
    cluster: the column that tells each row's cluster.
    columns: what makes rows alike, as in the clustering; none chosen: all other numbers and booleans.
    scale: bring numbers to mean 0 and deviation 1 first, as in the clustering.
    rows: a sample of at most so many rows is used: each is compared with each.
    seed: decides the sample.
    rated: the rows used, with the silhouette of each.
    clusters: rows and mean silhouette of each cluster, and of all.
    figure: the mean silhouette of each cluster.
    """
    from peephole.nodes.mining import _silhouette as work

    found = work.silhouettes(table, cluster, columns, scale=scale, most=rows, seed=seed)
    return Silhouette(found.table, found.clusters, found.figure)
