"""What the first part of a text file tells: its encoding, delimiter, decimal sign and column names."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from peephole.core.errors import SourceError
from peephole.tables.csv_options import CsvOptions

_LOOK = 256 * 1024
_ROWS = 1000
_DELIMITERS = ",;\t|"
_BOM_8 = b"\xef\xbb\xbf"
Rows = tuple[tuple[str, ...], ...]
_BOM_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Look:
    """encoding: a name Python knows.  delimiter, decimal, thousands: as found.  rows: the cells of the first lines.

    told: what the person should know.
    """

    encoding: str
    delimiter: str
    decimal: str
    thousands: str
    rows: Rows
    told: tuple[str, ...] = ()


def look(path: Path, options: CsvOptions) -> Look:
    """Look at the first part of a file (gz or plain).  Raises SourceError for one that is empty or cannot be read."""
    encoding, quote = options.encoding, '"' if options.quote is None else options.quote
    if path.suffix == ".zip":
        raise SourceError(f"{path} is a zip archive.", remedy="Unpack it, and choose the text file in it.")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            raw = file.read(_LOOK)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{path} cannot be read: {error}.", remedy="See whether the file is whole.") from error
    if not raw.strip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t"):
        raise SourceError(f"{path} is empty.", remedy="A text file needs at least a line with the column names.")
    chosen, told = _encoding(raw) if encoding == "detect" else (encoding, ())
    text = _text(path, raw, chosen, whole=len(raw) < _LOOK)
    if options.skip:
        text = "".join(text.splitlines(keepends=True)[options.skip :])
    mark = options.delimiter or _delimiter(text)
    rows = tuple(_rows(text, mark, quote))
    decimal = options.decimal or _decimal(rows, mark)
    return Look(chosen, mark, decimal, _thousands(rows, decimal), rows, told)


def _rows(text: str, delimiter: str, quote: str) -> Iterator[tuple[str, ...]]:
    """The cells of the first lines; where quotes do not come in pairs, as far as they do."""
    longest = csv.field_size_limit(2 * _LOOK)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    try:
        found = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote or None, quoting=quoting)
        for row in islice(found, _ROWS):
            yield tuple(row)
    finally:
        csv.field_size_limit(longest)


def _encoding(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The encoding, and what to tell where it is a guess."""
    if raw.startswith(_BOM_16):
        return "utf-16", ()
    try:
        raw[: -4 if len(raw) == _LOOK else None].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end >= len(raw) - 4 and len(raw) == _LOOK:  # a character cut in two
            return "utf-8", ()
        # 0x80 to 0x9f are letters and quotes in windows-1252, and control characters in latin-1.
        guess = "windows-1252" if re.search(rb"[\x80-\x9f]", raw) else "latin-1"
        line = len(raw[: error.start].splitlines() or [b""]) + raw[: error.start].endswith((b"\n", b"\r"))
        where = f"line {line}: byte 0x{raw[error.start]:02x}"
        return guess, (f"Read as {guess}, which is a guess: the file is not utf-8 ({where}). `encoding` sets another.",)
    return "utf-8", ()


def _text(path: Path, raw: bytes, encoding: str, whole: bool) -> str:
    try:
        text = raw.removeprefix(_BOM_8).decode(encoding, errors="strict" if whole else "ignore")
    except UnicodeError as error:
        remedy = 'Set `encoding`; for files of older programs it is mostly "windows-1252" or "latin-1".'
        raise SourceError(f"{path} is not written in {encoding}: {error}.", remedy=remedy) from error
    return text if whole else text.rpartition("\n")[0] or text


def _delimiter(text: str) -> str:
    """The mark that most lines hold equally often, outside of quotes."""
    lines = [line for line in re.sub(r'"(?:[^"]|"")*"', "", text).splitlines()[:200] if line.strip()]
    best, score = ",", (0.0, 0)
    for mark in _DELIMITERS:
        times, lines_with = Counter(line.count(mark) for line in lines).most_common(1)[0] if lines else (0, 0)
        if times and (lines_with / len(lines), times) > score:
            best, score = mark, (lines_with / len(lines), times)
    return best


_FEW = 0.1  # at most this share of the cells
_ENOUGH = 10  # cells that are numbers


def in_the_way(rows: Rows, position: int, decimal: str, thousands: str, missing: tuple[str, ...]) -> Counter[str]:
    """The cells of a column that are no numbers, with how often they occur, where they are few and all others are numbers.

    rows: without the column names.  missing: what stands for a missing value.
    """
    cells = [row[position].strip() for row in rows if position < len(row)]
    cells = [cell for cell in cells if cell and cell not in missing]
    number = re.compile(rf"[-+]?(?:\d+|\d*{re.escape(decimal)}\d+)(?:[eE][-+]?\d+)?")
    others = Counter(cell for cell in cells if not number.fullmatch(cell.replace(thousands, "") if thousands else cell))
    numbers = len(cells) - others.total()
    return others if numbers >= _ENOUGH and 0 < others.total() <= _FEW * len(cells) else Counter()


DAY_FIRST = "%d.%m.%Y %H:%M"
_DAY_FIRST = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}")


def maybe_day_first(rows: Rows) -> bool:
    """Whether there are cells like 24.12.2023 18:30, which the engine finds with seconds only."""
    return any(_DAY_FIRST.fullmatch(cell.strip()) for row in rows for cell in row)


_COMMA = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+")
_POINT = re.compile(r"[-+]?\d*\.\d+")
_GROUPED = {
    ",": re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d+)?"),
    ".": re.compile(r"[-+]?\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})"),
}


def _decimal(rows: Rows, delimiter: str) -> str:
    """A comma where cells look like 1,5 or 1.234,5 and none like 1.5; seldom where commas part the cells."""
    cells = [cell.strip() for row in rows for cell in row]
    commas = any(_COMMA.fullmatch(cell) for cell in cells if delimiter != ",")
    points = any(_POINT.fullmatch(cell) and not _GROUPED[","].fullmatch(cell) for cell in cells)
    return "," if commas and not points else "."


def _thousands(rows: Rows, decimal: str) -> str:
    """The sign that parts thousands, where cells look like 1.234,5 (1,234.5 where a point is the decimal sign)."""
    grouped = any(_GROUPED[decimal].fullmatch(cell.strip()) for row in rows for cell in row)
    return {",": ".", ".": ","}[decimal] if grouped else ""
