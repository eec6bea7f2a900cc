"""Trees: decision trees with a box for each question and answer, dendrograms of clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from peephole.core.types import Figure
from peephole.figures.options import filtered, option, tooltip, value_axis
from peephole.figures.palette import REFERENCE, colours_for

if TYPE_CHECKING:
    import pyarrow as pa

LINE_HEIGHT, AROUND = 14, 16  # of the text in a box, and of the box around it
APART = 1.6  # leaves of different parents stand twice as far apart
LEAF = "leaf"


def tree(root: dict[str, Any], data: pa.Table, *, title: str, leaves: int, depth: int, lines: int) -> Figure:
    """A tree from left to right.

    root: nested {"name", "lines": texts of its box, "colour", "edge": what leads to it, "children"}.
    data: the same nodes as a table.  leaves, depth: of what is drawn.  lines: of the highest box.
    """
    high = max(300, round(90 + APART * leaves * (lines * LINE_HEIGHT + AROUND)))
    series = {
        "type": "tree",
        "name": title,
        "data": [_node(root)],
        "orient": "LR",
        "layout": "orthogonal",
        "edgeShape": "polyline",
        "edgeForkPosition": "60%",
        "initialTreeDepth": -1,
        "expandAndCollapse": True,
        "roam": True,
        "symbol": "none",
        "left": 20,
        "right": 190,
        "top": 56,
        "bottom": 24,
        "lineStyle": {"color": REFERENCE, "width": 1.2, "curveness": 0},
        "animationDuration": 300,
    }
    made = option(title=title, rows=data.num_rows, series=[series], tooltip={"show": False})
    made["legend"]["show"] = False
    made["peephole"] |= {"height": min(high, 2400), "depth": depth, "leaves": leaves}
    return Figure(made, data, title)


def _node(one: dict[str, Any]) -> dict[str, Any]:
    label = {
        "show": True,
        "formatter": "\n".join(one["lines"]),
        "position": "right",
        "align": "left",
        "verticalAlign": "middle",
        "distance": 0,
        "backgroundColor": f"{one['colour']}",
        "borderRadius": 4,
        "padding": [4, 7],
        "color": one["ink"],
        "fontSize": 11,
        "lineHeight": LINE_HEIGHT,
    }
    made = {"name": one["name"], "label": label, "peephole": {k: one[k] for k in ("lines", "colour", "ink")}}
    if one.get("children"):
        made["children"] = [_node(child) for child in one["children"]]
    return made


def dendrogram(
    data: pa.Table,
    *,
    groups: Sequence[str],
    colours: dict[str, str],
    leaves: Sequence[str],
    cut: float | None,
    title: str,
    x_name: str,
) -> Figure:
    """Joined groups as brackets, the farthest joining at the left, the leaves at the right with their names.

    data: rows with `distance`, `place`, `group` and `name`; brackets are parted by rows without numbers; rows of group
    "leaf" are the names of the leaves.  colours: of the groups.  cut: where a dashed line cuts the tree into the clusters.
    """
    usual = dict(zip(groups, colours_for(groups, "cluster"), strict=True))
    series: list[dict[str, Any]] = [
        {
            "type": "line",
            "name": name,
            "datasetIndex": i + 1,
            "encode": {"x": "distance", "y": "place"},
            "itemStyle": {"color": colours.get(name, usual[name])},
            "lineStyle": {"width": 1.5},
            "showSymbol": False,
            "connectNulls": False,
            "silent": True,
        }
        for i, name in enumerate(groups)
    ]
    longest = max((len(name) for name in leaves), default=0)
    series.append(
        {
            "type": "scatter",
            "name": "",
            "datasetIndex": len(groups) + 1,
            "encode": {"x": "distance", "y": "place", "label": "name", "tooltip": ["name"]},
            "itemStyle": {"color": REFERENCE, "opacity": 1},
            "symbolSize": 3,
            "label": {
                "show": longest > 0,
                "position": "right",
                "formatter": f"{{@[{data.column_names.index('name')}]}}",
                "fontSize": 10,
            },
        }
    )
    if cut is not None:
        line = {"type": "dashed", "color": REFERENCE, "width": 1}
        ends = [{"coord": [cut, 0]}, {"coord": [cut, len(leaves)]}]
        mark = {"silent": True, "symbol": "none", "lineStyle": line, "label": {"show": False}, "data": [ends]}
        series.append({"type": "line", "name": "", "silent": True, "data": [], "markLine": mark})
    made = option(
        title=title,
        rows=data.num_rows,
        series=series,
        tooltip=tooltip("item"),
        xAxis=value_axis(x_name, vertical=False, zero=True) | {"inverse": True},
        yAxis=value_axis("", vertical=True, span=(0.0, float(max(1, len(leaves))))) | {"axisLabel": {"show": False}},
    )
    made["yAxis"] |= {
        "inverse": True,
        "splitLine": {"show": False},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
    }
    made["legend"] |= {"show": len(groups) > 1, "data": list(groups)}
    made["grid"] |= {"right": 24 + min(200, 7 * longest), "outerBoundsMode": "none", "left": 24, "bottom": 46}
    made["dataset"] += [filtered("group", name) for name in (*groups, LEAF)]
    made["peephole"]["height"] = int(min(2400, max(320, 130 + 17 * len(leaves))))
    return Figure(made, data, title)
