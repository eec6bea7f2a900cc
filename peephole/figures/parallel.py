"""Parallel coordinates: a line for each row across one axis for each column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from peephole.core.types import Figure
from peephole.figures.options import filtered, option, tooltip
from peephole.figures.palette import colours_for

if TYPE_CHECKING:
    import pyarrow as pa

NAME_LETTERS = 22


def parallel(
    data: pa.Table,
    columns: Sequence[str],
    *,
    title: str,
    groups: Sequence[str] = (),
    group: str = "",
    colours: Sequence[str] = (),
    labels: dict[str, list[str]] | None = None,
) -> Figure:
    """A line for each row.  groups: values of column `group`, a colour for each.  labels: of columns of texts, from below."""
    usual = list(colours) or colours_for(groups or [""], group)
    few = data.num_rows < 300
    series = [
        {
            "type": "parallel",
            "name": name,
            "datasetIndex": i + 1 if group else 0,
            "encode": {},
            "itemStyle": {"color": usual[i]},
            "lineStyle": {"width": 1.2, "opacity": 0.55 if few else 0.25, "color": usual[i]},
            "smooth": False,
            "progressive": 0,
        }
        for i, name in enumerate(groups or [""])
    ]
    made = option(title=title, rows=data.num_rows, series=series, tooltip=tooltip("item"))
    made["parallelAxis"] = [_axis(data, name, (labels or {}).get(name)) for name in columns]
    made["parallel"] = {"left": 70, "right": 90, "top": 110 if made["legend"]["show"] else 86, "bottom": 30}
    made["dataset"] += [filtered(group, name) for name in groups] if group else []
    return Figure(made, data, title)


def _axis(data: pa.Table, name: str, labels: list[str] | None) -> dict[str, Any]:
    shown = name if len(name) <= NAME_LETTERS else f"{name[: NAME_LETTERS - 1]}…"
    axis: dict[str, Any] = {"dim": data.column_names.index(name), "name": shown, "nameLocation": "end", "nameGap": 14}
    if labels is not None:
        return {**axis, "type": "category", "data": labels, "axisLabel": {"overflow": "truncate", "width": 90}}
    return {**axis, "type": "value", "scale": True}
