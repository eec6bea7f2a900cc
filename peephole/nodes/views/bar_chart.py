"""Bar chart."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.node import node
from peephole.core.progress import message
from peephole.core.settings import Between, NumberColumns
from peephole.core.types import Table
from peephole.nodes.views._keys import Axis
from peephole.nodes.views._selection import Chosen, Selection
from peephole.nodes.views._series import Aggregate, Order, collect, title_of

ROOM_ACROSS = 90  # letters that labels may have side by side


@node(
    family="views",
    icon="bar-chart",
    says="[{y} ]by {x}[ and {group}]",
    needs=("matplotlib",),
    pack="views",
    also=("Bar Plot",),
)
def bar_chart(
    table: Table,
    *,
    x: Axis,
    y: NumberColumns = [],  # noqa: B006 - validated and frozen
    group: Axis | None = None,
    aggregate: Aggregate = "mean",
    order: Order = "auto",
    direction: Literal["auto", "upright", "sideways"] = "auto",
    stacked: bool = False,
    most: Annotated[int, Between(1, 500)] = 30,
    title: str = "",
    selection: Selection = [],  # noqa: B006 - validated and frozen
) -> Chosen:
    """Draw a bar for each value of a column: how many rows, or the mean, sum ... of other columns.

    Numbers and dates with many values are put together in ranges; of many texts the most frequent are shown.

    table: rows to draw.
    x: a bar for each of its values.
    y: the length of the bars; none chosen: the number of rows.
    group: a bar of its own for each value of this column too (the eight most frequent).
    aggregate: what is made of the rows of one bar.
    order: how the bars are ordered; auto: texts the largest first, numbers and dates by value.
    direction: upright or sideways bars; auto: sideways where the labels are long.
    stacked: put the groups on top of each other.
    most: at most so many bars.
    title: of the figure; empty: made from the columns.
    selection: what was chosen in the drawing: areas of ranges and of values; nothing chosen gives no rows.
    figure: the drawing.
    selected: the rows that were chosen.
    """
    from peephole.figures.charts import bars
    from peephole.nodes.views._selection import chosen, items

    found = collect(table, x=x, y=y, group=group, aggregate=aggregate, most=most).ordered(order)
    if not y and len(found.keys) > 1 and all(n in (1, None) for counts in found.values.values() for n in counts):
        message("Rows were counted, and each bar stands for one: choose under Y what to draw.")
    labels = [found.x.label(k) for k in found.keys]
    data, across, names, formats = found.data(labels)
    long = sum(len(text) + 2 for text in labels) > ROOM_ACROSS
    figure = bars(
        data,
        x=across,
        ys=names,
        title=title or title_of(found.subject, x, group),
        x_name=x,
        y_name=found.name,
        horizontal=direction == "sideways" or (direction == "auto" and long and found.x.word in ("text", "unknown")),
        stacked=stacked,
        ordered=found.x.word not in ("text", "boolean", "unknown") and order in ("auto", "by label"),
        by=group or "",
        formats=formats,
    )
    series = dict(zip(names, found.areas, strict=True)) if group else {}
    return Chosen(items(figure, [found.x.area(k) for k in found.keys], series), chosen(table, selection))
