"""Box plot."""

from __future__ import annotations

from typing import Annotated

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.settings import Between, NumberColumns
from peephole.core.types import Figure, Table
from peephole.nodes.views._keys import Axis


@node(
    family="views",
    icon="box-plot",
    says="{y}[ by {group}]",
    needs=("matplotlib",),
    pack="views",
    also=("Conditional Box Plot",),
)
def box_plot(
    table: Table,
    *,
    y: NumberColumns,
    group: Axis | None = None,
    most: Annotated[int, Between(1, 100)] = 20,
    title: str = "",
) -> Figure:
    """Draw the quartiles of numbers as boxes: for several columns, or for each group of one.

    The whiskers reach to the farthest value within 1.5 times the box's height (Tukey); values beyond are points.

    table: rows to draw.
    y: the numbers; a box for each column.
    group: a box for each of its values, with one column for y.
    most: at most so many boxes of a group; more are put together in ranges, or the most frequent are shown.
    title: of the figure; empty: made from the columns.
    """
    from peephole.figures.shares import boxes
    from peephole.nodes.views import _quartiles as work

    if not y or (group is not None and len(y) > 1):
        raise SettingError(
            "A box plot has one column with a group, or columns without.", remedy="Choose the columns.", setting="y"
        )
    data = work.drawn(table, y, group, most)
    numbers = ", ".join(y)
    return boxes(
        data,
        x=work.NAME,
        kind=work.KIND,
        five=work.FIVE,
        value=work.VALUE,
        title=title or (f"{numbers} by {group}" if group else f"Spread of {numbers}"),
        x_name=group or "column",
        y_name=numbers if len(y) == 1 else "value",
    )
