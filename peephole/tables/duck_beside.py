"""What a session on another engine leaves to DuckDB: text files, the store's hashes, scratch files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa

from peephole.tables.csv_options import CsvOptions
from peephole.tables.duck import DuckSession, stored_batches
from peephole.tables.duck_errors import explained
from peephole.tables.schema import ExactSchema, Stored


class DuckBeside(ABC):
    """The half of `Session` that is the same on all engines but DuckDB: a DuckDB session of its own does it."""

    def __init__(self, **means: Any) -> None:
        """means: those of `open_session`; threads and memory hold for the DuckDB beside it."""
        self.folder = Path.cwd()
        self.steady = False
        self._duck = DuckSession(**means)

    @abstractmethod
    def scan_parquet(self, path: Path, *, number_rows: bool = False) -> nw.LazyFrame[Any]:
        """A frame over a Parquet file.  number_rows: add the hidden row number where the file has none."""

    @abstractmethod
    def from_arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """A frame over rows in memory."""

    @abstractmethod
    def to_arrow(self, frame: nw.LazyFrame[Any]) -> pa.Table:
        """Run the frame's query: all rows in memory, with the hidden row number."""

    @abstractmethod
    def write_parquet(self, frame: nw.LazyFrame[Any], path: Path) -> int:
        """Run the frame's query into a file and tell how many rows it has."""

    def read_csv(self, path: Path, options: CsvOptions) -> nw.LazyFrame[Any]:
        """A frame over a text file, with the hidden row number."""
        return self._moved(self._duck.read_csv(path, options))

    def read_json(self, path: Path, look_at: int) -> nw.LazyFrame[Any]:
        """A frame over a file of JSON objects, with the hidden row number."""
        return self._moved(self._duck.read_json(path, look_at))

    def empty(self, schema: ExactSchema) -> nw.LazyFrame[Any]:
        """A frame of these columns without rows."""
        return self._moved(self._duck.empty(schema))

    def from_batches(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> nw.LazyFrame[Any]:
        """A frame over rows that come in parts: kept in a scratch file as long as the session lives."""
        return self.scan_parquet(self._duck.spool(schema, batches), number_rows=True)

    def settled(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """The same frame: each query computes it."""
        return frame

    def write_csv(self, frame: nw.LazyFrame[Any], path: Path, delimiter: str, on_progress: Any = None) -> None:
        """Run the frame's query into a text file, as DuckDB writes it."""
        self._duck.write_csv(self._duck.from_arrow(self.to_arrow(frame)), path, delimiter, on_progress)

    def write_json(self, frame: nw.LazyFrame[Any], path: Path, on_progress: Any = None) -> None:
        """Run the frame's query into a text file with one JSON object a line, as DuckDB writes it."""
        self._duck.write_json(self._duck.from_arrow(self.to_arrow(frame)), path, on_progress)

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

    def interrupt(self) -> None:
        """Stop what the DuckDB beside it runs."""
        self._duck.interrupt()

    def close(self) -> None:
        """Let go of memory and files."""
        self._duck.close()

    def _moved(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        with explained():
            rows = frame.collect("pyarrow").to_native()
        return self.from_arrow(rows)
