"""A panel for each column: its histogram, or a bar for each of its values."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from peephole.core.errors import DataError
from peephole.core.progress import message, progress
from peephole.core.schema import ROW, accepts
from peephole.core.types import Figure, Table
from peephole.figures.charts import bars
from peephole.figures.panels import panels
from peephole.figures.text import distinct, shorten
from peephole.nodes.views import _bins
from peephole.nodes.views._keys import DRAWABLE
from peephole.nodes.views._series import collect
from peephole.tables.schema import schema_of

USUAL = 30
LETTERS = 16


def figure(table: Table, columns: Sequence[str], group: str | None, bins: int, most: int, title: str) -> Figure:
    """All panels. Raises DataError where no column can be drawn."""
    schema = schema_of(table)
    drawable = [n for n, word in schema.items() if n not in (ROW, group) and accepts(DRAWABLE, word)]
    names = list(dict.fromkeys(columns)) or drawable[:USUAL]
    if not names:
        raise DataError("There is no column to draw.", remedy="Look at the node before.")
    if not columns and len(drawable) > USUAL:
        message(f"The first {USUAL} of {len(drawable)} columns are drawn.")
    made = [
        _numbers(table, name, group, bins)
        if schema[name] in ("number", "integer")
        else _texts(table, name, group, most)
        for name in progress(names, "Columns")
    ]
    across = min(len(made), 3 if len(made) < 9 else 4)
    called = title or f"How the values of {len(names)} columns are spread{f', by {group}' if group else ''}"
    return panels(made, columns=across, title=called)


def _numbers(table: Table, name: str, group: str | None, bins: int) -> Figure:
    found = _bins.counts(table, name, bins, group)
    parts = found.rows
    first, *series = distinct(name, *parts)
    data = pa.table(
        {
            first: pa.array([label.split(" to ")[0] for label in found.labels], pa.string()),
            **{s: pa.array(v, pa.float64()) for s, v in zip(series, parts.values(), strict=True)},
        }
    )
    return _bars(data, first, series, name, group, touching=True)


def _texts(table: Table, name: str, group: str | None, most: int) -> Figure:
    found = collect(table, x=name, y=[], group=group, aggregate="count", most=most).ordered("auto")
    labels = distinct(*(shorten(found.x.label(k), LETTERS) for k in found.keys))
    data, first, series, _ = found.data(labels)
    return _bars(data, first, series, name, group, touching=False)


def _bars(data: pa.Table, first: str, series: list[str], name: str, group: str | None, *, touching: bool) -> Figure:
    whole = dict.fromkeys(series, "integer")
    made = bars(
        data, x=first, ys=series, title="", x_name=name, y_name="", stacked=True, touching=touching, by=group or "",
        formats=whole,  # type: ignore[arg-type]
    )  # fmt: skip
    made.option["xAxis"]["axisLabel"] |= {"rotate": 0, "interval": "auto", "hideOverlap": True}
    for one in made.option["series"]:
        one["name"] = one["name"] if group else ""
    return made
