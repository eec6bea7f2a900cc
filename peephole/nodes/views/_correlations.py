"""A matrix of correlations as coloured cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pyarrow as pa

from peephole.core.types import Figure, Table
from peephole.figures.charts import heat
from peephole.figures.text import distinct
from peephole.nodes.statistics.correlation import correlations

Method = Literal["pearson", "spearman", "kendall"]


def figure(table: Table, columns: Sequence[str], method: Method, *, together: bool, title: str) -> Figure:
    """The figure; cells of columns that are always the same stay empty."""
    found = correlations(table, columns, method)
    names = _together(found.names, found.values) if together else found.names
    at = {name: i for i, name in enumerate(found.names)}
    cells = [(a, b, found.values[at[a]][at[b]]) for b in names for a in names]
    x, y, value, text = distinct("column", "with", "correlation", "text")
    data = pa.table(
        {
            x: pa.array([c[0] for c in cells], pa.string()),
            y: pa.array([c[1] for c in cells], pa.string()),
            value: pa.array([c[2] for c in cells], pa.float64()),
            text: pa.array(
                ["" if c[2] is None else f"{c[2]:.2f}".replace("-0.00", "0.00") for c in cells], pa.string()
            ),
        }
    )
    return heat(
        data,
        x=x,
        y=y,
        value=value,
        text=text,
        xs=names,
        ys=names,
        title=title or f"Correlations ({method.capitalize()})",
        x_name="",
        y_name="",
        span=(-1.0, 1.0),
    )


def _together(names: Sequence[str], values: Sequence[Sequence[float | None]]) -> list[str]:
    """Start with the strongest pair, and put each next column beside the one it goes with most."""
    left = list(range(len(names)))
    strength = [[abs(v or 0.0) if i != j else -1.0 for j, v in enumerate(row)] for i, row in enumerate(values)]
    order = [max(left, key=lambda i: max(strength[i], default=0.0))] if left else []
    left = [i for i in left if i not in order]
    while left:
        ends = (order[0], order[-1])
        end, following = max(((e, i) for e in ends for i in left), key=lambda pair: strength[pair[0]][pair[1]])
        order = [following, *order] if end == order[0] and len(order) > 1 else [*order, following]
        left.remove(following)
    return [names[i] for i in order]
