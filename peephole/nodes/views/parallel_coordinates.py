"""Parallel coordinates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, ColumnPicker
from peephole.core.types import Table
from peephole.nodes.views._keys import Axis
from peephole.nodes.views._selection import Chosen, Selection

Several = Annotated[list[str], ColumnPicker(types=("number", "category")), Field(max_length=20)]


@node(family="views", icon="line", needs=("matplotlib",), pack="views", also=("Parallel Coordinates Plot",))
def parallel_coordinates(
    table: Table,
    *,
    columns: Several = [],  # noqa: B006 - validated and frozen
    colour: Axis | None = None,
    most: Annotated[int, Between(1, 5000)] = 500,
    title: str = "",
    selection: Selection = [],  # noqa: B006
) -> Chosen:
    """Draw each row as a line across one upright axis for each column: groups of rows alike show as bundles.

    table: rows to draw; those that lack one of the numbers are left out.
    columns: the axes from left to right; none chosen: the first eight columns of numbers.
    colour: what colours the lines: the eight most frequent values; numbers in up to eight ranges, from light to dark.
    most: at most about so many lines; of more rows every second, third ... is drawn.
    title: of the figure; empty: made from the columns.
    selection: what was chosen in the drawing: areas of ranges and of values; nothing chosen gives no rows.
    figure: the drawing.
    selected: the rows that were chosen.
    """
    from peephole.nodes.views import _lines_across as work
    from peephole.nodes.views._selection import chosen

    figure, names, areas = work.across(table, columns, colour, most, title)
    figure.option["peephole"]["select"] = {"kind": "axes", "columns": names, "areas": areas}
    return Chosen(figure, chosen(table, selection))
