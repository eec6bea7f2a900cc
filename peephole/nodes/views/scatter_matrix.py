"""Scatter matrix: every two columns of numbers against each other."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, NumberColumns
from peephole.core.types import Table
from peephole.nodes.views._keys import Axis
from peephole.nodes.views._selection import Chosen, Selection

MOST = 8


@node(
    family="views",
    icon="scatter",
    needs=("matplotlib",),
    pack="views",
    also=("Scatter Matrix", "Pair plot", "Scatterplot matrix"),
)
def scatter_matrix(
    table: Table,
    *,
    columns: Annotated[NumberColumns, Field(max_length=MOST)] = [],  # noqa: B006 - validated and frozen
    colour: Axis | None = None,
    most: Annotated[int, Between(1, 20_000)] = 1000,
    title: str = "",
    selection: Selection = [],  # noqa: B006
) -> Chosen:
    """Draw each column of numbers against each other one, and along the diagonal how each is spread.

    table: rows to draw.
    columns: the numbers, at most eight; none chosen: the first five there are.
    colour: what colours the points: the eight most frequent values; numbers in up to eight ranges, from light to dark.
    most: at most about so many points a panel; of more rows every second, third ... is drawn.
    title: of the figure; empty: made from the columns.
    selection: what was chosen in the drawing: areas of ranges and of values; nothing chosen gives no rows.
    figure: the drawing.
    selected: the rows that were chosen.
    """
    from peephole.nodes.views import _matrix as work
    from peephole.nodes.views._selection import chosen

    figure, names = work.matrix(table, columns, colour, most, title)
    panels = [{"x": x, "y": y} if x != y else None for y in names for x in names]
    figure.option["peephole"]["select"] = {"kind": "brush", "panels": panels}
    return Chosen(figure, chosen(table, selection))
