"""Correlations of all columns of numbers at a glance."""

from __future__ import annotations

from typing import Literal

from peephole.core.node import node
from peephole.core.settings import NumberColumns
from peephole.core.types import Figure, Table


@node(
    family="views",
    icon="heat-map",
    needs=("matplotlib",),
    pack="views",
    version=2,  # missing values count pair by pair
    migrations={1: dict},
    also=("Linear Correlation", "Correlations", "Correlation plot", "Heatmap of correlations"),
)
def correlation_heat_map(
    table: Table,
    *,
    columns: NumberColumns = [],  # noqa: B006 - validated and frozen
    method: Literal["pearson", "spearman", "kendall"] = "pearson",
    order: Literal["as they are", "alike together"] = "as they are",
    title: str = "",
) -> Figure:
    """Colour a grid by how much each two columns go together: orange rising, blue falling, pale not at all.

    Each two columns are compared in the rows that have a value of both.

    table: rows with numbers.
    columns: the columns to compare; all number columns if none are chosen.
    method: along a straight line (pearson), or along any line that rises or falls, by ranks (spearman) or by pairs (kendall).
    order: the columns in their order, or those that go together side by side.
    title: of the figure; empty: made from the method.
    """
    from peephole.nodes.views import _correlations as work

    return work.figure(table, columns, method, together=order == "alike together", title=title)
