"""Lines, areas and points with matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.axes import Axes

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
        color=style["color"], label=label, zorder=3 if "z" in series else 2,
    )  # fmt: skip
    shown = series.get("label", {})
    if shown.get("show"):
        texts = rows.column(series["encode"]["label"]).to_pylist()
        for x, y, text in zip(across, up, texts, strict=True):
            if text:
                axes.annotate(
                    text.replace("$", r"\$"), (x, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=7.5,
                    annotation_clip=False,
                )  # fmt: skip


def draw_line(axes: Axes, series: Option, rows: pa.Table, label: str) -> None:
    """A line, with the area below it, or inside it where it is closed."""
    across, up = (_placed(values(rows, series["encode"][side])) for side in ("x", "y"))
    line, colour = series["lineStyle"], series["itemStyle"]["color"]
    area = series.get("areaStyle")
    if area is not None and area.get("closed"):
        axes.fill(across, up, color=colour, alpha=area["opacity"], linewidth=0, zorder=2)
    elif area is not None:
        axes.fill_between(across, 0, up, color=colour, alpha=area["opacity"], linewidth=0, zorder=2)
    marker = "o" if series["showSymbol"] else ""
    axes.plot(
        across, up, linewidth=line["width"] * 0.8, marker=marker, markersize=3.5, color=line.get("color", colour), label=label,
        zorder=2 + line["width"] / 100, solid_capstyle="butt",
    )  # fmt: skip


def _placed(found: Any) -> Any:
    return np.arange(len(found)) if isinstance(found, list) else found
