"""A session: where frames live while a segment of the workflow runs. One for each thread; frames never leave theirs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from peephole.core.errors import SettingError, listing
from peephole.tables.csv_options import CsvOptions
from peephole.tables.engines import engine_version
from peephole.tables.schema import ExactSchema, Stored
from peephole.tables.spark import is_spark

if TYPE_CHECKING:
    import narwhals as nw
    import pyarrow as pa

OnProgress = Callable[[float], None]

_CLASSES = {
    "duckdb": "peephole.tables.duck:DuckSession",
    "polars": "peephole.tables.polars_session:PolarsSession",
    "spark": "peephole.tables.spark_session:SparkSession",
}


class Session(Protocol):
    """What every engine offers.

    folder: where relative paths start (the document's folder).
    steady: whether the rows that frames are made of stay as they are as long as the session lives, as in a run.
    """

    engine: str
    folder: Path
    steady: bool

    def scan_parquet(self, path: Path, *, number_rows: bool = False) -> nw.LazyFrame[Any]:
        """A frame over a Parquet file.  number_rows: add the hidden row number where the file has none."""

    def read_csv(self, path: Path, options: CsvOptions) -> nw.LazyFrame[Any]:
        """A frame over a text file, with the hidden row number."""

    def read_json(self, path: Path, look_at: int) -> nw.LazyFrame[Any]:
        """A frame over a file of JSON objects, with the hidden row number."""

    def empty(self, schema: ExactSchema) -> nw.LazyFrame[Any]:
        """A frame of these columns without rows."""

    def from_arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """A frame over rows in memory."""

    def from_batches(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> nw.LazyFrame[Any]:
        """A frame over rows that come in parts and need not fit into memory, with the hidden row number."""

    def settled(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """The same few rows for more than one query: computed now, once, where that is sure to be right (see steady)."""

    def write_parquet(
        self,
        frame: nw.LazyFrame[Any],
        path: Path,
        on_progress: OnProgress | None = None,
        compression: Literal["lz4_raw", "zstd", "snappy"] = "lz4_raw",
        *,
        few: bool = False,
    ) -> int:
        """Run the frame's query into a file and tell how many rows it has.

        compression: lz4_raw is the quickest, zstd the smallest.  few: there are probably not many rows.
        on_progress: is told the share done, 0 to 1, from another thread; what it raises stops the query.
        """

    def write_csv(self, frame: nw.LazyFrame[Any], path: Path, delimiter: str, on_progress: OnProgress | None) -> None:
        """Run the frame's query into a text file."""

    def write_json(self, frame: nw.LazyFrame[Any], path: Path, on_progress: OnProgress | None) -> None:
        """Run the frame's query into a text file with one JSON object a line."""

    def batches(self, frame: nw.LazyFrame[Any]) -> pa.RecordBatchReader:
        """Run the frame's query, and give its rows in parts, which need not fit into memory."""

    def content_key(self, path: Path) -> str:
        """Hash of a Parquet file's columns and rows, whatever their order in the file and its bytes."""

    def look_at(self, path: Path) -> Stored:
        """What a Parquet file holds."""

    def stored_rows(self, path: Path) -> int:
        """How many rows a Parquet file has, by its own account."""

    def row_count(self, frame: nw.LazyFrame[Any]) -> int:
        """How many rows the frame has; runs its query."""

    def first_rows(self, frame: nw.LazyFrame[Any], count: int, offset: int = 0) -> pa.Table:
        """Some rows in their order, without the hidden row number."""

    def interrupt(self) -> None:
        """Stop what runs, from another thread; the session stays usable."""

    def close(self) -> None:
        """Let go of memory and files."""


_current: ContextVar[Session | None] = ContextVar("peephole_session", default=None)
_plain = threading.local()


def current_session() -> Session:
    """The session in use here; outside any, this thread's own on DuckDB, for plain calls."""
    return _current.get() or _plain_session()


def duck_session() -> Session:
    """A DuckDB session to look at stored tables with: the one in use, or this thread's own where another engine is."""
    chosen = _current.get()
    return chosen if chosen is not None and chosen.engine == "duckdb" else _plain_session()


def session_of(frame: nw.LazyFrame[Any]) -> Session:
    """The session that can run the frame: the one in use, or in a plain call one of the frame's own engine."""
    chosen = _current.get()
    if chosen is not None:
        return chosen
    if frame.implementation.is_polars():
        return open_session("polars", read=[_everywhere()])
    if is_spark(frame):
        return open_session("spark", read=[_everywhere()])
    return _plain_session()


def _plain_session() -> Session:
    if not hasattr(_plain, "session"):
        _plain.session = open_session("duckdb", read=[_everywhere()])
    _plain.session.folder = Path.cwd()  # where the program is now
    return cast(Session, _plain.session)


def _everywhere() -> Path:
    """In a plain call the caller may read and write any file."""
    return Path(Path.cwd().anchor)


@contextmanager
def use_session(session: Session) -> Iterator[Session]:
    """Within this block, nodes and codecs use `session`."""
    token = _current.set(session)
    try:
        yield session
    finally:
        _current.reset(token)


def open_session(
    engine: str = "duckdb",
    *,
    read: Sequence[Path] = (),
    write: Sequence[Path] = (),
    threads: int | None = None,
    memory_limit: str | None = None,
    spill: Path | None = None,
) -> Session:
    """A new session on the named engine.

    read, write: files and folders it may touch, and no others.  threads: how many at most.  memory_limit: as "4GB".
    spill: folder for what does not fit into memory.
    Raises SettingError for an unknown engine, MissingLibraryError for one that is not installed.
    """
    engine_version(engine)
    if engine not in _CLASSES:
        raise SettingError(
            f'The engine "{engine}" is not supported yet.', remedy=f"Engines: {listing(_CLASSES)}.", setting="on"
        )
    module, _, name = _CLASSES[engine].partition(":")
    opened: Session = getattr(import_module(module), name)(
        read=read, write=write, threads=threads, memory_limit=memory_limit, spill=spill
    )
    return opened
