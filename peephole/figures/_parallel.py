"""Parallel coordinates with matplotlib: every axis brought to the same height, its ends written beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from peephole.figures.text import shorten

TICKS = 5
LETTERS = 18
INK = "#444444"


def draw_parallel(axes: Axes, option: dict[str, Any], data: pa.Table) -> None:
    """Draw all series and their axes."""
    axes.set_axis_off()
    described = option["parallelAxis"]
    columns = [_heights(axis, data.column(axis["dim"])) for axis in described]
    if not data.num_rows or len(columns) < 2:
        axes.text(0.5, 0.5, "no data", transform=axes.transAxes, ha="center", va="center", color="#777777")
        return
    matrix = np.column_stack([heights for heights, _ in columns])
    handles = []
    for series in option["series"]:
        dataset = option["dataset"][series["datasetIndex"]]
        there = np.full(data.num_rows, True)
        if "transform" in dataset:
            config = dataset["transform"]["config"]
            there = pc.fill_null(pc.equal(data.column(config["dimension"]), config["="]), False).to_numpy()
        lines = [np.column_stack([np.arange(len(columns)), row]) for row in matrix[there]]
        look = series["lineStyle"]
        axes.add_collection(
            LineCollection(lines, colors=look["color"], alpha=look["opacity"], linewidths=0.9, zorder=2)
        )
        handles.append(Line2D([], [], color=look["color"], label=series["name"].replace("$", r"\$")))
    for i, (axis, (_, ticks)) in enumerate(zip(described, columns, strict=True)):
        axes.plot([i, i], [0, 1], color=INK, linewidth=0.9, zorder=3)
        axes.text(i, 1.05, axis["name"].replace("$", r"\$"), ha="center", va="bottom", fontsize=9, fontweight="bold")
        for at, text in ticks:
            axes.text(
                i + 0.02, at, shorten(text, LETTERS).replace("$", r"\$"), fontsize=7, va="center", color=INK, zorder=4,
                bbox={"facecolor": "white", "alpha": 0.65, "linewidth": 0, "pad": 0.6},
            )  # fmt: skip
    axes.set(xlim=(-0.1, len(columns) - 0.6), ylim=(-0.06, 1.16))
    if option["legend"]["show"]:
        axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1.02), ncols=4, frameon=False, fontsize=8.5)


def _heights(axis: dict[str, Any], column: pa.ChunkedArray) -> tuple[Any, list[tuple[float, str]]]:
    """Where the rows cross an axis of height 1, and its ticks."""
    if axis["type"] == "category":
        labels = axis["data"]
        at = pc.fill_null(pc.index_in(column, value_set=pa.array(labels, pa.string())), 0).to_numpy()
        room = max(1, len(labels))
        return (at + 0.5) / room, [((i + 0.5) / room, text) for i, text in enumerate(labels)]
    values = pc.cast(column, pa.float64(), safe=False).to_numpy()
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    span = (high - low) or 1.0
    ticks = [(i / (TICKS - 1), f"{low + span * i / (TICKS - 1):.4g}") for i in range(TICKS)]
    return (values - low) / span, ticks
