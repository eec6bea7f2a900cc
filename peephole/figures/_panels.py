"""Panels with matplotlib: each drawn as a figure of its own would be."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure as Page
from matplotlib.layout_engine import ConstrainedLayoutEngine

from peephole.core.types import Figure
from peephole.figures._lines import clear_marks
from peephole.figures.panels import part_of

DrawPart = Callable[[Page, Any, Figure, float], None]


def draw_panels(figure: Figure, width: float, draw_part: DrawPart) -> Page:
    """A page with all panels.  draw_part: draws one into its axes, so many inches wide."""
    described = figure.option["peephole"]
    columns, count = described["columns"], len(described["panels"])
    rows = math.ceil(count / columns)
    height = min(40.0, width * described["height"] / 900)
    page = Page(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06))
    places = page.subplots(rows, columns, squeeze=False).flatten()
    for i, axes in enumerate(places):
        if i < count:
            draw_part(page, axes, part_of(figure, i), width / columns)
            axes.tick_params(labelsize=7.5)
            axes.xaxis.label.set_size(8)
            axes.yaxis.label.set_size(8)
        else:
            axes.set_axis_off()
    if figure.option["legend"]["show"]:
        _legend(page, list(places[:count]), figure.option["legend"]["data"])
    return page


def _legend(page: Page, places: list[Any], names: list[str]) -> None:
    found = {label: handle for axes in places for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    there = [(found[n], n) for n in names if n in found]
    if there:
        shown = page.legend(
            *zip(*there, strict=True), loc="outside lower left", ncols=min(6, len(there)), frameon=False, fontsize=8.5
        )
        clear_marks(shown)
