"""Tables on disk (Parquet), and any frame Narwhals knows in plain calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.progress import advance
from peephole.core.schema import ROW, visible
from peephole.tables.duck_errors import explained
from peephole.tables.engines_meet import on_engine_of
from peephole.tables.order import number_rows
from peephole.tables.session import current_session, duck_session

TABLE_FILE = "table.parquet"


class TableCodec:
    """Keeps a frame as one Parquet file, the hidden row number included."""

    def save(self, value: nw.LazyFrame[Any], folder: Path) -> None:
        """Run the frame's query into an empty folder, telling its progress."""
        current_session().write_parquet(
            value, folder / TABLE_FILE, lambda done: advance(done, 1.0, "Writing the table")
        )

    def load(self, folder: Path) -> nw.LazyFrame[Any]:
        """A lazy frame over the file, on the session in use."""
        return current_session().scan_parquet(folder / TABLE_FILE)

    def content_key(self, folder: Path) -> str:
        """Hash of columns and rows; not of the file's bytes, which differ from run to run."""
        return duck_session().look_at(folder / TABLE_FILE).key

    def summary(self, folder: Path) -> dict[str, Any]:
        """Number of rows and columns; each column's type in words (`schema`) and exactly (`types`, with hidden ones)."""
        stored = duck_session().look_at(folder / TABLE_FILE)
        words = {name: word for name, word in stored.words.items() if name != ROW}
        return {"rows": stored.rows, "columns": len(words), "schema": words, "types": stored.types}

    def adapt(self, value: Any) -> tuple[nw.LazyFrame[Any], Callable[[Any], Any]]:
        """Any frame as a lazy one, and the way to give the same kind back: its rows in order, the row number dropped."""
        try:
            frame = nw.from_native(value, pass_through=False)
        except TypeError as error:
            raise SettingError(
                f"A table is needed, and {type(value).__name__} was given.",
                remedy="Give a pandas, Polars, Arrow or DuckDB table, or a Narwhals frame.",
            ) from error
        bare = not isinstance(value, nw.LazyFrame | nw.DataFrame)
        if isinstance(frame, nw.LazyFrame):
            return frame, _lazy_back(frame, bare)
        return _adapt_eager(frame, bare)


def _lazy_back(given: nw.LazyFrame[Any], bare: bool) -> Callable[[Any], Any]:
    numbered = ROW in given.collect_schema()

    def back(result: nw.LazyFrame[Any]) -> Any:
        result = on_engine_of(given, result)  # what a node computed of rows lies in DuckDB
        shown = result if numbered else _shown(result)
        return shown.to_native() if bare else shown

    return back


def _adapt_eager(frame: nw.DataFrame[Any], bare: bool) -> tuple[nw.LazyFrame[Any], Callable[[Any], Any]]:
    kind = frame.implementation
    lazy = _without_nan(frame.lazy() if kind.is_polars() else current_session().from_arrow(_arrow(frame)))
    numbered = ROW in frame.columns

    def back(result: nw.LazyFrame[Any]) -> Any:
        with explained():
            collected = _in_order(result.collect(kind), kept=numbered)
        return collected.to_native() if bare else collected

    return (lazy if numbered else number_rows(lazy)), back


def _in_order(rows: nw.DataFrame[Any], *, kept: bool) -> nw.DataFrame[Any]:
    """The rows in reading order; mostly they are already, and sorting wide rows takes twice their memory.

    kept: the hidden row number is the person's own column.
    """
    if ROW not in rows.columns:
        return rows
    if not rows[ROW].is_sorted():
        rows = nw.maybe_reset_index(rows.sort(ROW))
    return rows if kept else rows.drop(ROW)


def _arrow(frame: nw.DataFrame[Any]) -> Any:
    native = frame.to_native()
    # A pandas index is no column.
    bare = nw.from_native(native.reset_index(drop=True)) if frame.implementation.is_pandas_like() else frame
    return bare.to_arrow()


def _without_nan(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """NaN becomes missing here as in every reader."""
    numbers = [name for name, dtype in frame.collect_schema().items() if dtype.is_float()]
    return frame.with_columns(nw.col(*numbers).fill_nan(None)) if numbers else frame


def _shown(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    names = frame.collect_schema().names()
    return frame.select(visible(names)) if ROW in names else frame
