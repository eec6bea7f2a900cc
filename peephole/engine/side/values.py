"""What lies at ports that are no tables, as plain data: figures, pages, models, networks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from peephole.core.types import Figure, Report, port_types
from peephole.engine.store import StoredOutput
from peephole.figures.complete import plain

if TYPE_CHECKING:
    import pyarrow as pa

MOST_POINTS = 200_000  # of a figure
MOST_CELLS = 2_000  # rows of a table on a page


def described(stored: StoredOutput) -> Any:
    """A stored value as the wire's model for its type."""
    return _WAYS[stored.type](stored)


def figure_data(stored: StoredOutput) -> tuple[pa.Table, int | None]:
    """What a figure draws; of very many points every so-maniest. The second: how many there are in all, if not all are given."""
    figure = _load(stored)
    return _thinned(figure.data)


def _thinned(data: pa.Table) -> tuple[pa.Table, int | None]:
    step = -(-data.num_rows // MOST_POINTS)
    if step <= 1:
        return data, None
    return data.take(list(range(0, data.num_rows, step))), data.num_rows


def _load(stored: StoredOutput) -> Any:
    return port_types()[stored.type].load_codec().load(stored.folder)


def _figure(stored: StoredOutput) -> dict[str, Any]:
    figure = _load(stored)
    return {"title": figure.title, "option": figure.option, "rows": figure.data.num_rows}


def _report(stored: StoredOutput) -> dict[str, Any]:
    page: Report = _load(stored)
    return {"title": page.title, "parts": [_part(part) for part in page.parts]}


def _part(part: Any) -> dict[str, Any]:
    if isinstance(part, str):
        return {"kind": "text", "text": part}
    if isinstance(part, Figure):
        data, _ = _thinned(part.data)
        by_name = {n: [plain(v) for v in data.column(n).to_pylist()] for n in data.column_names}
        return {"kind": "figure", "title": part.title, "option": part.option, "data": by_name}
    shown = part.slice(0, MOST_CELLS)
    columns = [[plain(v) for v in column.to_pylist()] for column in shown.columns]
    return {
        "kind": "table",
        "columns": _words(shown),
        "cells": [list(row) for row in zip(*columns, strict=True)],
        "rows": part.num_rows,
    }


def _words(table: pa.Table) -> list[tuple[str, str]]:
    import narwhals as nw

    from peephole.tables.schema import schema_of

    return list(schema_of(nw.from_native(table).lazy()).items())


def _model(stored: StoredOutput) -> Any:
    codec: Any = port_types()["Model"].load_codec()
    return codec.contents(stored.folder)


def _network(stored: StoredOutput) -> Any:
    codec: Any = port_types()["Network"].load_codec()
    return json.loads(json.dumps(codec.plain(stored.folder)))


_WAYS: dict[str, Callable[[StoredOutput], Any]] = {
    "Figure": _figure,
    "Report": _report,
    "Model": _model,
    "Network": _network,
}
