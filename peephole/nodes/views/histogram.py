"""Histogram."""

from __future__ import annotations

from typing import Annotated

from peephole.core.node import node
from peephole.core.settings import Between, NumberColumn
from peephole.core.types import Table
from peephole.nodes.views._keys import Axis
from peephole.nodes.views._selection import Chosen, Selection


@node(
    family="views",
    icon="histogram",
    says="{column}[ by {group}]",
    needs=("matplotlib",),
    pack="views",
    also=("Distributions",),
)
def histogram(
    table: Table,
    *,
    column: NumberColumn,
    bins: Annotated[int, Between(1, 500)] | None = None,
    group: Axis | None = None,
    title: str = "",
    selection: Selection = [],  # noqa: B006 - validated and frozen
) -> Chosen:
    """Draw how often numbers of each size occur: a bar for each range of equal, round width.

    A range has its lower end, and not its upper one. Missing and infinite values are not drawn.

    table: rows to draw.
    column: the numbers.
    bins: at most about so many ranges; empty: from the number of rows and their spread (Freedman and Diaconis).
    group: the parts of each bar in the colours of this column's values (the eight most frequent).
    title: of the figure; empty: made from the columns.
    selection: what was chosen in the drawing: areas of ranges and of values; nothing chosen gives no rows.
    figure: the drawing.
    selected: the rows that were chosen.
    """
    import pyarrow as pa

    from peephole.figures.charts import bars
    from peephole.figures.text import distinct
    from peephole.nodes.views import _bins as work
    from peephole.nodes.views._selection import chosen, items

    found = work.counts(table, column, bins, group)
    labels, parts = found.labels, found.rows
    across, *names = distinct(column, *parts)
    columns = {name: pa.array(values, pa.float64()) for name, values in zip(names, parts.values(), strict=True)}
    figure = bars(
        pa.table({across: pa.array(labels, pa.string()), **columns}),
        x=across,
        ys=names,
        title=title or f"Distribution of {column}{f' by {group}' if group else ''}",
        x_name=column,
        y_name="rows",
        touching=True,
        by=group or "",
        formats=dict.fromkeys(names, "integer"),
    )
    return Chosen(items(figure, found.areas, dict(zip(names, found.series, strict=True))), chosen(table, selection))
