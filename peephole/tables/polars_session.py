"""The second engine: Polars, in this process. Text files come in through DuckDB, so that their types are the same.

Polars has no connection to lock: nodes only build expressions, and formulas are computed by a DuckDB that touches no file.
A query cannot be interrupted; the worker's process is ended instead. Progress is told at the start and the end only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import narwhals as nw
import polars as pl
import pyarrow as pa

from peephole.core.errors import DataError, PeepholeError
from peephole.core.schema import ROW
from peephole.tables.duck_beside import DuckBeside
from peephole.tables.duck_errors import unreadable
from peephole.tables.places import appearing_whole
from peephole.tables.schema import hide_rows, lazy

_COMPRESSION: dict[str, Literal["lz4", "zstd", "snappy"]] = {"lz4_raw": "lz4", "zstd": "zstd", "snappy": "snappy"}


class PolarsSession(DuckBeside):
    """Lazy Polars frames (threads: Polars takes POLARS_MAX_THREADS)."""

    engine = "polars"

    def scan_parquet(self, path: Path, *, number_rows: bool = False) -> nw.LazyFrame[Any]:
        """A frame over a Parquet file.  number_rows: add the hidden row number where the file has none."""
        with _explained(path):
            frame = pl.scan_parquet(path)
            names = frame.collect_schema().names()
        if number_rows and ROW not in names:
            frame = frame.with_row_index(ROW).select(*names, pl.col(ROW).cast(pl.Int64))
        return lazy(frame)

    def from_arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """A frame over rows in memory."""
        return lazy(pl.DataFrame(table).lazy())

    def to_arrow(self, frame: nw.LazyFrame[Any]) -> pa.Table:
        """Run the frame's query: all rows in memory, with the hidden row number."""
        with _explained():
            rows: pa.Table = frame.collect("pyarrow").to_native()
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
        with appearing_whole(path) as part, _explained(path), _told(on_progress):
            native: Any = frame.to_native()
            native.sink_parquet(part, compression=_COMPRESSION[compression], maintain_order=True)
        return self.stored_rows(path)

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
            raise unreadable(path, str(error)) from error
        raise _data_error(error) from error
    except pl.exceptions.PolarsError as error:
        raise _data_error(error) from error


def _data_error(error: Exception) -> PeepholeError:
    return DataError(str(error).splitlines()[0])
