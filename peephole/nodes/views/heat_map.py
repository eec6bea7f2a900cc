"""Heat map."""

from __future__ import annotations

from typing import Annotated

from peephole.core.node import node
from peephole.core.settings import Between, NumberColumn
from peephole.core.types import Table
from peephole.nodes.views._keys import Axis, key
from peephole.nodes.views._selection import Chosen, Selection, both, chosen, items
from peephole.nodes.views._series import _GROUP, _X, ROWS, Aggregate, grouped, measured, number


@node(
    family="views",
    icon="heat-map",
    says="[{value} ]by {x} and {y}",
    needs=("matplotlib",),
    pack="views",
    also=("Heatmap",),
)
def heat_map(
    table: Table,
    *,
    x: Axis,
    y: Axis,
    value: NumberColumn | None = None,
    aggregate: Aggregate = "mean",
    most: Annotated[int, Between(2, 200)] = 50,
    title: str = "",
    selection: Selection = [],  # noqa: B006 - validated and frozen
) -> Chosen:
    """Colour a grid by a number: a cell for each pair of values of two columns.

    table: rows to draw.
    x: what runs from left to right.
    y: what runs from top to bottom.
    value: what colours a cell; empty: the number of rows.
    aggregate: what is made of the rows of one cell.
    most: at most so many columns and rows; more are put together in ranges, or the most frequent are shown.
    title: of the figure; empty: made from the columns.
    selection: what was chosen in the drawing: areas of ranges and of values; nothing chosen gives no rows.
    figure: the drawing.
    selected: the rows that were chosen.
    """
    import pyarrow as pa

    from peephole.figures.charts import heat
    from peephole.figures.text import distinct, short
    from peephole.tables.schema import schema_of

    schema = schema_of(table)
    across, down = (key(table, name, schema[name], most) for name in (x, y))
    rows = grouped(table, [across, down], [value] if value else [], aggregate)
    shown = measured(value, aggregate, rows) if value else ROWS
    xs, ys = across.all_of({r[_X] for r in rows}), down.all_of({r[_GROUP] for r in rows})
    whole = aggregate == "count" or not value
    names = distinct(x, y, shown, "text")
    values = [number(r["y0"]) for r in rows]
    cells = (
        pa.array([across.label(r[_X]) for r in rows], pa.string()),
        pa.array([down.label(r[_GROUP]) for r in rows], pa.string()),
        pa.array(values, pa.float64()),
        pa.array([short(v) for v in values], pa.string()),
    )
    figure = heat(
        pa.table(dict(zip(names, cells, strict=True))),
        x=names[0],
        y=names[1],
        value=names[2],
        text=names[3],
        xs=[across.label(v) for v in xs],
        ys=[down.label(v) for v in ys],
        title=title or f"{shown[:1].upper()}{shown[1:]} by {x} and {y}",
        x_name=x,
        y_name=y,
        by=value or "",
        formats={names[2]: "integer" if whole else "number"},
    )
    areas = [both(across.area(r[_X]), down.area(r[_GROUP])) for r in rows]
    return Chosen(items(figure, areas), chosen(table, selection))
