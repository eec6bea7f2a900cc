"""Rows that are unlike the others: isolation forest, local outlier factor."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Columns, Seed
from peephole.core.types import Figure, Model, Table
from peephole.nodes.mining.learners import NEEDS

Name = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(gt=0, le=0.5)]


class Isolated(NamedTuple):
    """What `isolation_forest` gives."""

    model: Model
    rated: Table
    figure: Figure


class Rated(NamedTuple):
    """What `local_outlier_factor` gives."""

    rated: Table
    figure: Figure


@node(
    family="mining",
    icon="forest",
    needs=NEEDS,
    pack="mining",
    also=("Outliers", "Anomaly detection", "Numeric Outliers"),
)
def isolation_forest(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    trees: Annotated[int, Between(1, 10_000)] = 100,
    share: Share | None = None,
    name: Name = "outlier",
    seed: Seed = 0,
) -> Isolated:
    """Find rows unlike the others: those that a few random questions are enough to set apart.

    Missing numbers get the median, a category becomes a column of 0 and 1 for each of its values.

    table: rows to look through.
    columns: what makes rows alike; none chosen: all numbers and booleans.
    trees: how many trees of random questions.
    share: which share of the rows is unlike the others; empty: those with a score above one half (Liu et al. 2008).
    name: the new column that says whether a row is an outlier; beside it comes its score.
    seed: decides the questions.
    model: the trees with their preparation, for Mark Outliers.
    rated: the table with the verdict and the score, near 1 for rows quite unlike the others.
    figure: how many rows have which score.
    """
    from peephole.nodes.mining import _outliers as work

    return Isolated(*work.isolate(table, columns, trees=trees, share=share, name=name, seed=seed))


@node(family="mining", icon="neighbours", needs=NEEDS, pack="mining", also=("LOF", "Outliers", "Anomaly detection"))
def local_outlier_factor(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    neighbours: Annotated[int, Between(1, 1000)] = 20,
    share: Share | None = None,
    scale: bool = True,
    name: Name = "outlier",
) -> Rated:
    """Find rows that lie farther from their neighbours than those do from theirs.

    table: rows to look through.
    columns: what makes rows alike; none chosen: all numbers and booleans.
    neighbours: how many neighbours are compared with.
    share: which share of the rows is unlike the others; empty: those with a factor above 1.5 (Breunig et al. 2000).
    scale: bring numbers to mean 0 and deviation 1 first, so that no column counts more for its unit.
    name: the new column that says whether a row is an outlier; beside it comes its factor.
    rated: the table with the verdict and the factor: near 1 among equals, the higher the farther off.
    figure: how many rows have which factor.
    """
    from peephole.nodes.mining import _outliers as work

    return Rated(*work.factors(table, columns, neighbours=neighbours, share=share, scale=scale, name=name))


@node(family="mining", icon="predict", outside=True, data_dependent=True, needs=NEEDS, pack="mining")
def mark_outliers(table: Table, model: Model, *, name: Name = "outlier") -> Table:
    """Tell of new rows whether they are unlike those that an isolation forest was grown on.

    table: rows with the columns that the model was learnt from.
    model: what Isolation forest gave.
    name: the new column that says whether a row is an outlier; beside it comes its score.
    returns: the table with the verdict and the score.
    """
    from peephole.nodes.mining._outliers import mark

    return mark(table, model, name)
