"""Fits charts to the page: colour scales below the drawing, wide charts across the page, no gaps in the grid."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from peephole.report.model import Chart

SCALE_ROOM = 58  # below a drawing, for its colour scale
NAME_GAP = 26  # between an axis and its name below it
HALF = 14  # categories side by side that half the page has room for

Option = dict[str, Any]


def fitted(option: Option) -> Option:
    """The option with what stood beside the drawing put below it."""
    fit = copy.deepcopy(option)
    for axis in _all(fit.get("xAxis")):
        if axis.get("name") and axis.get("nameLocation") == "middle":
            axis["nameGap"] = max(NAME_GAP, axis.get("nameGap", 0))
    scales = _all(fit.get("visualMap"))
    for scale in scales:
        name = next((t for t in scale.get("text") or () if t), "")
        scale["text"] = [f"{_end(scale.get('max'))}  {name}".strip(), _end(scale.get("min"))]
        scale |= {
            "orient": "horizontal",
            "left": "center",
            "bottom": 0,
            "calculable": False,
            "itemWidth": 12,
            "itemHeight": 180,
        }
        for side in ("right", "top"):
            scale.pop(side, None)
    if scales:
        for grid in _all(fit.setdefault("grid", {})):
            grid["right"] = 24
            grid["bottom"] = max(SCALE_ROOM, grid.get("bottom", 0) if isinstance(grid.get("bottom"), int) else 0)
    return fit


def arranged(charts: Sequence[Chart]) -> list[bool]:
    """For each chart whether it goes across the whole page; those that do not stand in pairs."""
    wide = [c.height > 0 or _wants_room(c.option or {}) for c in charts]
    halves = [i for i, w in enumerate(wide) if not w]
    if len(halves) % 2:
        wide[halves[-1]] = True
    return wide


def _wants_room(option: Option) -> bool:
    if isinstance(option.get("xAxis"), list) or "parallel" in option:
        return True
    return any(len(axis.get("data") or ()) > HALF for axis in _all(option.get("xAxis")))


def _end(value: Any) -> str:
    """The number at an end of a scale."""
    return f"{value:,.3g}".replace("-", "−") if isinstance(value, int | float) else ""


def _all(part: Any) -> list[Option]:
    """ECharts takes one of a thing or a list of them."""
    parts = part if isinstance(part, list) else [part]
    return [p for p in parts if isinstance(p, dict)]
