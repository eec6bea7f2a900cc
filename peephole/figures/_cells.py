"""Heat maps with matplotlib: cells, their texts in ink that can be read on them, and the scale of colours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure as Page


def draw_cells(page: Page, axes: Axes, option: dict[str, Any], data: pa.Table) -> None:
    """Draw the one heat-map series of an option."""
    series, scale = option["series"][0], option["visualMap"]
    grid, at_x, at_y = _grid(option, data)
    colours = LinearSegmentedColormap.from_list("scale", scale["inRange"]["color"])
    norm = Normalize(scale["min"], scale["max"])
    axes.set_facecolor("#F3F3F3")
    edges_x, edges_y = (np.arange(count + 1) - 0.5 for count in (grid.shape[1], grid.shape[0]))
    image = axes.pcolormesh(
        edges_x, edges_y, np.ma.masked_invalid(grid), cmap=colours, norm=norm, edgecolors="white", linewidth=0.6
    )
    bar = page.colorbar(image, ax=axes, shrink=0.9, pad=0.02, aspect=28)
    bar.set_label(series["name"].replace("$", r"\$"))
    bar.outline.set_visible(False)
    if series["label"]["show"]:
        _texts(axes, series, data, (at_x, at_y), image)


def _grid(option: dict[str, Any], data: pa.Table) -> tuple[Any, Any, Any]:
    """The values as a matrix, and each row's place in it."""
    encode = option["series"][0]["encode"]
    xs, ys = option["xAxis"]["data"], option["yAxis"]["data"]
    at_x = pc.index_in(data.column(encode["x"]), value_set=pa.array(xs, pa.string())).to_numpy().astype(int)
    at_y = pc.index_in(data.column(encode["y"]), value_set=pa.array(ys, pa.string())).to_numpy().astype(int)
    grid = np.full((max(1, len(ys)), max(1, len(xs))), np.nan)
    grid[at_y, at_x] = pc.cast(data.column(encode["value"]), pa.float64(), safe=False).to_numpy()
    return grid, at_x, at_y


def _texts(axes: Axes, series: dict[str, Any], data: pa.Table, at: tuple[Any, Any], image: Any) -> None:
    column = int(series["label"]["formatter"].strip("{@[]}"))
    values = pc.cast(data.column(series["encode"]["value"]), pa.float64(), safe=False).to_numpy()
    for x, y, value, text in zip(*at, values, data.column(column).to_pylist(), strict=True):
        if np.isnan(value):
            continue
        red, green, blue, _ = image.cmap(image.norm(value))
        ink = "#111111" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "#FFFFFF"
        axes.text(x, y, text, ha="center", va="center", fontsize=8, color=ink)
