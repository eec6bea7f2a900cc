"""Pie chart."""

from __future__ import annotations

import math
from typing import Annotated

import narwhals as nw

from peephole.core.errors import DataError
from peephole.core.node import node
from peephole.core.settings import Between, NumberColumn
from peephole.core.types import Table
from peephole.nodes.views._keys import Axis, area_of
from peephole.nodes.views._selection import Chosen, Selection


@node(family="views", icon="pie-chart", needs=("matplotlib",), pack="views", also=("Donut Chart",))
def pie_chart(
    table: Table,
    *,
    column: Axis,
    value: NumberColumn | None = None,
    most: Annotated[int, Between(1, 8)] = 7,
    title: str = "",
    selection: Selection = [],  # noqa: B006 - validated and frozen
) -> Chosen:
    """Draw the shares of a column's values as slices, the largest first.

    For more than a few values a bar chart is easier to read.

    table: rows to draw.
    column: a slice for each of its values.
    value: what is added up for the size of a slice; empty: the number of rows.
    most: at most so many slices; the smallest are taken together as a grey one.
    title: of the figure; empty: made from the columns.
    selection: what was chosen in the drawing: areas of ranges and of values; nothing chosen gives no rows.
    figure: the drawing.
    selected: the rows that were chosen.
    """
    import pyarrow as pa

    from peephole.figures.shares import pie
    from peephole.figures.text import distinct, label
    from peephole.nodes.views._bins import finite
    from peephole.nodes.views._selection import chosen, items

    size = finite(value).alias("size") if value else nw.lit(1.0).alias("size")
    sums = table.select(nw.col(column).alias("name"), size).group_by("name").agg(nw.col("size").sum())
    positive = sums.filter(nw.col("size") > 0)
    facts = sums.select(whole=nw.col("size").sum(), least=nw.col("size").min())
    whole = facts.collect("pyarrow").to_native().to_pylist()[0]
    if (whole["least"] or 0) < 0:
        raise DataError(
            f'The sum of "{value}" is below zero for some of "{column}": a slice cannot be.',
            remedy="Draw bars, or choose another column.",
            setting="value",
        )
    largest = positive.sort("size", "name", descending=[True, False]).head(most).collect("pyarrow").to_native()
    values = largest.column("name").to_pylist()
    names, sizes = [label(n) for n in values], largest.column("size").to_pylist()
    left = float(whole["whole"] or 0) - sum(sizes)
    rest = distinct(*names, "all others")[-1]
    if sizes and left > 1e-9 * sum(sizes):
        names, sizes = [*names, rest], [*sizes, left]
    shown = f"sum of {value}" if value else "rows"
    first, second = distinct(column, shown)
    data = pa.table({first: pa.array(names, pa.string()), second: pa.array(sizes, pa.float64())})
    called = title or f"{shown[:1].upper()}{shown[1:]} by {column}"
    figure = pie(data, name=first, value=second, title=called, rest=rest)
    areas = [None if isinstance(v, float) and not math.isfinite(v) else area_of(column, v) for v in values]
    return Chosen(items(figure, areas + [None] * (len(names) - len(areas))), chosen(table, selection))
