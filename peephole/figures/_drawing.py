"""Reads an option as `charts.py` writes it and draws it with matplotlib's own objects (no pyplot: that keeps state)."""

from __future__ import annotations

from collections.abc import Callable
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
from peephole.figures._lines import clear_marks, draw_line, draw_points, draw_reference, values
from peephole.figures._panels import draw_panels
from peephole.figures._parallel import draw_parallel
from peephole.figures._shapes import draw_boxes, draw_pie
from peephole.figures._trees import draw_tree
from peephole.figures.text import cut, shorten

LONGEST = 32  # letters of a category's name
LONGEST_SLANTING = 22
LETTERS_AN_INCH = 15
LEGEND_LETTERS_AN_INCH = 14
SLANTING_AN_INCH = 5  # names side by side
BAR, CELL = 0.6, 0.5  # room around the middle of a category
TITLE_LENGTH = 90
MOST_LABELS = 40
ON_SCREEN = 900  # points that a page's width stands for
Option = dict[str, Any]


def draw(figure: Figure, width: float, title: bool) -> Page:
    """A page with the whole figure on it."""
    many = "panels" in figure.option["peephole"]
    page = draw_panels(figure, width, _draw_in_frame) if many else _draw_alone(figure, width)
    if title and figure.title:
        page.suptitle(
            plain(cut(figure.title, TITLE_LENGTH)), x=0.01, ha="left", fontsize=12, fontweight="bold", wrap=True
        )
    return page


def _draw_alone(figure: Figure, width: float) -> Page:
    option = figure.option
    page = Page(figsize=_size(option, width), layout="constrained")
    axes = page.add_subplot()
    kinds = kinds_of(option)
    if kinds in WITHOUT_FRAME:
        WITHOUT_FRAME[kinds](axes, option, figure.data)
    else:
        _draw_in_frame(page, axes, figure, page.get_figwidth())
        _legend(axes, option, page.get_figwidth())
    return page


def kinds_of(option: Option) -> frozenset[str]:
    """The kinds of series."""
    return frozenset(s["type"] for s in option["series"])


def _draw_in_frame(page: Page, axes: Axes, figure: Figure, width: float) -> None:
    """What has two axes, with the axes around it."""
    option = figure.option
    kinds = kinds_of(option)
    if kinds == {"heatmap"}:
        draw_cells(page, axes, option, figure.data)
    elif kinds == {"bar"}:
        _bars(axes, option, figure.data)
    elif "boxplot" in kinds:
        draw_boxes(axes, option, [_rows(option, figure.data, s) for s in option["series"]])
    else:
        _lines_and_points(axes, option, figure.data)
    _frame(axes, option, width, grid=kinds != {"heatmap"})
    if not any(s.get("encode") and _rows(option, figure.data, s).num_rows for s in option["series"]):
        axes.text(0.5, 0.5, "no data", transform=axes.transAxes, ha="center", va="center", color="#777777")
        axes.set(xticks=[], yticks=[])


WITHOUT_FRAME: dict[frozenset[str], Callable[[Axes, Option, pa.Table], None]] = {
    frozenset({"pie"}): draw_pie,
    frozenset({"parallel"}): draw_parallel,
    frozenset({"tree"}): draw_tree,
}


def plain(text: str) -> str:
    """Text that matplotlib does not take for a formula."""
    return " ".join(str(text).split()).replace("$", r"\$")


def _size(option: Option, width: float) -> tuple[float, float]:
    """Of the page: square for two axes with the same span, as high as vertical categories need."""
    if "height" in option["peephole"]:
        return width, width * option["peephole"]["height"] / ON_SCREEN
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
    highest = float(above.max(initial=0.0))
    if stacked and highest > 0:  # a part of no size on top would leave no room above
        (axes.set_xlim if horizontal else axes.set_ylim)(None, highest * 1.05)
    (axes.axvline if horizontal else axes.axhline)(0, color="#666666", linewidth=0.8, zorder=3)


def _lines_and_points(axes: Axes, option: Option, data: pa.Table) -> None:
    for series in option["series"]:
        if "markLine" in series:
            draw_reference(axes, series)
            continue
        rows = _rows(option, data, series)
        if series["type"] == "scatter":
            draw_points(axes, series, rows, plain(series["name"]))
        else:
            draw_line(axes, series, rows, plain(series["name"]))


def _frame(axes: Axes, option: Option, width: float, *, grid: bool) -> None:
    for spine in ("top", "right"):
        axes.spines[spine].set_visible(False)
    upright = option["yAxis"][0] if isinstance(option["yAxis"], list) else option["yAxis"]
    for axis, described in ((axes.xaxis, option["xAxis"]), (axes.yaxis, upright)):
        _one_axis(axes, axis, described, width, grid)
    axes.set_axisbelow(True)
    for described, limit in ((option["xAxis"], axes.set_xlim), (upright, axes.set_ylim)):
        if "min" in described:
            room = 0.01 * (described["max"] - described["min"])
            ends = (described["min"] - room, described["max"] + room)
            limit(*(reversed(ends) if described.get("inverse") else ends))
    if upright is not option["yAxis"]:
        _names_beside(axes, option["yAxis"][1])


def _one_axis(axes: Axes, axis: Any, described: Option, width: float, grid: bool) -> None:
    axis.set_label_text(plain(cut(described["name"], TITLE_LENGTH)))
    if described["type"] == "category":
        _category_ticks(axes, axis is axes.xaxis, described, BAR if grid else CELL, width)
    elif described["type"] == "time":
        _time_ticks(axis)
    else:
        axis.set_major_formatter(FuncFormatter(_number))
        axis.set_major_locator(MaxNLocator(nbins=8 if width > 4 else 4, steps=[1, 2, 2.5, 5, 10]))
        if grid and described.get("splitLine", {}).get("show", True):
            axis.grid(visible=True, color="#E2E2E2", linewidth=0.7)
    if described["axisLabel"].get("show") is False:
        axis.set_tick_params(labelbottom=False, labelleft=False, length=0)
    if described.get("inverse") and described["type"] != "category":
        axis.set_inverted(True)


def _names_beside(axes: Axes, described: Option) -> None:
    """The names of an axis of categories that lies over one of numbers: the i-th between i and i + 1."""
    names = described["data"]
    axes.yaxis.set_label_text(plain(cut(described["name"], TITLE_LENGTH)))
    axes.set_yticks(np.arange(len(names)) + 0.5, [plain(shorten(n, LONGEST)) for n in names])
    axes.tick_params(axis="y", labelleft=True, length=0)
    axes.yaxis.grid(visible=False)


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
    most = max(1, min(MOST_LABELS, int(SLANTING_AN_INCH * (width - 1)))) if across else 3 * MOST_LABELS
    ranges = described["axisLabel"].get("rotate") == 0
    if across and ranges:  # some tell where the others lie
        most = min(most, max(1, int(letters / (2 + max(map(len, names), default=0)))))
    at = np.arange(0, len(names), max(1, -(-len(names) // most)))
    slanting = across and not ranges and _crowded([min(len(names[i]), LONGEST) for i in at], letters)
    if described["axisLabel"].get("show") is False:
        at = at[:0]
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
        shown = axes.legend(
            loc="lower left",
            bbox_to_anchor=(
                0,
                1.06 if any(s.get("label", {}).get("position") == "top" for s in option["series"]) else 1.0,
            ),
            ncols=max(1, min(4, len(names), int(LEGEND_LETTERS_AN_INCH * (width - 0.7) / longest))),
            frameon=False,
            fontsize=8.5,
            borderaxespad=0.2,
        )
        clear_marks(shown)
