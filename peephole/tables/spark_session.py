"""The engine for clusters: Apache Spark. Set SPARK_REMOTE ("sc://host:15002") to use a cluster through Spark Connect; without
it Spark runs in this machine, which is good for trying only. Text files and the store's hashes go through DuckDB.

Formulas mean the same as on every engine, since DuckDB computes them over Arrow batches in Spark's Python processes.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.errors import PySparkException

from peephole.core.errors import DataError, PeepholeError, SourceError
from peephole.core.schema import ROW
from peephole.tables.csv_options import CsvOptions
from peephole.tables.duck import DuckSession, stored_batches
from peephole.tables.duck_errors import explain, explained
from peephole.tables.places import appearing_whole
from peephole.tables.schema import ExactSchema, Stored, hide_rows, lazy

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


class SparkSession:
    """Spark's frames; what only DuckDB does, a DuckDB session of its own does for it."""

    engine = "spark"

    def __init__(
        self,
        *,
        read: Sequence[Path] = (),
        write: Sequence[Path] = (),
        threads: int | None = None,
        memory_limit: str | None = None,
        spill: Path | None = None,
    ) -> None:
        """See `open_session`; threads and memory hold for the DuckDB beside it (Spark has settings of its own)."""
        self.folder = Path.cwd()
        self._duck = DuckSession(read=read, write=write, threads=threads, memory_limit=memory_limit, spill=spill)
        self._spark = _spark(threads or 2)

    def scan_parquet(self, path: Path, *, number_rows: bool = False) -> nw.LazyFrame[Any]:
        """A frame over a Parquet file.  number_rows: add the hidden row number where the file has none."""
        with _explained(path):
            frame = lazy(self._spark.read.parquet(str(path.resolve())))
            if number_rows and ROW not in frame.collect_schema():
                return self.from_arrow(_numbered(pq.read_table(path)))
        return frame

    def read_csv(self, path: Path, options: CsvOptions) -> nw.LazyFrame[Any]:
        """A frame over a text file, with the hidden row number."""
        return self._moved(self._duck.read_csv(path, options))

    def read_json(self, path: Path, look_at: int) -> nw.LazyFrame[Any]:
        """A frame over a file of JSON objects, with the hidden row number."""
        return self._moved(self._duck.read_json(path, look_at))

    def empty(self, schema: ExactSchema) -> nw.LazyFrame[Any]:
        """A frame of these columns without rows."""
        return self._moved(self._duck.empty(schema))

    def from_arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """A frame over rows in memory."""
        with _explained():
            return lazy(self._spark.createDataFrame(_fitting(table)))

    def from_batches(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> nw.LazyFrame[Any]:
        """A frame over rows that come in parts: kept in a scratch file as long as the session lives."""
        return self.scan_parquet(self._duck.spool(schema, batches), number_rows=True)

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

    def write_csv(self, frame: nw.LazyFrame[Any], path: Path, delimiter: str, on_progress: Any = None) -> None:
        """Run the frame's query into a text file, as DuckDB writes it."""
        self._duck.write_csv(self._duck.from_arrow(_arrow(frame)), path, delimiter, on_progress)

    def write_json(self, frame: nw.LazyFrame[Any], path: Path, on_progress: Any = None) -> None:
        """Run the frame's query into a text file with one JSON object a line, as DuckDB writes it."""
        self._duck.write_json(self._duck.from_arrow(_arrow(frame)), path, on_progress)

    def batches(self, frame: nw.LazyFrame[Any]) -> pa.RecordBatchReader:
        """Run the frame's query into a scratch file, and give its rows in parts."""
        path = self._duck.scratch_file()
        self.write_parquet(frame, path)
        return stored_batches(path)

    def content_key(self, path: Path) -> str:
        """Hash of columns and rows; the same as on DuckDB for the same columns and rows."""
        return self._duck.content_key(path)

    def look_at(self, path: Path) -> Stored:
        """What a Parquet file holds."""
        return self._duck.look_at(path)

    def stored_rows(self, path: Path) -> int:
        """How many rows a Parquet file has, by its own account."""
        return self._duck.stored_rows(path)

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
        self._duck.interrupt()
        if hasattr(self._spark, "interruptAll"):
            self._spark.interruptAll()
        else:
            self._spark.sparkContext.cancelAllJobs()

    def close(self) -> None:
        """Let go of memory and files; Spark itself stays for the next session of this process."""
        self._duck.close()

    def _moved(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        with explained():
            rows = frame.collect("pyarrow").to_native()
        return self.from_arrow(rows)


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


def _arrow(frame: nw.LazyFrame[Any]) -> pa.Table:
    with _explained():
        native: Any = frame.to_native()
        rows: pa.Table = native.toArrow()
    return rows


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
        return SourceError(f"{path} cannot be read or written: {first}", remedy="See whether it is whole.")
    return DataError(f"{first.rstrip('.')}.")
