"""How the values of all columns are spread, at a glance."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, ColumnPicker
from peephole.core.types import Figure, Table
from peephole.nodes.views._keys import DRAWABLE, Axis

Several = Annotated[list[str], ColumnPicker(types=DRAWABLE), Field(max_length=60)]


@node(
    family="views",
    icon="histogram",
    needs=("matplotlib",),
    pack="views",
    also=("Data Explorer", "Distributions", "Feature Statistics", "Histograms"),
)
def distributions(
    table: Table,
    *,
    columns: Several = [],  # noqa: B006 - validated and frozen
    group: Axis | None = None,
    bins: Annotated[int, Between(2, 60)] = 20,
    most: Annotated[int, Between(2, 30)] = 8,
    title: str = "",
) -> Figure:
    """Draw a small histogram of each column: numbers in ranges, texts by how often each occurs.

    table: rows to draw.
    columns: which columns; none chosen: the first thirty that can be drawn.
    group: the parts of each bar in the colours of this column's values (the eight most frequent).
    bins: at most about so many ranges of numbers.
    most: at most so many different texts of a column; the most frequent are shown.
    title: of the figure; empty: made from the columns.
    """
    from peephole.nodes.views import _spreads as work

    return work.figure(table, columns, group, bins, most, title)
