"""Several small drawings in one figure: a scatter matrix, the distributions of all columns."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any

from peephole.core.types import Figure
from peephole.figures.options import Option, option, tooltip
from peephole.figures.text import distinct

TITLE, LEGEND = 40, 30  # room at the top, in points of the screen
WIDTH = 900


def panels(parts: Sequence[Figure], *, columns: int, title: str, row_height: int = 190) -> Figure:
    """The parts in rows of so many columns. Parts with the same data share it; a legend stands for all.

    Each part has two axes. `option["peephole"]["panels"]` keeps, for each, its number of rows in the data.
    """
    import pyarrow as pa

    data, names, rows = _merged(parts)
    high = math.ceil(len(parts) / columns)
    series: list[Option] = []
    datasets: list[Option] = [{}]
    axes: dict[str, list[Option]] = {"xAxis": [], "yAxis": []}
    for i, part in enumerate(parts):
        called = names[id(part.data)]
        places = {0: 0}
        for at, dataset in enumerate(part.option["dataset"][1:], start=1):
            places[at] = len(datasets)
            datasets.append(_renamed(dataset, called))
        for one in part.option["series"]:
            made = {**copy.deepcopy(one), "xAxisIndex": i, "yAxisIndex": i}
            made["encode"] = _renamed(one.get("encode", {}), called)
            made["datasetIndex"] = places[one.get("datasetIndex", 0)]
            if "stack" in made:  # bars of one stack stand on each other, in whichever panel they are
                made["stack"] = f"{made['stack']} {i}"
            series.append(made)
        for axis, made_axes in axes.items():
            gap = 22 if axis == "xAxis" else 34
            made_axes.append({**copy.deepcopy(part.option[axis]), "gridIndex": i, "splitNumber": 3, "nameGap": gap})
    made = option(title=title, rows=data.num_rows, series=series, tooltip=tooltip("item"))
    made |= axes
    different = list(dict.fromkeys(made["legend"]["data"]))
    legend = 1 < len(different) <= 12 and len(different) < len(series)
    made["legend"] |= {"data": different, "show": legend}
    top = TITLE + (LEGEND if legend else 0)
    whole = top + high * row_height
    made["grid"] = [_place(i, columns, high, top / whole) for i in range(len(parts))]
    made["dataset"] = datasets
    made["peephole"] |= {"panels": rows, "columns": columns, "height": whole}
    made["peephole"]["formats"] = {
        names[id(p.data)][n]: f for p in parts for n, f in p.option["peephole"]["formats"].items()
    }
    return Figure(made, data if data.num_columns else pa.table({}), title)


def _place(i: int, columns: int, high: int, top: float) -> Option:
    """A panel's frame, in shares of the drawing; the names of its axes lie inside."""
    row, column = divmod(i, columns)
    tall = (1 - top) / high
    return {
        "left": f"{100 * column / columns + 0.8:.2f}%",
        "width": f"{100 / columns - 2.2:.2f}%",
        "top": f"{100 * (top + row * tall) + 1:.2f}%",
        "height": f"{100 * tall - 2.5:.2f}%",
        "outerBoundsMode": "same",
    }


def _merged(parts: Sequence[Figure]) -> tuple[Any, dict[int, dict[str, str]], list[int]]:
    """All parts' columns in one table, shorter ones filled up, and each part's new column names and number of rows."""
    import pyarrow as pa

    different = list({id(p.data): p.data for p in parts}.values())
    longest = max((d.num_rows for d in different), default=0)
    called = iter(distinct(*(n for d in different for n in d.column_names)))
    names: dict[int, dict[str, str]] = {}
    columns: dict[str, Any] = {}
    for data in different:
        names[id(data)] = {old: next(called) for old in data.column_names}
        for old, new in names[id(data)].items():
            column = data.column(old)
            gap = pa.nulls(longest - data.num_rows, column.type)
            columns[new] = pa.chunked_array([*column.chunks, gap], column.type)
    return pa.table(columns), names, [p.data.num_rows for p in parts]


def _renamed(described: Any, names: dict[str, str]) -> Any:
    """The same with the columns' new names: of an encode, or of a filter."""
    if isinstance(described, dict):
        return {
            k: names.get(v, v) if k == "dimension" else (_renamed(v, names) if k not in ("=", "type") else v)
            for k, v in described.items()
        }
    if isinstance(described, list):
        return [_renamed(v, names) for v in described]
    return names.get(described, described) if isinstance(described, str) else described


def part_of(figure: Figure, i: int) -> Figure:
    """One panel as a figure of its own, as the still picture draws it."""
    option_, data = figure.option, figure.data
    rows = option_["peephole"]["panels"][i]
    series = [s for s in option_["series"] if s["xAxisIndex"] == i]
    made = {**option_, "series": series, "xAxis": option_["xAxis"][i], "yAxis": option_["yAxis"][i]}
    return Figure(made, data.slice(0, rows), "")
