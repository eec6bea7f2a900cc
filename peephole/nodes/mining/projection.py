"""Projection: many columns drawn together into a few."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Columns
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
