"""Figures of how values are spread and shared out: boxes, pies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from peephole.core.types import Figure
from peephole.figures.charts import bars
from peephole.figures.options import category_axis, filtered, option, tooltip, value_axis
from peephole.figures.palette import REFERENCE, colours_for, item_colours, series_colour

if TYPE_CHECKING:
    import pyarrow as pa

FIVE = ("low", "lower quartile", "median", "upper quartile", "high")
BOX, POINT = "box", "point"
MOST_ROWS = 400


def boxes(
    data: pa.Table, *, x: str, kind: str, five: Sequence[str], value: str, title: str, x_name: str, y_name: str
) -> Figure:
    """A box for each row whose column `kind` says "box", a point for each that says "point".

    x: column with the boxes' names.  five: columns with the whiskers' ends, the quartiles and the median, from below.
    value: column with the points' heights.
    """
    kinds = data.column(kind).to_pylist()
    names = [name for name, k in zip(data.column(x).to_pylist(), kinds, strict=True) if k == BOX]
    colour, each = series_colour(0), item_colours(names, x_name)
    series = [
        {
            "type": "boxplot",
            "name": y_name,
            "datasetIndex": 1,
            "encode": {"x": x, "y": list(five), "tooltip": list(five)},
            **(
                {"colorBy": "data", "color": each, "itemStyle": {"color": "transparent"}}
                if each
                else {"itemStyle": {"color": f"{colour}40", "borderColor": colour}}
            ),
            "boxWidth": [8, 60],
        },
        {
            "type": "scatter",
            "name": "beyond the whiskers",
            "datasetIndex": 2,
            "encode": {"x": x, "y": value},
            "itemStyle": {"color": colour, "opacity": 0.6},
            "symbolSize": 4,
            "silent": True,
        },
    ]
    made = option(
        title=title,
        rows=data.num_rows,
        series=series,
        tooltip=tooltip("item"),
        xAxis=category_axis(x_name, names, vertical=False),
        yAxis=value_axis(y_name, vertical=True),
    )
    made["dataset"] += [filtered(kind, BOX), filtered(kind, POINT)]
    return Figure(made, data, title)


def pie(data: pa.Table, *, name: str, value: str, title: str, rest: str = "") -> Figure:
    """A slice for each row, in their order.  rest: the name of the slice that stands for all others, drawn grey."""
    names = data.column(name).to_pylist()
    series = {
        "type": "pie",
        "name": value,
        "encode": {"itemName": name, "value": value, "tooltip": value},
        "radius": "66%",
        "center": ["50%", "53%"],
        "startAngle": 90,
        "clockwise": True,
        "color": [REFERENCE if n == rest else c for n, c in zip(names, colours_for(names, name), strict=True)],
        "label": {"formatter": "{b}  {d}%"},
        "itemStyle": {"borderColor": "#FFFFFF", "borderWidth": 1},
    }
    made = option(title=title, rows=data.num_rows, series=[series], tooltip=tooltip("item"))
    return Figure(made, data, title)


def silhouettes(parts: Mapping[str, Sequence[float]], title: str, group: str) -> Figure:
    """A thin bar for each row, sorted in its cluster, the clusters one below the other; of many rows every so many."""
    import pyarrow as pa

    step = max(1, -(-sum(len(values) for values in parts.values()) // MOST_ROWS))
    shown = {name: list(values[::step]) for name, values in parts.items()}
    columns: dict[str, list[float | None]] = {name: [] for name in shown}
    gap = max(1, sum(len(values) for values in shown.values()) // 60)
    for name, values in shown.items():
        for other, made in columns.items():
            made += [*(values if other == name else [None] * len(values)), *([None] * gap)]
    count = len(next(iter(columns.values()), []))
    row = "row" if "row" not in columns else "row "
    named = {name: f"{group} {name}" for name in columns}
    data = pa.table(
        {row: [f"{i + 1}" for i in range(count)], **{named[n]: pa.array(v, pa.float64()) for n, v in columns.items()}}
    )
    made_figure = bars(
        data,
        x=row,
        ys=list(named.values()),
        title=title,
        x_name="",
        y_name="silhouette",
        horizontal=True,
        touching=True,
    )
    made_figure.option["yAxis"]["axisLabel"]["show"] = False
    made_figure.option["peephole"]["height"] = 480
    return made_figure
