"""Lists taken apart, in order: Narwhals puts rows without items last on SQL engines."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from peephole.tables import spark
from peephole.tables.schema import lazy, quoted


def unnested(frame: nw.LazyFrame[Any], column: str) -> nw.LazyFrame[Any]:
    """A row for each item of a list, in order; one with a missing value for a list that is empty or missing."""
    if spark.is_spark(frame):
        return lazy(spark.unnested(frame.to_native(), column))
    if not frame.implementation.is_duckdb():
        return frame.explode(column)
    name = quoted(column)
    items = f"unnest(CASE WHEN len({name}) > 0 THEN {name} ELSE [NULL] END) AS {name}"
    parts = (items if n == column else quoted(n) for n in frame.collect_schema().names())
    native: Any = frame.to_native()
    return lazy(native.project(", ".join(parts)))
