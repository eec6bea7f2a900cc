"""Two frames meet: both must live on one engine."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from peephole.tables.order import reading_order
from peephole.tables.schema import lazy
from peephole.tables.session import current_session
from peephole.tables.spark import is_spark


def on_engine_of(first: nw.LazyFrame[Any], second: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The second frame on the engine of the first; it is brought over in memory where that is another one.

    In a workflow all frames are on one engine; this is for plain calls with, say, a Polars and a pandas frame.
    """
    if first.implementation is second.implementation:
        return second
    rows = reading_order(second).collect("pyarrow").to_native()
    if first.implementation.is_polars():
        import polars as pl

        return lazy(pl.DataFrame(rows).lazy())
    if is_spark(first):
        from peephole.tables.spark_session import spark_frame

        return spark_frame(rows)
    return current_session().from_arrow(rows)
