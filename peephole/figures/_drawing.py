"""Reads an option as `charts.py` writes it and draws it with matplotlib's own objects (no pyplot: that keeps state)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.ticker import FuncFormatter, MaxNLocator

from peephole.core.types import Figure
from peephole.figures._cells import draw_cells
from peephole.figures._shapes import draw_boxes, draw_pie
from peephole.figures.text import cut, shorten

LONGEST = 32  # letters of a category's name
LONGEST_SLANTING = 22
LETTERS_AN_INCH = 15
LEGEND_LETTERS_AN_INCH = 14
SLANTING_AN_INCH = 5  # names side by side
BAR, CELL = 0.6, 0.5  # room around the middle of a category
TITLE_LENGTH = 90
MOST_LABELS = 40
Option = dict[str, Any]


def draw(figure: Figure, width: float, title: bool) -> Page:
    """A page with the whole figure on it."""
    option = figure.option
    page = Page(figsize=_size(option, width), layout="constrained")
    axes = page.add_subplot()
    kinds = {s["type"] for s in option["series"]}
    if kinds == {"pie"}:
        draw_pie(axes, option, figure.data)
    else:
        _draw_in_frame(page, axes, figure, kinds)
    if title and figure.title:
        page.suptitle(
            plain(cut(figure.title, TITLE_LENGTH)), x=0.01, ha="left", fontsize=12, fontweight="bold", wrap=True
        )
    if kinds != {"pie"}:
        _legend(axes, option, page.get_figwidth())
    return page


def _draw_in_frame(page: Page, axes: Axes, figure: Figure, kinds: set[str]) -> None:
    """What has two axes, with the axes around it."""
    option = figure.option
    if kinds == {"heatmap"}:
        draw_cells(page, axes, option, figure.data)
    elif kinds == {"bar"}:
        _bars(axes, option, figure.data)
    elif "boxplot" in kinds:
        draw_boxes(axes, option, [_rows(option, figure.data, s) for s in option["series"]])
    else:
        _lines_and_points(axes, option, figure.data)
    _frame(axes, option, page.get_figwidth(), grid=kinds != {"heatmap"})
    if not any(s.get("encode") and _rows(option, figure.data, s).num_rows for s in option["series"]):
        axes.text(0.5, 0.5, "no data", transform=axes.transAxes, ha="center", va="center", color="#777777")
        axes.set(xticks=[], yticks=[])


def plain(text: str) -> str:
    """Text that matplotlib does not take for a formula."""
    return " ".join(str(text).split()).replace("$", r"\$")


def _size(option: Option, width: float) -> tuple[float, float]:
    """Of the page: square for two axes with the same span, as high as vertical categories need."""
    if "xAxis" not in option:
        return width, width * 0.5
    if "min" in option["xAxis"] and "min" in option["yAxis"]:
        return width * 0.72, width * 0.68
    vertical = option["yAxis"].get("data")
    if vertical is None:
        return width, width * 0.56
    count = max(1, len(vertical))
    if option["series"][0]["type"] == "heatmap":
        wide = min(width, 3.4 + 0.9 * len(option["xAxis"]["data"]))
        return wide, float(np.clip(1.4 + (0.55 if count <= 6 else 0.28) * count, 2.6, 24))
    series = 1 if any(s.get("stack") for s in option["series"]) else len(option["series"])
    return width, float(np.clip(1.3 + (0.2 + 0.08 * series) * count, 2.6, 24))


def _rows(option: Option, data: pa.Table, series: Option) -> pa.Table:
    """The rows a series draws: all of them, or those its dataset filters."""
    dataset = option["dataset"][series.get("datasetIndex", 0)]
    if "transform" not in dataset:
        return data
    config = dataset["transform"]["config"]
    return data.filter(pc.equal(data.column(config["dimension"]), pa.scalar(config["="])))


def values(data: pa.Table, column: str) -> Any:
    """A column for drawing: numbers as float, times as datetime64, the rest as a list."""
    found = data.column(column)
    if pa.types.is_temporal(found.type):
        return pc.cast(found, pa.timestamp("us")).to_numpy()
    if pa.types.is_string(found.type) or pa.types.is_large_string(found.type):
        return found.to_pylist()
    return pc.cast(found, pa.float64(), safe=False).to_numpy()


def _bars(axes: Axes, option: Option, data: pa.Table) -> None:
    horizontal = option["yAxis"]["type"] == "category"
    stacked = any(s.get("stack") for s in option["series"])
    at = np.arange(data.num_rows)
    touching = any("barCategoryGap" in s for s in option["series"])  # a histogram's
    thick = 1.02 if touching else 0.8 if stacked else 0.8 / max(1, len(option["series"]))
    above = np.zeros(data.num_rows)
    below = np.zeros(data.num_rows)
    for i, series in enumerate(option["series"]):
        sizes = np.nan_to_num(values(data, series["encode"]["x" if horizontal else "y"]))
        place = at if stacked or touching else at - 0.4 + thick * (i + 0.5)
        base = np.where(sizes >= 0, above, below) if stacked else np.zeros(len(at))
        colour = series["color"] if series.get("colorBy") == "data" else series["itemStyle"]["color"]
        look = {"color": colour, "label": plain(series["name"]), "zorder": 2}
        if horizontal:
            axes.barh(place, sizes, thick * 0.94, left=base, **look)
        else:
            axes.bar(place, sizes, thick * 0.94, bottom=base, **look)
        above += np.maximum(sizes, 0)
        below += np.minimum(sizes, 0)
    (axes.axvline if horizontal else axes.axhline)(0, color="#666666", linewidth=0.8, zorder=3)


def _lines_and_points(axes: Axes, option: Option, data: pa.Table) -> None:
    for series in option["series"]:
        if "markLine" in series:
            ends = [end["coord"] for end in series["markLine"]["data"][0]]
            line = series["markLine"]["lineStyle"]
            axes.plot(*zip(*ends, strict=True), linestyle="--", color=line["color"], linewidth=1, zorder=1)
            continue
        rows = _rows(option, data, series)
        across = values(rows, series["encode"]["x"])
        across = np.arange(len(across)) if isinstance(across, list) else across
        up = values(rows, series["encode"]["y"])
        look = {"color": series["itemStyle"]["color"], "label": plain(series["name"]), "zorder": 2}
        if series["type"] == "scatter":
            axes.scatter(across, up, s=series["symbolSize"] ** 2 / 2, alpha=0.6, linewidths=0, rasterized=True, **look)
        else:
            marker = "o" if series["showSymbol"] else ""
            axes.plot(across, up, linewidth=1.6, marker=marker, markersize=3.5, **look)


def _frame(axes: Axes, option: Option, width: float, *, grid: bool) -> None:
    for spine in ("top", "right"):
        axes.spines[spine].set_visible(False)
    for axis, described in ((axes.xaxis, option["xAxis"]), (axes.yaxis, option["yAxis"])):
        axis.set_label_text(plain(cut(described["name"], TITLE_LENGTH)))
        if described["type"] == "category":
            _category_ticks(axes, axis is axes.xaxis, described, BAR if grid else CELL, width)
        elif described["type"] == "time":
            _time_ticks(axis)
        else:
            axis.set_major_formatter(FuncFormatter(_number))
            axis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 2.5, 5, 10]))
            if grid:
                axis.grid(visible=True, color="#E2E2E2", linewidth=0.7)
    axes.set_axisbelow(True)
    for described, limit in ((option["xAxis"], axes.set_xlim), (option["yAxis"], axes.set_ylim)):
        if "min" in described:
            room = 0.01 * (described["max"] - described["min"])
            limit(described["min"] - room, described["max"] + room)


def _number(value: float, _at: Any) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"


def _time_ticks(axis: Any) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(maxticks=9)  # type: ignore[no-untyped-call]
    axis.set_major_locator(locator)
    axis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _category_ticks(axes: Axes, across: bool, described: Option, room: float, width: float) -> None:
    letters = LETTERS_AN_INCH * (width - (2.4 if room == CELL else 1.0))
    names = described["data"]
    most = min(MOST_LABELS, int(SLANTING_AN_INCH * (width - 1))) if across else 3 * MOST_LABELS
    at = np.arange(0, len(names), max(1, -(-len(names) // most)))
    slanting = across and _crowded([min(len(names[i]), LONGEST) for i in at], letters)
    shown = [plain(shorten(names[i], LONGEST_SLANTING if slanting else LONGEST)) for i in at]
    end = max(len(names), 1) - 1 + room
    if across:
        axes.set_xticks(at, shown, rotation=40 if slanting else 0, ha="right" if slanting else "center")
        for tick in axes.get_xticklabels() if slanting else []:
            tick.set_rotation_mode("anchor")
        axes.set_xlim(-room, end)
    else:
        axes.set_yticks(at, shown)
        axes.set_ylim(end, -room)
    axes.tick_params(axis="x" if across else "y", length=0)


def _crowded(lengths: list[int], letters: float) -> bool:
    """Whether names of so many letters, each in the middle of its share of the room, touch."""
    room = letters / max(1, len(lengths))
    return sum(n + 2 for n in lengths) > letters or any((a + b) / 2 + 1 > room for a, b in pairwise(lengths))


def _legend(axes: Axes, option: Option, width: float) -> None:
    names = option["legend"]["data"]
    if option["legend"]["show"]:
        longest = max(len(plain(name)) for name in names) + 5  # the mark and the gap
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1.0),
            ncols=max(1, min(4, len(names), int(LEGEND_LETTERS_AN_INCH * (width - 0.7) / longest))),
            frameon=False,
            fontsize=8.5,
            borderaxespad=0.2,
        )
