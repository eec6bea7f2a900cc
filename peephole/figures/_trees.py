"""Decision trees with matplotlib: boxes from left to right, a column for each level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from matplotlib.axes import Axes

WIDE = 1.0  # of a level
EDGE = "#8A8A8A"


def draw_tree(axes: Axes, option: dict[str, Any], _data: pa.Table) -> None:
    """Draw the one tree of an option."""
    axes.set_axis_off()
    root = placed(option["series"][0]["data"][0], 0, iter(range(1_000_000)))
    for one, parent in _walk(root, None):
        x, y = one["at"]
        if parent is not None:
            px, py = parent["at"]
            fork = px + 0.86 * WIDE
            axes.plot([px, fork, fork, x], [py, py, y, y], color=EDGE, linewidth=0.9, zorder=1, solid_joinstyle="round")
        look = one["peephole"]
        axes.text(
            x, y, "\n".join(look["lines"]).replace("$", r"\$"), va="center", ha="left", fontsize=6.8, color=look["ink"],
            linespacing=1.25, zorder=2,
            bbox={"boxstyle": "round,pad=0.35", "facecolor": look["colour"], "linewidth": 0},
        )  # fmt: skip
    described = option["peephole"]
    axes.set(xlim=(-0.05, (described["depth"] + 0.85) * WIDE), ylim=(described["leaves"] - 0.4, -0.6))


def placed(one: dict[str, Any], level: int, rows: Iterator[int]) -> dict[str, Any]:
    """A copy with its place `at`: leaves one below the other, all others between their first and last child."""
    children = [placed(child, level + 1, rows) for child in one.get("children", [])]
    height = (children[0]["at"][1] + children[-1]["at"][1]) / 2 if children else float(next(rows))
    return {**one, "children": children, "at": (level * WIDE, height)}


def _walk(one: dict[str, Any], parent: dict[str, Any] | None) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    yield one, parent
    for child in one["children"]:
        yield from _walk(child, one)
