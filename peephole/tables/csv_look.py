"""What the first part of a text file tells: its encoding, delimiter, decimal sign and column names."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from peephole.core.errors import SourceError

_LOOK = 256 * 1024
_ROWS = 1000
_DELIMITERS = ",;\t|"
_BOM_8 = b"\xef\xbb\xbf"
_BOM_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Look:
    """encoding: a name Python knows.  delimiter, decimal: as found.  rows: the cells of the first lines."""

    encoding: str
    delimiter: str
    decimal: str
    rows: tuple[tuple[str, ...], ...]


def look(path: Path, encoding: str, delimiter: str | None) -> Look:
    """Look at the first part of a file (gz or plain).  Raises SourceError for one that is empty or cannot be read."""
    if path.suffix == ".zip":
        raise SourceError(f"{path} is a zip archive.", remedy="Unpack it, and choose the text file in it.")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            raw = file.read(_LOOK)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{path} cannot be read: {error}.", remedy="See whether the file is whole.") from error
    if not raw.strip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t"):
        raise SourceError(f"{path} is empty.", remedy="A text file needs at least a line with the column names.")
    chosen = _encoding(raw) if encoding == "detect" else encoding
    text = _text(path, raw, chosen, whole=len(raw) < _LOOK)
    mark = delimiter or _delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    return Look(chosen, mark, _decimal(text, mark), tuple(tuple(row) for row in islice(rows, _ROWS)))


def _encoding(raw: bytes) -> str:
    if raw.startswith(_BOM_16):
        return "utf-16"
    try:
        raw.removeprefix(_BOM_8)[: -4 if len(raw) == _LOOK else None].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end >= len(raw) - 4 and len(raw) == _LOOK:  # a character cut in two
            return "utf-8"
        # 0x80 to 0x9f are letters and quotes in windows-1252, and control characters in latin-1.
        return "windows-1252" if re.search(rb"[\x80-\x9f]", raw) else "latin-1"
    return "utf-8"


def _text(path: Path, raw: bytes, encoding: str, whole: bool) -> str:
    try:
        text = raw.removeprefix(_BOM_8).decode(encoding, errors="strict" if whole else "ignore")
    except UnicodeError as error:
        raise SourceError(f"{path} is not written in {encoding}: {error}.", remedy="Set its encoding.") from error
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


def _decimal(text: str, delimiter: str) -> str:
    """A comma where cells look like 1,5 and none like 1.5, and commas do not part the cells."""
    if delimiter == ",":
        return "."
    cell = rf'(?:^|{re.escape(delimiter)})"?[-+]?\d+[{{}}]\d+"?(?={re.escape(delimiter)}|$)'
    commas = re.search(cell.format(","), text, re.MULTILINE)
    return "," if commas and not re.search(cell.format("."), text, re.MULTILINE) else "."
