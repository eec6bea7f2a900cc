"""Colours chosen once, for every drawing that follows."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from peephole.core.colours import Colouring, Colours
from peephole.core.node import node
from peephole.core.settings import Colour, Column
from peephole.core.types import Table


def _chosen(settings: Any) -> Colours:
    return {settings.column: Colouring(dict(settings.values), tuple(settings.scale))}


@node(
    family="columns",
    icon="colours",
    says="{column}[: {values:keys}]",
    light=True,
    paints=_chosen,
    also=("Color Manager", "Color", "Colour Manager"),
)
def colours(
    table: Table,
    *,
    column: Column,  # noqa: ARG001 - what is chosen goes beside the table
    values: dict[str, Colour] = {},  # noqa: B006, ARG001
    scale: Annotated[list[Colour], Field(max_length=20)] = [],  # noqa: B006, ARG001
) -> Table:
    """Choose colours for the values of a column; every drawing that follows uses them.

    The table itself stays as it is. The colours go with it through filters, joins, groups and models into each drawing.
    Values without a colour get one of the usual ones. Colours are written as #0072B2: red, green and blue in two digits each.

    table: any rows.
    column: the column whose values get colours.
    values: the colour of each value, as the drawing shows the value.
    scale: for a column of numbers: two or more colours, from low to high.
    returns: the table as it came.
    """
    return table
