"""Colours that a person has chosen for a column: they go with the table, from node to node, into every drawing.

A node that chooses says so (`@node(paints=...)`); the engine hands what was chosen upstream to those that draw. In plain calls:

    with chosen_colours({"carrier": Colouring({"AA": "#0072B2"})}):
        bar_chart(flights, x="carrier")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Colouring:
    """Of one column.  values: the colour of each value, by the text it is shown as.  scale: of numbers, from low to high.

    Colours are written as #RRGGBB.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    scale: tuple[str, ...] = ()


Colours = Mapping[str, Colouring]

_chosen: ContextVar[Colours | None] = ContextVar("peephole_colours", default=None)


@contextmanager
def chosen_colours(colours: Colours) -> Iterator[None]:
    """Within this block, drawings use these colours (by column)."""
    token = _chosen.set(colours)
    try:
        yield
    finally:
        _chosen.reset(token)


def colours_of(column: str = "") -> Mapping[str, str]:
    """The colour chosen for each value of a column.

    Where nothing was chosen for a column of that name (it was renamed, or its values became columns), values are looked for
    among all that was chosen.
    """
    chosen = _chosen.get() or {}
    if column in chosen and chosen[column].values:
        return chosen[column].values
    return {value: colour for one in chosen.values() for value, colour in one.values.items()}


def scale_of(column: str) -> tuple[str, ...]:
    """The colours chosen for a column's numbers, from low to high; none if none were."""
    found = (_chosen.get() or {}).get(column)
    return found.scale if found else ()


def plain_colours(colours: Colours) -> dict[str, Any]:
    """As JSON data."""
    return {column: asdict(one) for column, one in colours.items()}
