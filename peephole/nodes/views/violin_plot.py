"""Violin plot."""

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
    also=("Violin Plot", "Ridgeline", "Density"),
)
def violin_plot(
    table: Table,
    *,
    y: NumberColumns,
    group: Axis | None = None,
    smooth: Annotated[float, Between(0.1, 10)] = 1.0,
    most: Annotated[int, Between(1, 40)] = 12,
    title: str = "",
) -> Figure:
    """Draw how dense numbers lie as mirrored hills: for several columns, or for each group of one.

    The dark bar reaches from the lower to the upper quartile, the white point is the median.

    table: rows to draw.
    y: the numbers; a violin for each column.
    group: a violin for each of its values, with one column for y.
    smooth: above 1 the hills are smoother, below 1 they show more (times the width that Scott's rule gives).
    most: at most so many violins of a group; more are put together in ranges, or the most frequent are shown.
    title: of the figure; empty: made from the columns.
    """
    from peephole.figures.violins import violins
    from peephole.nodes.views import _densities as work

    if not y or (group is not None and len(y) > 1):
        raise SettingError(
            "A violin plot has one column with a group, or columns without.", remedy="Choose the columns.", setting="y"
        )
    data, names = work.drawn(table, y, group, most, smooth)
    numbers = ", ".join(y)
    called = title or f"Spread of {numbers}{f' by {group}' if group else ''}"
    return violins(data, names, title=called, x_name=numbers if len(y) == 1 else "", y_name=group or "")
