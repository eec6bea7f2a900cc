"""Figures of each kind, from Arrow data that are already aggregated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from peephole.core.types import Figure
from peephole.figures.options import (
    Format,
    category_axis,
    filtered,
    option,
    time_axis,
    tooltip,
    value_axis,
)
from peephole.figures.palette import DIVERGING, REFERENCE, SEQUENTIAL, colours_for, item_colours, scale_for
from peephole.figures.text import digits

if TYPE_CHECKING:
    import pyarrow as pa

Formats = Mapping[str, Format]
CELLS_WITH_TEXT = 160
POINTS_MARKED = 40


def bars(
    data: pa.Table,
    *,
    x: str,
    ys: Sequence[str],
    title: str,
    x_name: str,
    y_name: str,
    horizontal: bool = False,
    stacked: bool = False,
    touching: bool = False,
    ordered: bool = False,
    by: str = "",
    formats: Formats | None = None,
) -> Figure:
    """Bars: for each label in column `x` one bar of each column in `ys`.  touching: without room between, stacked.

    ordered: the labels are numbers, ranges or times in their order.
    by: the column whose values the bars are named after, for the colours chosen for it.
    """
    labels = data.column(x).to_pylist()
    colours = colours_for(ys, by)
    each = item_colours(labels, x_name) if len(ys) == 1 else []
    series = [
        {
            "type": "bar",
            "name": name,
            "encode": {"x": name, "y": x} if horizontal else {"x": x, "y": name},
            **({"colorBy": "data", "color": each} if each else {"itemStyle": {"color": colours[i]}}),
            **({"barCategoryGap": "3%"} if touching else {"barMaxWidth": 48}),
            **({"stack": "all"} if stacked or touching else {}),
        }
        for i, name in enumerate(ys)
    ]
    categories = category_axis(x_name, labels, vertical=horizontal, ordered=ordered or touching)
    numbers = value_axis(y_name, vertical=not horizontal, zero=True)
    if formats and all(formats.get(name) == "integer" for name in ys):
        numbers["minInterval"] = 1
    axes = {"xAxis": numbers, "yAxis": categories} if horizontal else {"xAxis": categories, "yAxis": numbers}
    pointer = tooltip("axis", pointer="shadow")
    made = option(title=title, rows=data.num_rows, series=series, formats=formats, tooltip=pointer, **axes)
    return Figure(made, data, title)


def lines(
    data: pa.Table,
    *,
    x: str,
    ys: Sequence[str],
    kind: Literal["category", "value", "time"],
    title: str,
    x_name: str,
    y_name: str,
    by: str = "",
    formats: Formats | None = None,
) -> Figure:
    """Lines over column `x`, one for each column in `ys`; they go on over places where they have no value.

    by: the column whose values the lines are named after, for the colours chosen for it.
    """
    colours = colours_for(ys, by)
    few = data.num_rows <= POINTS_MARKED
    series = [
        {
            "type": "line",
            "name": name,
            "encode": {"x": x, "y": name},
            "itemStyle": {"color": colours[i]},
            "showSymbol": few or data.num_rows - data.column(name).null_count == 1,  # one point has no line
            "symbolSize": 6,
            "lineStyle": {"width": 2},
            "connectNulls": True,
        }
        for i, name in enumerate(ys)
    ]
    axes = {
        "category": lambda: category_axis(x_name, data.column(x).to_pylist(), vertical=False),
        "value": lambda: value_axis(x_name, vertical=False),
        "time": lambda: time_axis(x_name),
    }
    made = option(
        title=title,
        rows=data.num_rows,
        series=series,
        formats=formats,
        tooltip=tooltip("axis"),
        xAxis=axes[kind](),
        yAxis=value_axis(y_name, vertical=True),
    )
    return Figure(made, data, title)


def heat(
    data: pa.Table,
    *,
    x: str,
    y: str,
    value: str,
    text: str,
    xs: Sequence[str],
    ys: Sequence[str],
    title: str,
    x_name: str,
    y_name: str,
    span: tuple[float, float] | None = None,
    by: str = "",
    formats: Formats | None = None,
) -> Figure:
    """A coloured cell for each row of (x, y, value).

    by: the column that the values are made of, for the colours chosen for it.

    xs, ys: the labels in order.  text: column with the cells' texts.  span: of the colours, the values' own if not given.
    """
    known = [v for v in data.column(value).to_pylist() if v is not None]
    low, high = span or (min(known, default=0.0), max(known, default=1.0))
    both = low < 0 < high
    whole = span is None and all(float(v).is_integer() for v in known)
    bound = max(-low, high)
    series = {
        "type": "heatmap",
        "name": value,
        "encode": {"x": x, "y": y, "value": value, "tooltip": [x, y, value]},
        "label": {"show": len(xs) * len(ys) <= CELLS_WITH_TEXT, "formatter": f"{{@[{data.column_names.index(text)}]}}"},
    }
    scale = {
        "type": "continuous",
        "min": -bound if both else low,
        "max": bound if both else (high if high > low else low + 1),
        "dimension": data.column_names.index(value),
        "calculable": True,
        "orient": "vertical",
        "right": 0,
        "top": "middle",
        "align": "left",
        "precision": 0 if whole else digits(max(abs(low), abs(high))),
        "inRange": {"color": list(scale_for(by, DIVERGING if both else SEQUENTIAL))},
    }
    made = option(
        title=title,
        rows=data.num_rows,
        series=[series],
        formats=formats,
        tooltip=tooltip("item"),
        xAxis=category_axis(x_name, xs, vertical=False),
        yAxis=category_axis(y_name, ys, vertical=True),
        visualMap=scale,
    )
    made["grid"]["right"] = 96
    return Figure(made, data, title)


def points(
    data: pa.Table,
    *,
    x: str,
    y: str,
    title: str,
    groups: Sequence[str] = (),
    group: str = "",
    joined: bool = False,
    diagonal: tuple[float, float] | None = None,
    span: tuple[float, float] | None = None,
    times: bool = False,
    colours: Sequence[str] = (),
) -> Figure:
    """Points, or lines where `joined`: one series for each of `groups` in column `group`.

    diagonal: a dashed line of equal x and y from here to there.  span: both axes go from here to there.
    times: x is days or times.  colours: of the groups, where not the usual.
    """
    usual = colours_for(groups or [y], group)
    style = {"type": "line", "showSymbol": False, "lineStyle": {"width": 2}} if joined else _dots(data.num_rows)
    series: list[dict[str, Any]] = [
        {
            **style,
            "name": name,
            "encode": {"x": x, "y": y},
            "itemStyle": {"color": colours[i] if colours else usual[i]},
            "datasetIndex": i + 1 if group else 0,
        }
        for i, name in enumerate(groups or [y])
    ]
    if diagonal is not None:
        series.append(_diagonal(*diagonal))
    made = option(
        title=title,
        rows=data.num_rows,
        series=series,
        tooltip=tooltip("item"),
        xAxis=time_axis(x) if times else value_axis(x, vertical=False, span=span),
        yAxis=value_axis(y, vertical=True, span=span),
    )
    made["dataset"] += [filtered(group, name) for name in groups] if group else []
    return Figure(made, data, title)


def steps(data: pa.Table, *, edge: str, height: str, x_name: str, y_name: str, title: str = "") -> Figure:
    """A histogram as an area of steps over a number axis.  data: two rows for each edge, before and after the step."""
    series = {
        "type": "line",
        "name": "",
        "encode": {"x": edge, "y": height},
        "itemStyle": {"color": REFERENCE},
        "lineStyle": {"width": 1},
        "areaStyle": {"opacity": 0.35},
        "showSymbol": False,
    }
    made = option(
        title=title,
        rows=data.num_rows,
        series=[series],
        tooltip=tooltip("item"),
        xAxis=value_axis(x_name, vertical=False),
        yAxis=value_axis(y_name, vertical=True, zero=True),
    )
    return Figure(made, data, title)


def _dots(rows: int) -> dict[str, Any]:
    return {"type": "scatter", "symbolSize": 6 if rows < 1000 else 4, "large": rows > 5000}


def _diagonal(low: float, high: float) -> dict[str, Any]:
    line = {"type": "dashed", "color": REFERENCE, "width": 1}
    ends = [{"coord": [low, low]}, {"coord": [high, high]}]
    return {
        "type": "line",
        "name": "",
        "silent": True,
        "data": [],
        "markLine": {"silent": True, "symbol": "none", "lineStyle": line, "label": {"show": False}, "data": [ends]},
    }
