"""Scatter plot."""

from __future__ import annotations

from typing import Annotated

from peephole.core.node import node
from peephole.core.settings import Between, ColumnPicker, NumberColumn
from peephole.core.types import Table
from peephole.nodes.views._keys import Axis
from peephole.nodes.views._selection import Chosen, Selection


@node(
    family="views",
    icon="scatter-plot",
    says="{y} against {x}[, colour {colour}]",
    needs=("matplotlib",),
    pack="views",
    also=("XY chart",),
)
def scatter_plot(
    table: Table,
    *,
    x: Annotated[str, ColumnPicker(types=("number", "date"))],
    y: NumberColumn,
    colour: Axis | None = None,
    most: Annotated[int, Between(1, 50_000)] = 5000,
    title: str = "",
    selection: Selection = [],  # noqa: B006 - validated and frozen
) -> Chosen:
    """Draw a point for each row at two of its numbers, coloured by a third column.

    table: rows to draw.
    x: how far right a point is; a number or a date.
    y: how far up it is.
    colour: what colours it: the eight most frequent values; numbers in up to eight ranges, from light to dark.
    most: at most about so many points; of more rows every second, third ... is drawn.
    title: of the figure; empty: made from the columns.
    selection: what was chosen in the drawing: areas of ranges and of values; nothing chosen gives no rows.
    figure: the drawing.
    selected: the rows that were chosen.
    """
    from peephole.figures.charts import points
    from peephole.nodes.views import _points as work
    from peephole.nodes.views._selection import brush, chosen

    found = work.collect(table, x, y, colour, most)
    figure = points(
        found.data,
        x=found.names[0],
        y=found.names[1],
        title=title or f"{y} against {x}{f' by {colour}' if colour else ''}",
        groups=found.groups,
        group=found.names[2] if found.groups else "",
        times=found.times,
        colours=found.colours,
    )
    return Chosen(brush(figure, x, y), chosen(table, selection))
