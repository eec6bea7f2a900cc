"""Mosaic plot."""

from __future__ import annotations

from typing import Annotated

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.settings import Between
from peephole.core.types import Figure, Table
from peephole.nodes.views._keys import Axis


@node(
    family="views",
    icon="bar",
    says="{x} and {y}",
    needs=("matplotlib",),
    pack="views",
    also=("Mosaic Display", "Marimekko", "Sieve"),
)
def mosaic_plot(
    table: Table,
    *,
    x: Axis,
    y: Axis,
    most: Annotated[int, Between(2, 30)] = 12,
    title: str = "",
) -> Figure:
    """Draw how the values of two columns go together: columns as wide as they are frequent, cut by the other's shares.

    Where the cuts stand at the same height in every column, the two have nothing to do with each other. Rows where one of the
    two is missing are left out.

    table: rows to draw.
    x: a column of tiles for each of its values.
    y: the tiles and their colours: the eight most frequent values.
    most: at most so many columns of tiles; more are put together in ranges, or the most frequent are shown.
    title: of the figure; empty: made from the columns.
    """
    from peephole.figures.mosaics import mosaic
    from peephole.nodes.views import _tiles as work

    if x == y:
        raise SettingError("A mosaic shows two different columns.", remedy="Choose another column.", setting="y")
    data, groups = work.tiles(table, x, y, most)
    return mosaic(data, groups, title=title or f"{y} by {x}", x_name=x, y_name=y)
