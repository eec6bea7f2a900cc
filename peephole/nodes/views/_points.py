"""Points to draw: the rows that have both numbers, thinned where there are too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import pyarrow as pa

from peephole.core.progress import message
from peephole.core.schema import ROW
from peephole.core.types import Table
from peephole.figures.palette import STEPS, scale_for
from peephole.figures.text import distinct
from peephole.nodes.views._bins import finite
from peephole.nodes.views._keys import Key, key
from peephole.nodes.views._series import MOST_GROUPS
from peephole.tables.schema import schema_of

_X, _Y, _GROUP = "__x__", "__y__", "__group__"


@dataclass(frozen=True)
class Points:
    """What is drawn.  names: of the columns of `data`.  groups: in order, with their colours where not the usual."""

    data: pa.Table
    names: list[str]
    groups: list[str]
    colours: list[str]
    times: bool


def collect(table: Table, x: str, y: str, colour: str | None, most: int) -> Points:
    """Choose the rows in the engine and collect them."""
    words = schema_of(table)
    times = words[x] in ("date", "datetime")
    by = key(table, colour, words[colour], MOST_GROUPS) if colour else None
    kept = table.filter(by.keep) if by is not None and by.keep is not None else table
    columns = [(nw.col(x) if times else finite(x)).alias(_X), finite(y).alias(_Y)]
    columns += [] if by is None else [by.value.alias(_GROUP)]
    columns += [nw.col(ROW)] if ROW in table.collect_schema() else []
    both = kept.select(*columns).filter(~nw.col(_X).is_null(), ~nw.col(_Y).is_null())
    rows = _thinned(both, _missing(kept, both), most)
    names = distinct(x, y, *([colour] if colour else []))
    data = {names[0]: rows.column(_X), names[1]: rows.column(_Y)}
    found = Points(pa.table(data), names, [], [], times)
    return found if by is None else _coloured(found, rows.column(_GROUP).to_pylist(), by)


def collect_many(
    table: Table,
    columns: Sequence[str],
    colour: str | None,
    most: int,
    texts: Mapping[str, nw.Expr] | None = None,
) -> Points:
    """The same for any number of columns, gaps and all.  texts: how to take those that are no numbers."""
    by = key(table, colour, schema_of(table)[colour], MOST_GROUPS) if colour else None
    kept = table.filter(by.keep) if by is not None and by.keep is not None else table
    wanted = [(texts or {}).get(name, finite(name)).alias(f"{i}") for i, name in enumerate(columns)]
    wanted += [] if by is None else [by.value.alias(_GROUP)]
    wanted += [nw.col(ROW)] if ROW in table.collect_schema() else []
    chosen = kept.select(*wanted)
    count = int(chosen.select(n=nw.len()).collect("pyarrow").to_native().column("n")[0].as_py())
    rows = _thinned(chosen, count, most)
    names = distinct(*columns, *([colour] if colour else []))
    found = Points(pa.table({n: rows.column(f"{i}") for i, n in enumerate(columns)}), names, [], [], False)
    return found if by is None else _coloured(found, rows.column(_GROUP).to_pylist(), by)


def _missing(table: Table, both: Table) -> int:
    """How many rows can be drawn; says how many cannot."""
    counts = [frame.select(n=nw.len()).collect("pyarrow").to_native().column("n")[0].as_py() for frame in (table, both)]
    if counts[0] > counts[1]:
        message(f"{counts[0] - counts[1]} rows without both values are not drawn.")
    return int(counts[1])


def _thinned(both: Table, count: int, most: int) -> pa.Table:
    step = -(-count // most)
    if step > 1:
        message(f"The figure shows one row of {step}.")
    numbered = ROW in both.collect_schema()
    if step > 1 and numbered:
        both = both.filter(nw.col(ROW) % step == 0)
    rows = (both.sort(ROW) if numbered else both).collect("pyarrow").to_native()
    return rows if numbered or step <= 1 else rows.take(pa.array(range(0, rows.num_rows, step), pa.int64()))


def _coloured(found: Points, groups: list[Any], by: Key) -> Points:
    order = by.all_of(set(groups))
    labels = distinct(*[by.label(g) for g in order])
    text = dict(zip(order, labels, strict=True))
    data = found.data.append_column(found.names[-1], pa.array([text[g] for g in groups], pa.string()))
    # Empty ranges between others are not in the legend, but keep their place in the scale.
    scale = scale_for(by.column, STEPS) if by.word in ("integer", "number") else ()
    span = max(1, len([g for g in order if g is not None]) - 1)
    there = set(groups)
    shown = [i for i, g in enumerate(order) if g in there]
    colours = [
        "#9A9A9A" if order[i] is None else scale[round(i / span * (len(scale) - 1))] for i in shown
    ] if scale else []  # fmt: skip
    return replace(found, data=data, groups=[labels[i] for i in shown], colours=colours)
