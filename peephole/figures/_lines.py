"""Lines, areas and points with matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.legend import Legend

Option = dict[str, Any]


def values(data: pa.Table, column: str) -> Any:
    """A column for drawing: numbers as float, times as datetime64, the rest as a list."""
    found = data.column(column)
    if pa.types.is_temporal(found.type):
        return pc.cast(found, pa.timestamp("us")).to_numpy()
    if pa.types.is_string(found.type) or pa.types.is_large_string(found.type):
        return found.to_pylist()
    return pc.cast(found, pa.float64(), safe=False).to_numpy()


def draw_reference(axes: Axes, series: Option) -> None:
    """A straight dashed line from one end of a mark to the other."""
    ends = [end["coord"] for end in series["markLine"]["data"][0]]
    axes.plot(
        *zip(*ends, strict=True), linestyle="--", color=series["markLine"]["lineStyle"]["color"], linewidth=1, zorder=1
    )


def draw_points(axes: Axes, series: Option, rows: pa.Table, label: str) -> None:
    """Points, and the texts beside them where the series has some."""
    across, up = (_placed(values(rows, series["encode"][side])) for side in ("x", "y"))
    style = series["itemStyle"]
    axes.scatter(
        across, up, s=series["symbolSize"] ** 2 / 2, alpha=style.get("opacity", 0.6), linewidths=0, rasterized=True,
        color="none" if style["color"] == "transparent" else style["color"], label=label, zorder=3 if "z" in series else 2,
    )  # fmt: skip
    shown = series.get("label", {})
    if shown.get("show"):
        texts = rows.column(series["encode"]["label"]).to_pylist()
        above = shown["position"] == "top"
        place: Option = {"xytext": (0, 5), "ha": "center"} if above else {"xytext": (5, 0), "va": "center"}
        for x, y, text in zip(across, up, texts, strict=True):
            if text:
                plain = text.replace("$", r"\$")
                axes.annotate(plain, (x, y), textcoords="offset points", fontsize=7.5, annotation_clip=False, **place)


def clear_marks(legend: Legend) -> None:
    """Make a legend's points as large and strong as its colours need: those of many points are tiny and faint."""
    for mark in legend.legend_handles:
        if isinstance(mark, PathCollection):
            mark.set_sizes([30])
            mark.set_alpha(1)


def draw_line(axes: Axes, series: Option, rows: pa.Table, label: str) -> None:
    """A line, with the area below it, or inside it where it is closed."""
    across, up = (_placed(values(rows, series["encode"][side])) for side in ("x", "y"))
    if series.get("connectNulls"):
        there = ~np.isnan(up)
        across, up = across[there], up[there]
    line, colour = series["lineStyle"], series["itemStyle"]["color"]
    area = series.get("areaStyle")
    if area is not None and area.get("closed"):
        only = line["width"] == 0  # an area without a line stands in the legend itself
        for i, (part_x, part_y) in enumerate(_parts(across, up)):
            named = label if only and i == 0 else None
            axes.fill(part_x, part_y, color=colour, alpha=area["opacity"], linewidth=0, zorder=2, label=named)
        if only:
            return
    elif area is not None:
        axes.fill_between(across, 0, up, color=colour, alpha=area["opacity"], linewidth=0, zorder=2)
    marker = "o" if series["showSymbol"] else ""
    axes.plot(
        across, up, linewidth=line["width"] * 0.8, marker=marker, markersize=3.5, color=line.get("color", colour), label=label,
        zorder=2 + line["width"] / 100, solid_capstyle="butt",
    )  # fmt: skip


def _parts(across: Any, up: Any) -> list[tuple[Any, Any]]:
    """A line cut where it has no place."""
    gaps = np.flatnonzero(np.isnan(across))
    return [(a[~np.isnan(a)], b[~np.isnan(a)]) for a, b in zip(np.split(across, gaps), np.split(up, gaps), strict=True)]


def _placed(found: Any) -> Any:
    return np.arange(len(found)) if isinstance(found, list) else found
