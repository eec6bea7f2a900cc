"""What the statistics share: figures asked of the engine, and small tables of results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import pyarrow as pa

from peephole.core.schema import ROW
from peephole.core.types import Table
from peephole.tables.duck_errors import explained
from peephole.tables.session import current_session

NUMBER, WHOLE, TEXT = pa.float64(), pa.int64(), pa.string()


def small_table(rows: Sequence[Mapping[str, Any]], types: Mapping[str, pa.DataType]) -> Table:
    """A table of computed rows, numbered in this order; what is not a finite number is missing."""
    made = {n: pa.array([_finite(row.get(n)) for row in rows], kind) for n, kind in types.items()}
    return current_session().from_arrow(pa.table({**made, ROW: pa.array(range(len(rows)), pa.int64())}))


def figures(table: Table, *wanted: nw.Expr) -> dict[str, Any]:
    """Aggregates of all rows, by name, in one pass."""
    return collected(table.select(*wanted))[0]


def collected(table: Table) -> list[dict[str, Any]]:
    """The rows of a small table."""
    with explained():
        found: list[dict[str, Any]] = table.collect("pyarrow").to_native().to_pylist()
    return found


def number(value: Any) -> float:
    """A figure as a number; not-a-number where there is none."""
    return math.nan if value is None else float(value)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
