"""How a text file is to be read: what the person may set; what is left open is found out from the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

NULL_WORDS = ("", "NA", "N/A", "NaN", "nan", "NULL", "null")

CsvType = Literal["integer", "number", "text", "boolean", "date", "datetime", "time"]
Encoding = Literal["detect", "utf-8", "utf-16", "latin-1", "windows-1252"]


@dataclass(frozen=True)
class CsvOptions:
    """delimiter, header, decimal: None means found out.  types: type of a column, where it is not to be found out.

    null_words: what stands for a missing value.  skip_bad_rows: leave out rows that cannot be read, and tell which.
    look_at: from how many rows types are found out.
    """

    delimiter: str | None = None
    header: bool | None = None
    decimal: Literal[".", ","] | None = None
    encoding: Encoding = "detect"
    types: dict[str, CsvType] = field(default_factory=dict)
    null_words: tuple[str, ...] = NULL_WORDS
    skip_bad_rows: bool = False
    look_at: int = 20_000
