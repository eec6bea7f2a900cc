"""Colours that are told apart with any colour vision, on light and on dark ground."""

from __future__ import annotations

from collections.abc import Sequence

from peephole.core.colours import colours_of, scale_of

# Okabe and Ito (2008), the dark ones first; black is left out since it is lost on dark ground. Brown and wine make them ten.
SERIES = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#B8A800",
    "#7F7F7F",
    "#8A5A33",
    "#882255",
)
REFERENCE = "#8A8A8A"
# One hue from light to dark, even steps of lightness: low values fade, and it prints.
SEQUENTIAL = ("#EFF4F9", "#D3E2EF", "#A9CBE3", "#74ADD1", "#4189BE", "#1F68A3", "#0B4A83", "#062F5C")
# The same for points and lines: neither end is lost, on light or on dark ground.
STEPS = ("#A9CBE3", "#8FBCDB", "#74ADD1", "#5A9BC8", "#4189BE", "#3079B1", "#1F68A3")
# From blue over near-white to vermilion, for values on both sides of zero: what is high is warm.
DIVERGING = ("#00578A", "#4C93C3", "#9CC3DE", "#F4F1EC", "#EDB68F", "#D97B3C", "#B04A00")


def series_colour(index: int) -> str:
    """The colour of one series; they come again after ten."""
    return SERIES[index % len(SERIES)]


def colours_for(names: Sequence[str], column: str = "") -> list[str]:
    """A colour for each name: the one a person has chosen for that value of a column, else one that is not taken yet."""
    chosen = colours_of(column)
    taken = {chosen[name].upper() for name in names if name in chosen}
    free = [colour for colour in SERIES if colour not in taken] or list(SERIES)
    others = {name: i for i, name in enumerate(n for n in names if n not in chosen)}
    return [chosen[name] if name in chosen else free[others[name] % len(free)] for name in names]


def item_colours(names: Sequence[str], column: str) -> list[str]:
    """A colour for each item of one series, where any has been chosen; else none."""
    chosen = colours_of(column)
    return [chosen.get(name, SERIES[0]) for name in names] if any(name in chosen for name in names) else []


def scale_for(column: str, usual: Sequence[str]) -> tuple[str, ...]:
    """Colours of numbers from low to high: those chosen for the column, in as many steps as the usual ones."""
    chosen = scale_of(column)
    if not chosen:
        return tuple(usual)
    stops = chosen if len(chosen) > 1 else (SEQUENTIAL[0], *chosen)
    return tuple(_between(stops, i / max(1, len(usual) - 1)) for i in range(len(usual)))


def _between(stops: Sequence[str], share: float) -> str:
    """The colour at a share of the way along evenly spaced ones."""
    place = share * (len(stops) - 1)
    first = min(int(place), len(stops) - 2)
    mixed = (a + (b - a) * (place - first) for a, b in zip(_parts(stops[first]), _parts(stops[first + 1]), strict=True))
    return "#" + "".join(f"{round(part):02X}" for part in mixed)


def _parts(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
