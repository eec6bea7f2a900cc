"""The panels of a scatter matrix."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from peephole.core.errors import DataError
from peephole.core.schema import ROW, accepts
from peephole.core.types import Figure, Table
from peephole.figures.charts import points, steps
from peephole.figures.panels import panels
from peephole.nodes.views import _bins, _points
from peephole.tables.schema import schema_of

USUAL = 5
BINS = 12


def matrix(table: Table, columns: Sequence[str], colour: str | None, most: int, title: str) -> tuple[Figure, list[str]]:
    """The figure, and the columns in order. Raises DataError where there are fewer than two."""
    there = [n for n, word in schema_of(table).items() if n not in (ROW, colour) and accepts(("number",), word)]
    names = list(dict.fromkeys(columns)) or there[:USUAL]
    if len(names) < 2:
        raise DataError("A scatter matrix needs two columns of numbers.", remedy="Choose columns.", setting="columns")
    found = _points.collect_many(table, names, colour, most)
    parts = []
    for down, y in enumerate(names):
        for across, x in enumerate(names):
            if x == y:
                made = _spread(table, x)
            else:
                made = points(
                    found.data,
                    x=x,
                    y=y,
                    title="",
                    groups=found.groups,
                    group=found.names[-1] if found.groups else "",
                    colours=found.colours,
                )
                for series in made.option["series"]:
                    series |= {"symbolSize": 3, "large": False, "name": series["name"] if found.groups else ""}
            _outer_names(made, across == 0, down == len(names) - 1, x, y)
            parts.append(made)
    called = title or f"{', '.join(names)} against each other{f' by {colour}' if colour else ''}"
    return panels(parts, columns=len(names), title=called, row_height=max(120, 720 // len(names))), names


def _spread(table: Table, column: str) -> Figure:
    found = _bins.counts(table, column, BINS, None)
    heights = found.rows["rows"]
    edges = [e for e in found.edges for _ in range(2)]
    up = [0.0, *(h for h in heights for _ in range(2)), 0.0] if heights else []
    data = pa.table({f"{column} ": pa.array(edges, pa.float64()), "rows": pa.array(up, pa.float64())})
    return steps(data, edge=f"{column} ", height="rows", x_name=column, y_name="rows")


def _outer_names(made: Figure, first: bool, last: bool, x: str, y: str) -> None:
    """Names stand at the outer panels only."""
    made.option["xAxis"]["name"] = x if last else ""
    made.option["yAxis"]["name"] = y if first else ""
    for axis, shown in (("xAxis", last), ("yAxis", first)):
        if not shown and made.option[axis]["type"] != "category":
            made.option[axis]["axisLabel"] = {"show": False}
