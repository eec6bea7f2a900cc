"""Projection: many columns drawn together into a few."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Figure, Model, Table
from peephole.nodes.mining.learners import NEEDS


class Components(NamedTuple):
    """What `pca` gives."""

    scores: Table
    loadings: Table
    variance: Table
    figure: Figure
    model: Model


@node(
    family="mining",
    icon="pca",
    says="{components:component}[ of {columns}]",
    title="PCA",
    needs=NEEDS,
    pack="mining",
    also=("Principal components", "Dimensionality reduction"),
)
def pca(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    components: Annotated[int, Between(1, 1000)] = 2,
    scale: bool = True,
    name: Annotated[str, Field(min_length=1)] = "PC",
) -> Components:
    """Turn many columns into a few that keep most of the variance (principal component analysis).

    Missing numbers get the median, a category becomes a column of 0 and 1 for each of its values.

    table: rows to project.
    columns: what to draw together; none chosen: all numbers and booleans.
    components: how many new columns; at most as many as there are columns or rows.
    scale: bring numbers to deviation 1 first, so that no column counts more for its unit.
    name: what the new columns' names start with.
    scores: the table with the new columns.
    loadings: the weight of each column in each component.
    variance: how much of the variance each component explains, and all up to it; for every component there is.
    figure: the explained variance as bars.
    model: the projection with its preparation.
    """
    from peephole.nodes.mining import _components as work

    return Components(*work.project(table, columns, components, scale=scale, name=name))


class Map(NamedTuple):
    """What `t_sne` and `mds` give."""

    figure: Figure
    placed: Table


@node(family="mining", icon="scatter", title="t-SNE", needs=NEEDS, pack="mining", also=("t-SNE", "Manifold Learning"))
def t_sne(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    colour: Column | None = None,
    perplexity: Annotated[float, Between(1, 1000)] = 30.0,
    steps: Annotated[int, Between(250, 100_000)] = 1000,
    metric: Literal["euclidean", "manhattan", "cosine"] = "euclidean",
    scale: bool = True,
    name: Annotated[str, Field(min_length=1)] = "t-SNE",
    seed: Seed = 0,
) -> Map:
    """Draw rows on a map so that neighbours stay neighbours (t-distributed stochastic neighbour embedding).

    Groups and who is beside whom mean something; how far apart groups are, how large they are and what the axes say does not.

    table: rows to place; up to some ten thousand.
    columns: what makes rows alike; none chosen: all numbers and booleans.
    colour: a column that colours the figure's points.
    perplexity: about how many neighbours each row minds; at most a third of the rows.
    steps: how many steps of moving the points.
    metric: how far apart two rows are: as the crow flies, along the axes, or by the angle between them.
    scale: bring numbers to mean 0 and deviation 1 first, so that no column counts more for its unit.
    name: what the two new columns' names start with.
    seed: of the moves.
    figure: the map.
    placed: the table with two new columns, the places.
    """
    from peephole.nodes.mining import _maps as work

    return Map(
        *work.neighbours(
            table, columns, colour, perplexity=perplexity, steps=steps, metric=metric, scale=scale, name=name, seed=seed
        )
    )


@node(
    family="mining",
    icon="scatter",
    title="MDS",
    needs=NEEDS,
    pack="mining",
    also=("Multidimensional Scaling", "PCoA"),
)
def mds(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    colour: Column | None = None,
    kind: Literal["metric", "by order", "classical"] = "metric",
    starts: Annotated[int, Between(1, 100)] = 4,
    steps: Annotated[int, Between(1, 100_000)] = 300,
    scale: bool = True,
    name: Annotated[str, Field(min_length=1)] = "MDS",
    seed: Seed = 0,
) -> Map:
    """Draw rows on a map so that the distances are as near as can be to those between the rows (multidimensional scaling).

    table: rows to place; at most 5,000.
    columns: what makes rows alike; none chosen: all numbers and booleans.
    colour: a column that colours the figure's points.
    kind: keep the distances (metric), only their order, or the scalar products (classical, exact and quick).
    starts: tries from different places; the best is kept.
    steps: at most so many steps of each try.
    scale: bring numbers to mean 0 and deviation 1 first, so that no column counts more for its unit.
    name: what the two new columns' names start with.
    seed: decides the first places.
    figure: the map; its title tells how well the distances fit (stress: 0 is perfect, above 0.2 poor).
    placed: the table with two new columns, the places.
    """
    from peephole.nodes.mining import _maps as work

    return Map(
        *work.distances(
            table, columns, colour, kind=kind, starts=starts, steps=steps, scale=scale, name=name, seed=seed
        )
    )
