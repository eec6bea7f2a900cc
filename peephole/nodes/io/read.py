"""Files become tables. Readers number the rows (hidden) and make NaN missing, so that every engine sees the same."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import narwhals as nw
from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, FilePath, ReadPath
from peephole.core.types import Table
from peephole.nodes.io.paths import existing_file
from peephole.tables.csv_options import NULL_WORDS, CsvOptions, CsvType, Encoding
from peephole.tables.session import current_session


@node(
    family="io", icon="file-csv", title="Read CSV", also=("CSV Reader", "File Reader", "CSV File Import", "TSV", "Open")
)
def read_csv(
    *,
    path: Annotated[ReadPath, FilePath("read", ("*.csv", "*.tsv", "*.txt", "*.csv.gz"))],
    delimiter: str | None = None,
    header: bool | None = None,
    decimal: Literal[".", ","] | None = None,
    thousands: Literal["", ".", ",", "'", " "] | None = None,
    quote: Annotated[str, Field(max_length=1)] | None = None,
    skip_lines: Annotated[int, Between(0)] = 0,
    encoding: Encoding = "detect",
    types: dict[str, CsvType] = {},  # noqa: B006 - never changed
    null_words: list[str] = list(NULL_WORDS),  # noqa: B006
    bad_rows: Literal["fail", "skip and report"] = "fail",
    look_at: Annotated[int, Between(100, 10_000_000)] = 50_000,
    longest_line: Annotated[int, Between(1, 1000)] = 16,
) -> Table:
    """Rows of a text file, one line each (CSV, TSV; also gzipped).

    What is not set is found out from the first rows. Times with a zone are turned into UTC. NaN becomes missing.
    Column names that occur twice are made unique, and a message says so.

    path: the file, relative to the document's folder.
    delimiter: the mark between cells; found out if not set.
    header: whether the first line holds the column names; found out if not set.
    decimal: the sign before the fraction of a number; found out if not set.
    thousands: the sign between the thousands of a number, empty for none; found out if not set.
    quote: the mark around cells that hold a delimiter, empty for none; usually ".
    skip_lines: how many lines to pass over before the first that counts.
    encoding: how letters are written; found out from the first part of the file if "detect".
    types: type of a column, by its name, where it should not be found out.
    null_words: what stands for a missing value.
    bad_rows: what to do with rows that cannot be read: fail with the line's number, or leave them out and tell which.
    look_at: from how many rows types are found out.
    longest_line: how many megabytes one line may have.
    returns: the file's rows in their order.
    """
    options = CsvOptions(
        delimiter=delimiter,
        header=header,
        decimal=decimal,
        thousands=thousands,
        quote=quote,
        skip=skip_lines,
        longest_line=longest_line,
        encoding=encoding,
        types=types,
        null_words=tuple(null_words),
        skip_bad_rows=bad_rows != "fail",
        look_at=look_at,
    )
    return current_session().read_csv(existing_file(path), options)


@node(family="io", icon="file-parquet", title="Read Parquet", light=True, also=("Parquet Reader",))
def read_parquet(*, path: Annotated[ReadPath, FilePath("read", ("*.parquet",))]) -> Table:
    """Rows of a Parquet file.

    path: the file, relative to the document's folder.
    returns: the file's rows in their order; NaN is missing.
    """
    frame = current_session().scan_parquet(existing_file(path), number_rows=True)
    return without_nan(frame)


def without_nan(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """NaN becomes missing."""
    numbers = [name for name, dtype in frame.collect_schema().items() if dtype.is_float()]
    return frame.with_columns(nw.col(*numbers).fill_nan(None)) if numbers else frame
