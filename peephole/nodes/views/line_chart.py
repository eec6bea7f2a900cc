"""Line chart."""

from __future__ import annotations

from typing import Literal

from peephole.core.node import node
from peephole.core.progress import message
from peephole.core.settings import NumberColumns
from peephole.core.types import Figure, Table
from peephole.nodes.views._keys import Axis
from peephole.nodes.views._series import Aggregate, collect, title_of

MOST_POINTS = 2000
MOST_LABELS = 200
AxisKind = Literal["category", "value", "time"]


@node(
    family="views",
    icon="line-chart",
    says="[{y} ]over {x}[ by {group}]",
    needs=("matplotlib",),
    pack="views",
    also=("Line Plot", "Time series"),
)
def line_chart(
    table: Table,
    *,
    x: Axis,
    y: NumberColumns = [],  # noqa: B006 - validated and frozen
    group: Axis | None = None,
    aggregate: Aggregate = "mean",
    title: str = "",
) -> Figure:
    """Draw how numbers go along another column: over time, over a number, over an order of texts.

    Rows with the same x are put together. A line goes on over places where it has no value. With more than 2,000
    points, x is cut into ranges or periods.

    table: rows to draw.
    x: what runs from left to right.
    y: a line for each of these; none chosen: the number of rows.
    group: a line for each value of this column (the eight most frequent).
    aggregate: what is made of the rows of one point.
    title: of the figure; empty: made from the columns.
    """
    from peephole.figures.charts import lines
    from peephole.tables.schema import schema_of

    word = schema_of(table)[x]
    kinds: dict[str, AxisKind] = {"integer": "value", "number": "value", "date": "time", "datetime": "time"}
    kind = kinds.get(word, "category")
    room = MOST_LABELS if kind == "category" else MOST_POINTS
    found = collect(table, x=x, y=y, group=group, aggregate=aggregate, most=room)
    if kind != "category" and None in found.keys:
        message(f'Rows without "{x}" are not drawn.')
        found = found.without_missing()
    found = found.without_empty()
    along = [found.x.label(k) if kind == "category" else found.x.place(k) for k in found.keys]
    data, across, names, formats = found.data(along)
    return lines(
        data,
        x=across,
        ys=names,
        kind=kind,
        title=title or title_of(found.subject, x, group),
        x_name=x,
        y_name=found.name,
        by=group or "",
        formats=formats,
    )
