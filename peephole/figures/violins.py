"""Violins: how dense values lie, mirrored, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from peephole.core.types import Figure
from peephole.figures.options import category_axis, filtered, option, tooltip, value_axis
from peephole.figures.palette import item_colours, series_colour

if TYPE_CHECKING:
    import pyarrow as pa

X, UP, NAME = "value", "height", "name"  # columns of the data
BOX, MEDIAN = "quartiles", "median"  # values of column `part`, beside "outline"
PART = "part"
INK = "#757575"


def violins(data: pa.Table, names: Sequence[str], *, title: str, x_name: str, y_name: str) -> Figure:
    """Outlines, quartile bars and medians from a table of parts.

    data: rows whose `part` is, for the i-th name, "outline i" (a closed line), "quartiles i" (two rows: from, to), and "median".
    The i-th name from the top stands between the heights count - i - 1 and count - i.
    """
    each = item_colours(names, y_name) or [series_colour(0)] * len(names)
    datasets: list[dict[str, Any]] = []
    series: list[dict[str, Any]] = []
    for i, colour in enumerate(each):
        datasets += [filtered(PART, f"outline {i}"), filtered(PART, f"{BOX} {i}")]
        line = {"type": "line", "encode": {"x": X, "y": UP}, "showSymbol": False, "silent": True, "name": ""}
        # There and back again: what lies between the outline and the axis is gone over twice, and stays empty.
        outline = {
            "itemStyle": {"color": colour},
            "lineStyle": {"width": 1},
            "areaStyle": {"opacity": 0.4, "closed": True},
        }
        box = {"itemStyle": {"color": INK}, "lineStyle": {"width": 6, "color": INK}}
        series += [
            {**line, **outline, "datasetIndex": len(datasets) - 1},
            {**line, **box, "datasetIndex": len(datasets)},
        ]
    datasets.append(filtered(PART, MEDIAN))
    series.append(
        {
            "type": "scatter",
            "name": "median",
            "datasetIndex": len(datasets),
            "encode": {"x": X, "y": UP, "tooltip": [NAME, X]},
            "itemStyle": {"color": "#FFFFFF", "opacity": 1, "borderColor": INK, "borderWidth": 1},
            "symbolSize": 8,
            "z": 5,
        }
    )
    span = (0.0, float(max(1, len(names))))
    hidden_axis = value_axis("", vertical=True, span=span) | {"show": False}
    labels = category_axis(y_name, list(reversed(names)), vertical=True) | {"inverse": False, "position": "left"}
    made = option(
        title=title,
        rows=data.num_rows,
        series=series,
        tooltip=tooltip("item"),
        xAxis=value_axis(x_name, vertical=False),
        yAxis=[hidden_axis, labels],
    )
    made["dataset"] += datasets
    made["peephole"]["height"] = int(min(1600, 130 + max(1, len(names)) * (90 if len(names) < 8 else 56)))
    return Figure(made, data, title)
