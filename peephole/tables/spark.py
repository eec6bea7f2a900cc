"""What is said to Spark itself, where Narwhals has no words for it. Nothing here is imported before it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from peephole.tables.windows import MovingFigure


def is_spark(frame: nw.LazyFrame[Any]) -> bool:
    """Whether the frame is Spark's, be it here or through Spark Connect."""
    return bool(frame.implementation.is_pyspark() or frame.implementation.is_pyspark_connect())


def named(column: str) -> str:
    """A column name as Spark writes it where a dot would mean a part of a struct."""
    return "`" + column.replace("`", "``") + "`"


def numbered(native: Any, name: str) -> Any:
    """The frame with its rows numbered from 0 in the order they have now."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    place = "__place__"
    placed = native.withColumn(place, f.monotonically_increasing_id())
    number = f.row_number().over(Window.orderBy(place)) - 1
    return placed.withColumn(name, number.cast("bigint")).drop(place)


def moving(native: Any, figure: MovingFigure, whole: bool) -> Any:
    """The frame with a column of figures over each row and the ones before it.  whole: the column holds integers."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    window = Window.partitionBy(*map(named, figure.groups)).orderBy(
        *(f.asc_nulls_first(named(o)) for o in figure.order)
    )
    window = window.rowsBetween(-(figure.rows - 1), 0)
    value, function = f.col(named(figure.column)), figure.function
    number = value if whole or function in ("min", "max", "count") else value.cast("double")
    made = getattr(f, "avg" if function == "mean" else function)(number).over(window)
    if function == "sum":
        made = made.cast("bigint" if whole else "double")
    if function != "count":
        made = f.when(f.count(value).over(window) >= figure.at_least, made)
    kept = [f.col(named(n)) for n in native.columns if n != figure.name]
    return native.select(*kept, made.alias(figure.name))


def unnested(native: Any, column: str) -> Any:
    """A row for each item of a list; one for a list that is empty or missing."""
    from pyspark.sql import functions as f

    items = f.explode_outer(named(column)).alias(column)
    return native.select(*(items if n == column else f.col(named(n)) for n in native.columns))


def changed(native: Any, change: Callable[[Any], Any]) -> Any:
    """The frame after a change that DuckDB makes of each batch of rows, in Spark's own Python processes."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_schema

    run = _InDuck(change)
    made = run.table(native.limit(0).toArrow())
    fields = [
        pa.field(field.name, pa.string() if pa.types.is_null(field.type) else field.type) for field in made.schema
    ]
    return native.mapInArrow(run, from_arrow_schema(pa.schema(fields), prefer_timestamp_ntz=True))


class _InDuck:
    """A change of a DuckDB relation, made of Arrow batches; it travels to Spark's processes."""

    def __init__(self, change: Callable[[Any], Any]) -> None:
        self._change = change

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        for batch in batches:
            yield from self.table(pa.Table.from_batches([batch])).to_batches()

    def table(self, rows: Any) -> Any:
        """The rows after the change."""
        from peephole.tables.native import own_connection

        return self._change(own_connection().from_arrow(rows)).to_arrow_table()
