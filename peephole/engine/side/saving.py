"""Rows written into a file that a person takes away."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peephole.core.errors import DataError, MissingLibraryError
from peephole.core.progress import advance, check_cancelled
from peephole.core.schema import visible
from peephole.tables.duck_errors import explained
from peephole.tables.guarding import guarded
from peephole.tables.places import appearing_whole
from peephole.tables.schema import nested_column
from peephole.tables.session import Session

if TYPE_CHECKING:
    import narwhals as nw


def save_rows(frame: nw.LazyFrame[Any], path: Path, session: Session, *, guard: bool = False) -> None:
    """Write a frame's rows in their order, without the hidden row number, and say how far that is.

    path: its ending says how: .csv, .parquet or .xlsx.  guard: in a text file no text begins as a formula does (the other
    kinds of files tell text from formulas).
    Raises DataError for what such a file cannot hold, Cancelled when told to stop.
    """
    shown = frame.select(visible(frame.collect_schema().names()))
    if path.suffix == ".parquet":
        session.write_parquet(shown, path, _tell, "zstd")
    else:
        _check_flat(shown)
        if path.suffix == ".csv":
            session.write_csv(guarded(shown) if guard else shown, path, ",", _tell)
        else:
            _write_sheet(shown, path, session)
    try:
        check_cancelled()
    except BaseException:
        path.unlink(missing_ok=True)  # nobody will take it away
        raise


def _tell(share: float) -> None:
    advance(share, 1.0)


def _check_flat(frame: nw.LazyFrame[Any]) -> None:
    nested = nested_column(frame)
    if nested is not None:
        raise DataError(
            f'The column "{nested}" holds lists, structs or bytes, which only a Parquet file can.',
            remedy="Take Parquet, or leave the column out with Select.",
        )


def _write_sheet(frame: nw.LazyFrame[Any], path: Path, session: Session) -> None:
    """A sheet is put together in memory: what is too long for one is refused before it is read."""
    from peephole.tables.sheets import MOST_ROWS, write_sheet

    if find_spec("openpyxl") is None:
        raise MissingLibraryError(
            "Excel files need the package openpyxl.", remedy="Install it: pip install 'peephole[files]'."
        )
    rows = session.row_count(frame)
    if rows > MOST_ROWS:
        raise DataError(
            f"An Excel sheet holds {MOST_ROWS:,} rows, and there are {rows:,}.",
            remedy="Take CSV or Parquet, or filter first.",
        )
    with explained():
        table = frame.collect("pyarrow").to_native()
    with appearing_whole(path) as part:
        write_sheet(part, "Table", table, lambda done: advance(done, rows))
