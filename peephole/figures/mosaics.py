"""Mosaics: a tile for each pair of values, its area the share of rows that have both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from peephole.core.types import Figure
from peephole.figures.options import filtered, option, tooltip, value_axis
from peephole.figures.palette import colours_for

if TYPE_CHECKING:
    import pyarrow as pa

NAMES = "names"  # the value of `group` for the rows that hold the columns' names


def mosaic(data: pa.Table, groups: Sequence[str], *, title: str, x_name: str, y_name: str) -> Figure:
    """Closed outlines of tiles in the colours of their group.

    data: rows with `across`, `up`, `group` and `name`; tiles are parted by rows without numbers; rows of group "names" are the
    names above the columns.
    """
    series: list[dict[str, Any]] = [
        {
            "type": "line",
            "name": name,
            "datasetIndex": i + 1,
            "encode": {"x": "across", "y": "up"},
            "itemStyle": {"color": colour},
            "lineStyle": {"width": 0},
            "areaStyle": {"opacity": 0.85, "closed": True},
            "showSymbol": False,
            "connectNulls": False,
            "silent": True,
        }
        for i, (name, colour) in enumerate(zip(groups, colours_for(groups, y_name), strict=True))
    ]
    series.append(
        {
            "type": "scatter",
            "name": "",
            "datasetIndex": len(groups) + 1,
            "encode": {"x": "across", "y": "up", "label": "name", "tooltip": ["name"]},
            "itemStyle": {"color": "transparent", "opacity": 1},
            "symbolSize": 2,
            "label": {
                "show": True,
                "position": "top",
                "formatter": f"{{@[{data.column_names.index('name')}]}}",
                "fontSize": 11,
            },
            "labelLayout": {"hideOverlap": True},
            "silent": True,
        }
    )
    span = (0.0, 1.0)
    made = option(
        title=title,
        rows=data.num_rows,
        series=series,
        tooltip=tooltip("item"),
        xAxis=value_axis(f"share of rows by {x_name}", vertical=False, span=span),
        yAxis=value_axis(f"share by {y_name}", vertical=True, span=span),
    )
    made["legend"] |= {"show": bool(groups), "data": list(groups), "icon": "roundRect"}
    made["grid"]["top"] = 100
    made["dataset"] += [filtered("group", name) for name in (*groups, NAMES)]
    made["peephole"]["height"] = 460
    return Figure(made, data, title)
