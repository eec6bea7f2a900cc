"""The second engine: Polars, in this process. Text files come in through DuckDB, so that their types are the same.

Polars has no connection to lock: nodes only build expressions, and formulas are computed by a DuckDB that touches no file.
A query cannot be interrupted; the worker's process is ended instead. Progress is told at the start and the end only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import narwhals as nw
import polars as pl
import pyarrow as pa

from peephole.core.errors import DataError, PeepholeError, SourceError
from peephole.core.schema import ROW
from peephole.tables.csv_options import CsvOptions
from peephole.tables.duck import DuckSession, stored_batches
from peephole.tables.duck_errors import explained
from peephole.tables.places import appearing_whole
from peephole.tables.schema import ExactSchema, Stored, hide_rows, lazy

_COMPRESSION: dict[str, Literal["lz4", "zstd", "snappy"]] = {"lz4_raw": "lz4", "zstd": "zstd", "snappy": "snappy"}


class PolarsSession:
    """Lazy Polars frames; what only DuckDB does, a DuckDB session of its own does for it."""

    engine = "polars"

    def __init__(
        self,
        *,
        read: Sequence[Path] = (),
        write: Sequence[Path] = (),
        threads: int | None = None,
        memory_limit: str | None = None,
        spill: Path | None = None,
    ) -> None:
        """See `open_session`; threads and memory hold for the DuckDB beside it (Polars takes POLARS_MAX_THREADS)."""
        self.folder = Path.cwd()
        self._duck = DuckSession(read=read, write=write, threads=threads, memory_limit=memory_limit, spill=spill)

    def scan_parquet(self, path: Path, *, number_rows: bool = False) -> nw.LazyFrame[Any]:
        """A frame over a Parquet file.  number_rows: add the hidden row number where the file has none."""
        with _explained(path):
            frame = pl.scan_parquet(path)
            names = frame.collect_schema().names()
        if number_rows and ROW not in names:
            frame = frame.with_row_index(ROW).select(*names, pl.col(ROW).cast(pl.Int64))
        return lazy(frame)

    def read_csv(self, path: Path, options: CsvOptions) -> nw.LazyFrame[Any]:
        """A frame over a text file, with the hidden row number."""
        return _moved(self._duck.read_csv(path, options))

    def read_json(self, path: Path, look_at: int) -> nw.LazyFrame[Any]:
        """A frame over a file of JSON objects, with the hidden row number."""
        return _moved(self._duck.read_json(path, look_at))

    def empty(self, schema: ExactSchema) -> nw.LazyFrame[Any]:
        """A frame of these columns without rows."""
        return _moved(self._duck.empty(schema))

    def from_arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """A frame over rows in memory."""
        return lazy(pl.DataFrame(table).lazy())

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
        with appearing_whole(path) as part, _explained(path), _told(on_progress):
            native: Any = frame.to_native()
            native.sink_parquet(part, compression=_COMPRESSION[compression], maintain_order=True)
        return self.stored_rows(path)

    def write_csv(self, frame: nw.LazyFrame[Any], path: Path, delimiter: str, on_progress: Any = None) -> None:
        """Run the frame's query into a text file, as DuckDB writes it."""
        rows = frame.collect("pyarrow").to_native()
        self._duck.write_csv(self._duck.from_arrow(rows), path, delimiter, on_progress)

    def write_json(self, frame: nw.LazyFrame[Any], path: Path, on_progress: Any = None) -> None:
        """Run the frame's query into a text file with one JSON object a line, as DuckDB writes it."""
        rows = frame.collect("pyarrow").to_native()
        self._duck.write_json(self._duck.from_arrow(rows), path, on_progress)

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
            return int(frame.select(nw.len()).collect("polars").item())

    def first_rows(self, frame: nw.LazyFrame[Any], count: int, offset: int = 0) -> pa.Table:
        """Some rows in their order, without the hidden row number."""
        with _explained():
            native: Any = frame.to_native()
            names = native.collect_schema().names()
            ordered = native.sort(ROW) if ROW in names else native
            return ordered.slice(offset, count).select(hide_rows(names)).collect().to_arrow()

    def interrupt(self) -> None:
        """Stop what the DuckDB beside it runs; a Polars query goes on."""
        self._duck.interrupt()

    def close(self) -> None:
        """Let go of memory and files."""
        self._duck.close()


def _moved(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    with explained():
        rows = frame.collect("pyarrow").to_native()
    return lazy(pl.DataFrame(rows).lazy())


@contextmanager
def _told(on_progress: Any) -> Iterator[None]:
    if on_progress is not None:
        on_progress(0.0)
    yield
    if on_progress is not None:
        on_progress(1.0)


@contextmanager
def _explained(path: Path | None = None) -> Iterator[None]:
    """Within this block, Polars' errors become ours."""
    try:
        yield
    except (OSError, pl.exceptions.ComputeError) as error:
        if path is not None and (isinstance(error, OSError) or "parquet" in str(error).lower()):
            raise SourceError(
                f"{path} cannot be read or written: {error}", remedy="See whether it is whole."
            ) from error
        raise _data_error(error) from error
    except pl.exceptions.PolarsError as error:
        raise _data_error(error) from error


def _data_error(error: Exception) -> PeepholeError:
    return DataError(str(error).splitlines()[0])
