"""How a text file is to be read: what the person may set; what is left open is found out from the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

NULL_WORDS = ("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null")

CsvType = Literal["integer", "number", "text", "boolean", "date", "datetime", "time"]
Encoding = Literal["detect", "utf-8", "utf-16", "latin-1", "windows-1252"]


@dataclass(frozen=True)
class CsvOptions:
    """delimiter, header, decimal: None means found out.  types: type of a column, where it is not to be found out.

    null_words: what stands for a missing value.  skip_bad_rows: leave out rows that cannot be read, and tell which.
    look_at: from how many rows types are found out.  skip: lines before the first that counts.
    thousands: the sign between thousands, "" for none, None means found out.  longest_line: in megabytes.
    quote: the mark around cells; "" for none, None for the usual one.  names: of the columns, in place of those found.
    """

    delimiter: str | None = None
    header: bool | None = None
    decimal: Literal[".", ","] | None = None
    encoding: Encoding = "detect"
    types: dict[str, CsvType] = field(default_factory=dict)
    null_words: tuple[str, ...] = NULL_WORDS
    skip_bad_rows: bool = False
    look_at: int = 20_000
    thousands: Literal["", ".", ",", "'", " "] | None = None
    skip: int = 0
    longest_line: int = 16
    quote: str | None = None
    names: tuple[str, ...] = ()


def lines(name: str, *, encoding: Encoding = "detect", skip: int = 0) -> CsvOptions:
    """A text file as one column of its lines; empty ones are left out."""
    # each line is one cell, for the delimiter is a mark that no text holds, and quotes are letters
    return CsvOptions(
        delimiter="\x01", quote="", header=False, decimal=".", encoding=encoding, types={name: "text"},
        null_words=(), skip=skip, names=(name,),
    )  # fmt: skip
