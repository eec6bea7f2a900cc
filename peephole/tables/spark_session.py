"""The engine for clusters: Apache Spark. Set SPARK_REMOTE ("sc://host:15002") to use a cluster through Spark Connect; without
it Spark runs in this machine, which is good for trying only. Text files and the store's hashes go through DuckDB.

Formulas mean the same as on every engine, since DuckDB computes them over Arrow batches in Spark's Python processes.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.errors import PySparkException

from peephole.core.errors import DataError, PeepholeError
from peephole.core.schema import ROW
from peephole.tables.duck_beside import DuckBeside
from peephole.tables.duck_errors import explain, unreadable
from peephole.tables.places import appearing_whole
from peephole.tables.schema import hide_rows, lazy

_COMPRESSION = {"lz4_raw": "lz4_raw", "zstd": "zstd", "snappy": "snappy"}
# What a formula's DuckDB says in a Python process of Spark's, within the traceback that Spark quotes.
_DUCK = re.compile(r"^\s*_?duckdb\.(\w+): (.+)$", re.MULTILINE)
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",  # times without a zone, as on every engine
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.ansi.enabled": "false",  # what is too large or divided by zero becomes missing
    "spark.sql.caseSensitive": "true",
}
# One machine: few tasks, no web page, no bar drawn into what we print.
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.log.level": "ERROR",
}


class SparkSession(DuckBeside):
    """Spark's frames (memory: Spark has settings of its own)."""

    engine = "spark"

    def __init__(self, *, threads: int | None = None, **means: Any) -> None:
        """See `open_session`."""
        super().__init__(threads=threads, **means)
        self._spark = _spark(threads or 2)

    def scan_parquet(self, path: Path, *, number_rows: bool = False) -> nw.LazyFrame[Any]:
        """A frame over a Parquet file.  number_rows: add the hidden row number where the file has none."""
        with _explained(path):
            frame = lazy(self._spark.read.parquet(str(path.resolve())))
            if number_rows and ROW not in frame.collect_schema():
                return self.from_arrow(_numbered(pq.read_table(path)))
        return frame

    def from_arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """A frame over rows in memory."""
        with _explained():
            return lazy(self._spark.createDataFrame(_fitting(table)))

    def to_arrow(self, frame: nw.LazyFrame[Any]) -> pa.Table:
        """Run the frame's query: all rows in memory, with the hidden row number."""
        with _explained():
            native: Any = frame.to_native()
            rows: pa.Table = native.toArrow()
        return rows

    def write_parquet(
        self,
        frame: nw.LazyFrame[Any],
        path: Path,
        on_progress: Any = None,
        compression: str = "lz4_raw",
        *,
        few: bool = False,  # noqa: ARG002 - it writes in one way only
    ) -> int:
        """Run the frame's query into a file and tell how many rows it has."""
        if on_progress is not None:
            on_progress(0.0)
        folder = path.with_name(f"{path.name}.parts").resolve()
        try:
            with appearing_whole(path) as part, _explained(path):
                native: Any = frame.to_native()
                single = native.coalesce(1).write.option("compression", _COMPRESSION[compression])
                single.mode("overwrite").parquet(str(folder))
                (made,) = glob.glob(f"{glob.escape(str(folder))}/part-*.parquet")
                os.replace(made, part)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if on_progress is not None:
            on_progress(1.0)
        return self.stored_rows(path)

    def row_count(self, frame: nw.LazyFrame[Any]) -> int:
        """How many rows the frame has; runs its query."""
        with _explained():
            native: Any = frame.to_native()
            return int(native.count())

    def first_rows(self, frame: nw.LazyFrame[Any], count: int, offset: int = 0) -> pa.Table:
        """Some rows in their order, without the hidden row number."""
        names = frame.collect_schema().names()
        with _explained():
            native: Any = frame.to_native()
            ordered = native.orderBy(ROW) if ROW in names else native
            rows = ordered.offset(offset).limit(count).toArrow()
        return rows.select(hide_rows(names))

    def interrupt(self) -> None:
        """Stop what runs; the session stays usable."""
        super().interrupt()
        if hasattr(self._spark, "interruptAll"):
            self._spark.interruptAll()
        else:
            self._spark.sparkContext.cancelAllJobs()


@cache
def _spark(threads: int) -> Any:
    """The process's one Spark."""
    from pyspark.sql import SparkSession as Spark

    builder: Any = Spark.builder
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    remote = os.environ.get("SPARK_REMOTE")
    if remote:
        return builder.remote(remote).getOrCreate()
    for name, value in _LOCAL.items():
        builder = builder.config(name, value)
    return builder.appName("Peephole").master(f"local[{threads}]").getOrCreate()


def spark_frame(table: pa.Table) -> nw.LazyFrame[Any]:
    """Rows in memory as a Spark frame, for plain calls that meet one."""
    return lazy(_spark(2).createDataFrame(_fitting(table)))


def _fitting(table: pa.Table) -> pa.Table:
    """Types that Spark does not know as those it does: unsigned numbers, times in other units, no type at all."""
    schema = pa.schema([pa.field(field.name, _fit(field.type)) for field in table.schema])
    return table if schema.equals(table.schema) else table.cast(schema)


def _fit(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_unsigned_integer(kind):
        return pa.int64()
    if pa.types.is_timestamp(kind) and kind.unit != "us":
        return pa.timestamp("us", kind.tz)
    if pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_time(kind):
        raise DataError("Spark knows no times of day.", remedy="Cast the column to text, or use another engine.")
    return kind


def _numbered(table: pa.Table) -> pa.Table:
    return table.append_column(ROW, pa.array(range(table.num_rows), pa.int64()))


@contextmanager
def _explained(path: Path | None = None) -> Iterator[None]:
    """Within this block, Spark's errors become ours."""
    try:
        yield
    except PySparkException as error:
        raise _ours(error, path) from error


def _ours(error: Any, path: Path | None) -> PeepholeError:
    told = str(error)
    in_formula = _DUCK.search(told)
    if in_formula is not None:
        return explain(getattr(duckdb, in_formula[1], duckdb.Error)(in_formula[2]), path)
    first = next((line for line in told.strip().splitlines() if line.strip()), type(error).__name__)
    if path is not None and "parquet" in first.lower():
        return unreadable(path, first)
    return DataError(f"{first.rstrip('.')}.")
