"""The rows and axes of parallel coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pyarrow as pa

from peephole.core.errors import DataError
from peephole.core.progress import message
from peephole.core.schema import ROW, accepts
from peephole.core.types import Figure, Table
from peephole.figures.parallel import parallel
from peephole.figures.text import label
from peephole.nodes.views import _points
from peephole.nodes.views._bins import finite
from peephole.nodes.views._keys import key
from peephole.tables.schema import schema_of

USUAL = 8
MOST_LABELS = 20


def across(
    table: Table, columns: Sequence[str], colour: str | None, most: int, title: str
) -> tuple[Figure, list[str], dict[str, list[dict[str, Any]]]]:
    """The figure, the columns in order, and of those that hold texts the area of each label.

    Raises DataError where there are fewer than two.
    """
    schema = schema_of(table)
    usual = [n for n, word in schema.items() if n not in (ROW, colour) and accepts(("number",), word)]
    names = list(dict.fromkeys(columns)) or usual[:USUAL]
    if len(names) < 2:
        raise DataError("Parallel coordinates need two columns.", remedy="Choose columns.", setting="columns")
    texts = {n: key(table, n, schema[n], MOST_LABELS) for n in names if not accepts(("number",), schema[n])}
    numbers = [n for n in names if n not in texts]
    kept = table.filter(*(~finite(n).is_null() for n in numbers)) if numbers else table
    lost = _count(table) - _count(kept)
    if lost:
        message(f"{lost} rows without all numbers are not drawn.")
    found = _points.collect_many(kept, names, colour, most, {n: k.value for n, k in texts.items()})
    data = found.data
    labels: dict[str, dict[str, Any]] = {}
    for name, by in texts.items():
        values = data.column(name).to_pylist()
        order = by.all_of(set(values))
        labels[name] = {by.label(v): by.area(v) for v in order}
        shown = pa.array([by.label(v) for v in values], pa.string())
        data = data.set_column(data.column_names.index(name), name, shown)
    called = title or f"{label(', '.join(names))}{f' by {colour}' if colour else ''}"
    figure = parallel(
        data,
        names,
        title=called,
        groups=found.groups,
        group=found.names[-1] if found.groups else "",
        colours=found.colours,
        labels={name: list(areas) for name, areas in labels.items()},
    )
    return figure, names, {name: list(areas.values()) for name, areas in labels.items()}


def _count(table: Table) -> int:
    return int(table.select(n=nw.len()).collect("pyarrow").to_native().column("n")[0].as_py())
