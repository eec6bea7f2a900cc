"""Boxes and pies with matplotlib."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from peephole.figures.text import shorten

INK = "#333333"
LONGEST = 28  # letters of a slice's name


def draw_boxes(axes: Axes, option: dict[str, Any], parts: list[pa.Table]) -> None:
    """Draw the box series and the points beyond the whiskers.  parts: the rows of each series."""
    labels = option["xAxis"]["data"]
    for series, rows in zip(option["series"], parts, strict=True):
        at = pc.index_in(rows.column(series["encode"]["x"]), value_set=pa.array(labels, pa.string())).to_pylist()
        style = series["itemStyle"]
        each = series["color"] if series.get("colorBy") == "data" else []
        colours = [each[i] if each else style.get("borderColor", style["color"]) for i in at]
        if series["type"] == "boxplot":
            named = ("whislo", "q1", "med", "q3", "whishi")
            numbers = [rows.column(name).to_pylist() for name in series["encode"]["y"]]
            stats: list[dict[str, Any]] = [
                {**dict(zip(named, five, strict=True)), "fliers": []} for five in zip(*numbers, strict=True)
            ]
            _boxes(axes, stats, at, colours)
        else:
            up = rows.column(series["encode"]["y"]).to_numpy()
            axes.scatter(at, up, s=9, color=style["color"], alpha=0.6, linewidths=0, zorder=2)


def _boxes(axes: Axes, stats: list[dict[str, Any]], at: list[int], colours: list[str]) -> None:
    for five, place, colour in zip(stats, at, colours, strict=True):
        line = {"color": colour, "linewidth": 1.2}
        look: dict[str, Any] = {
            "boxprops": {"facecolor": to_rgba(colour, 0.25), "edgecolor": colour, "linewidth": 1.2},
            "medianprops": {"color": INK, "linewidth": 1.6},
            "whiskerprops": line,
            "capprops": line,
        }
        axes.bxp(
            [five],
            positions=[place],
            widths=0.5,
            patch_artist=True,
            showfliers=False,
            manage_ticks=False,
            zorder=2,
            **look,
        )


def draw_pie(axes: Axes, option: dict[str, Any], data: pa.Table) -> None:
    """Draw the one pie series: its slices' names and shares stand around it."""
    encode = option["series"][0]["encode"]
    names, sizes = data.column(encode["itemName"]).to_pylist(), data.column(encode["value"]).to_pylist()
    axes.set_axis_off()
    total = sum(sizes)
    if not total:
        axes.text(0.5, 0.5, "no data", transform=axes.transAxes, ha="center", va="center", color="#777777")
        return
    texts = [
        f"{shorten(n, LONGEST)}  {size / total:.1%}".replace("$", r"\$") for n, size in zip(names, sizes, strict=True)
    ]
    wedges = axes.pie(
        sizes,
        colors=option["series"][0]["color"],
        startangle=90,
        counterclock=False,
        wedgeprops={"edgecolor": "white", "linewidth": 1.2},
    )[0]
    # Names beside thin slices would run into each other: a list does not.
    axes.legend(wedges, texts, loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False, fontsize=9.5)
