"""The parts that ECharts options are put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from peephole.figures.palette import SERIES

Option = dict[str, Any]
Format = Literal["integer", "number", "percent"]
AxisKind = Literal["category", "value", "time"]
STILL_ABOVE = 2000  # rows: more are not animated
LONG = 8  # letters: longer names on a horizontal axis are set slanting


def option(
    *, title: str, rows: int, series: Sequence[Option], formats: Mapping[str, Format] | None = None, **rest: Any
) -> Option:
    """A whole option: title, legend where there are several named series, colours, and the given parts."""
    named = [s["name"] for s in series if s.get("name") and not s.get("silent")]
    legend = {"show": len(named) > 1, "type": "scroll", "top": 34, "left": 0, "data": named}
    return {
        "title": {"text": title, "left": 0, "textStyle": {"fontSize": 15}},
        "color": list(SERIES),
        "animation": rows <= STILL_ABOVE,
        "legend": legend,
        "grid": {"top": 76 if len(named) > 1 else 52, "left": 16, "right": 24, "bottom": 16, "outerBoundsMode": "same"},
        "dataset": [{}],
        "series": list(series),
        "peephole": {"formats": dict(formats or {})},
        **rest,
    }


def value_axis(name: str, *, vertical: bool, zero: bool = False, span: tuple[float, float] | None = None) -> Option:
    """An axis of numbers.  zero: it starts at zero.  span: it goes from here to there."""
    axis = _axis("value", name, vertical) | {"scale": not zero}
    return axis | ({"min": span[0], "max": span[1]} if span else {})


def time_axis(name: str, *, vertical: bool = False) -> Option:
    """An axis of days or times."""
    return _axis("time", name, vertical)


def category_axis(name: str, labels: Sequence[str], *, vertical: bool, ordered: bool = False) -> Option:
    """An axis of categories in this order (downward on a vertical one), long names cut or set slanting.

    ordered: they are ranges or the like, of which some tell where the others lie: none is set slanting.
    """
    longest = max((len(text) for text in labels), default=0)
    slanting = not vertical and longest > LONG and len(labels) * longest > 70
    shown: Option = {"overflow": "truncate", "width": 200 if vertical else 130, "hideOverlap": True}
    if ordered and not vertical:
        shown |= {"rotate": 0, "interval": "auto"}
    elif len(labels) <= 40:
        shown |= {"interval": 0, **({"rotate": 40} if slanting else {})}
    axis = _axis("category", name, vertical) | {"data": list(labels), "axisLabel": shown, "axisTick": {"show": False}}
    return axis | {"inverse": vertical}


def _axis(kind: AxisKind, name: str, vertical: bool) -> Option:
    return {
        "type": kind,
        "name": name,
        "nameLocation": "middle",
        "nameGap": 12 if vertical else 22,
        "axisLabel": {"hideOverlap": True},
        "axisLine": {"onZero": kind == "category"},  # bars stand on zero; other axes stay at the edge
        **({"nameRotate": 90} if vertical else {}),
    }


def filtered(column: str, value: str) -> Option:
    """A dataset: the rows of the data whose column has this value."""
    return {"fromDatasetIndex": 0, "transform": {"type": "filter", "config": {"dimension": column, "=": value}}}


def tooltip(trigger: Literal["axis", "item"], *, pointer: str = "line") -> Option:
    """What is shown under the mouse."""
    return {"trigger": trigger, "confine": True, **({"axisPointer": {"type": pointer}} if trigger == "axis" else {})}
