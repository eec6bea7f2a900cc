"""How many clusters there are."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Columns, Seed
from peephole.core.types import Figure, Model, Table
from peephole.nodes.mining.learners import NEEDS


class Choice(NamedTuple):
    """What `choose_clusters` gives."""

    clustered: Table
    model: Model
    measures: Table
    figure: Figure


@node(
    family="mining",
    icon="silhouette",
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("k-Means with optimal k", "Elbow method", "Number of clusters"),
)
def choose_clusters(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    fewest: Annotated[int, Between(2, 100)] = 2,
    most: Annotated[int, Between(2, 100)] = 8,
    by: Literal["silhouette", "Calinski-Harabasz", "Davies-Bouldin"] = "silhouette",
    scale: bool = True,
    starts: Annotated[int, Between(1, 100)] = 10,
    rows: Annotated[int, Between(10)] = 5000,
    name: Annotated[str, Field(min_length=1)] = "cluster",
    seed: Seed = 0,
) -> Choice:
    """Run k-Means with each number of clusters, and keep the one that separates the rows best.

    table: rows to put together.
    columns: what makes rows alike; none chosen: all numbers and booleans.
    fewest: the smallest number of clusters to try.
    most: the largest number of clusters to try.
    by: what makes the best: rows near their own and far from the next cluster (silhouette), spread between against within
        clusters (Calinski-Harabasz), or how alike the two likest clusters are (Davies-Bouldin, which should be small).
    scale: bring numbers to mean 0 and deviation 1 first, so that no column counts more for its unit.
    starts: tries from different first centres for each number; the best is kept.
    rows: silhouettes are measured on a sample of at most so many rows.
    name: the new column with the cluster's number, from 1.
    seed: decides the first centres and the sample.
    clustered: the table with the cluster of each row, with the best number of clusters.
    model: the centres with their preparation, for Assign Clusters.
    measures: for each number of clusters the three measures, and the squared distances to the centres (inertia).
    figure: the measure over the number of clusters.
    """
    from peephole.nodes.mining import _choosing as work

    return Choice(
        *work.choose(
            table, columns, (fewest, most), by=by, scale=scale, starts=starts, sample=rows, name=name, seed=seed
        )
    )
