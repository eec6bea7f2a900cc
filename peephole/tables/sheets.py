"""Sheets of Excel and OpenDocument files as Arrow tables, and tables as sheets."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from peephole.core.errors import DataError, SettingError, SourceError, listing, nearest
from peephole.core.progress import message
from peephole.core.schema import ROW

Cells = list[list[Any]]
MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_575, 16_384, 32_767  # below the header; what Excel can hold
LARGEST = 10**15 - 1  # of longer whole numbers a sheet changes the last digits
FIRST_DAY = datetime.datetime(1900, 3, 1)  # the days before are others in a sheet, or none
MOST_UNFOLDED, MOST_FOLDING = 2**28, 200  # bytes, times
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


def read_sheet(path: Path, sheet: str, header_row: int, fill_merged: bool) -> pa.Table:
    """A sheet's rows with the hidden row number.

    sheet: its name, "" for the first.  header_row: counted from 1, 0 for none.
    Raises SourceError for a file that cannot be read, SettingError for a sheet or header that is not there.
    """
    status = path.stat()
    table, told = _read(path, status.st_mtime_ns, status.st_size, sheet, header_row, fill_merged)
    for text in told:
        message(text, "warning")
    return table


@lru_cache(maxsize=2)  # looked at before a run, and read in it
def _read(
    path: Path, _changed: int, _size: int, sheet: str, header_row: int, fill_merged: bool
) -> tuple[pa.Table, tuple[str, ...]]:
    cells = _cells(path, sheet, fill_merged)
    if header_row > len(cells):
        raise SettingError(
            f"Read Excel: the sheet has {len(cells)} rows, so row {header_row} cannot hold the column names.",
            remedy="Choose another row, or 0 for none.",
            setting="header_row",
        )
    told: list[str] = []
    rows = [row for row in cells[header_row:] if any(cell != "" for cell in row)]
    names = _names(cells[header_row - 1] if header_row else [], max(map(len, cells), default=0), told)
    columns = {name: _column(name, [row[i] for row in rows], told) for i, name in enumerate(names)}
    return pa.table({**columns, ROW: pa.array(range(len(rows)), pa.int64())}), tuple(told)


def _cells(path: Path, sheet: str, fill_merged: bool) -> Cells:
    import python_calamine

    _check_unfolded(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            names = book.sheet_names
            if sheet and sheet not in names:
                raise SettingError(
                    f'Read Excel: there is no sheet "{sheet}".',
                    remedy=f"{nearest(sheet, names)} Sheets: {listing(names)}.".strip(),
                    setting="sheet",
                )
            found = book.get_sheet_by_name(sheet or names[0])
            cells: Cells = found.to_python(skip_empty_area=False)
            areas = found.merged_cell_ranges if fill_merged else None
    except (python_calamine.CalamineError, OSError) as error:
        protected = isinstance(error, python_calamine.PasswordError)
        remedy = "Take its password off first." if protected else "See whether it is whole, and an Excel file."
        raise SourceError(f"{path} cannot be read: {error}.", remedy=remedy) from error
    for (top, left), (bottom, right) in areas or ():
        for row in range(top, min(bottom + 1, len(cells))):
            for column in range(left, min(right + 1, len(cells[row]))):
                cells[row][column] = cells[top][left]
    return cells


def _check_unfolded(path: Path) -> None:
    """Raises SourceError for a small file made so that it fills the memory when it is unpacked; real sheets shrink to a tenth."""
    import zipfile

    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > MOST_UNFOLDED and size > MOST_FOLDING * path.stat().st_size:
        raise SourceError(
            f"{path} is not read: it unfolds to {size // path.stat().st_size} times its size ({size / 2**30:.1f} GiB).",
            remedy="If it is a sheet of yours, save it anew in a spreadsheet program.",
        )


def _names(header: Sequence[Any], width: int, told: list[str]) -> list[str]:
    """A name for each column; what had to be changed is told."""
    names: list[str] = []
    changed: list[str] = []
    for i in range(width):
        written = str(header[i]).strip() if i < len(header) else ""
        name, stem, n = written or f"column_{i + 1}", written or f"column_{i + 1}", 1
        while name.casefold() in {other.casefold() for other in names} or name == ROW:
            name, n = f"{stem}_{n}", n + 1
        if header and name != written:
            changed.append(f'"{written}" to "{name}"')
        names.append(name)
    if changed:
        told.append(f"Column names changed: {listing(changed)}.")
    return names


_TYPES: dict[type, pa.DataType] = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    datetime.date: pa.date32(),
    datetime.datetime: pa.timestamp("us"),
    datetime.time: pa.time64("us"),
}


def _column(name: str, cells: list[Any], told: list[str]) -> pa.Array:
    values = [None if cell == "" else cell for cell in cells]
    kinds = {type(value) for value in values if value is not None}
    if kinds == {float} and all(value is None or value.is_integer() for value in values):
        kinds = {int}
    if kinds == {int, float}:
        kinds = {float}
    if kinds == {datetime.date, datetime.datetime}:
        kinds = {datetime.datetime}
    if len(kinds) == 1 and (kind := next(iter(kinds))) in _TYPES:
        return pa.array([None if value is None else _as(kind, value) for value in values], _TYPES[kind])
    if len(kinds) > 1:
        words = sorted({_WORDS.get(kind, kind.__name__) for kind in kinds})
        told.append(f'The column "{name}" holds {" and ".join(words)}; it is read as text.')
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


_WORDS = {bool: "true and false", int: "numbers", float: "numbers", str: "text", datetime.date: "dates",
          datetime.datetime: "dates with times", datetime.time: "times", datetime.timedelta: "lengths of time"}  # fmt: skip


def _as(kind: type, value: Any) -> Any:
    if kind is datetime.datetime and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time())
    return int(value) if kind is int else value


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_sheet(path: Path, sheet: str, table: pa.Table, tell: Callable[[int], None]) -> None:
    """Write rows into a new Excel file with one sheet.  tell: is told how many rows are written.

    What a sheet would change becomes text, and is told: whole numbers of more than 15 digits, days before March 1900.
    Raises DataError for what a sheet cannot hold.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    _check(table)
    table = _kept_whole(table)
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(page, value=value)
        made.data_type = "s"  # text that begins with = must not become a formula
        return made

    try:
        page.append([cell(name) for name in table.column_names])
        for number, row in enumerate(_rows(table), start=1):
            page.append([cell(value) for value in row])
            if number % 5000 == 0:
                tell(number)
    except BaseException:
        page.close()
        page._writer.cleanup()  # the rows so far, in the system's folder for such: only `save` takes them away
        raise
    page.close()
    book.save(path)


def _check(table: pa.Table) -> None:
    if table.num_columns > MOST_COLUMNS:
        raise _too_much(f"{MOST_COLUMNS} columns", f"{table.num_columns}", "Choose columns with Select")
    if table.num_rows > MOST_ROWS:
        raise _too_much(f"{MOST_ROWS:,} rows", f"{table.num_rows:,}", "Filter or sample first")
    for name, column in zip(table.column_names, table.columns, strict=True):
        if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
            continue
        longest = pc.max(pc.utf8_length(column)).as_py() or 0
        if longest > LONGEST_TEXT:
            raise _too_much(f"{LONGEST_TEXT} letters in a cell", f'{longest} in "{name}"', "Shorten it with Formula")
        if pc.any(pc.match_substring_regex(column, _CONTROL)).as_py():
            raise DataError(
                f'Write Excel: the column "{name}" holds a control character, which a sheet cannot.',
                remedy=r"Take it out with Formula, as: regexp_replace(text, '[\x00-\x1f]', '', 'g').",
            )


def _kept_whole(table: pa.Table) -> pa.Table:
    for place, name in enumerate(table.column_names):
        if getattr(table.column(place).type, "tz", None) is not None:
            table = table.set_column(place, name, table.column(place).cast(pa.timestamp("us")))
            message(f'"{name}" is written in UTC, for a sheet knows no zones.', "warning")
        column = table.column(place)
        why = _changed(column)
        if why:
            message(f'"{name}" holds {why}, which a sheet would change: it is written as text.', "warning")
            table = table.set_column(place, name, column.cast(pa.string()))
        elif pa.types.is_timestamp(column.type) and not _to_the_millisecond(column):
            message(f'"{name}" is written to the millisecond; a sheet holds no more.', "warning")
    return table


def _changed(column: pa.ChunkedArray) -> str:
    """What of a column a sheet would not keep as it is; empty where it keeps all."""
    whole, moment = pa.types.is_integer(column.type), pa.types.is_timestamp(column.type)
    if not (whole or moment or pa.types.is_date(column.type)):
        return ""
    low, high = pc.min_max(column).as_py().values()
    if low is None:
        return ""
    if whole:
        return "numbers of more than 15 digits" if max(-low, high) > LARGEST else ""
    return "days before March 1900" if low < (FIRST_DAY if moment else FIRST_DAY.date()) else ""


def _to_the_millisecond(column: pa.ChunkedArray) -> bool:
    whole = pc.floor_temporal(column, unit="millisecond")
    return bool(pc.all(pc.equal(column, whole)).as_py() in (True, None))


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=5000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _too_much(most: str, got: str, remedy: str) -> DataError:
    return DataError(f"Write Excel: a sheet holds {most}, and there are {got}.", remedy=f"{remedy}, or write CSV.")
