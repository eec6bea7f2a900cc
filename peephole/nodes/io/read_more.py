"""JSON, sheets, lines of text and whole folders become tables."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, FilePath, ReadPath
from peephole.core.types import Table
from peephole.nodes.io.paths import existing_file
from peephole.nodes.io.read import without_nan
from peephole.tables.csv_options import Encoding, lines
from peephole.tables.session import current_session


@node(family="io", icon="file-json", title="Read JSON", also=("JSON Reader", "JSON lines", "JSON Path", "NDJSON"))
def read_json(
    *,
    path: Annotated[ReadPath, FilePath("read", ("*.jsonl", "*.ndjson", "*.json", "*.jsonl.gz", "*.json.gz"))],
    look_at: Annotated[int, Between(100, 10_000_000)] = 50_000,
) -> Table:
    """Rows of a JSON file: one object a line, or one list of objects (also gzipped).

    Each name of an object is a column; lists and objects inside stay lists and structs. Times with a zone become UTC.

    path: the file, relative to the document's folder.
    look_at: from how many objects the columns and their types are found out.
    returns: the file's objects in their order.
    """
    return without_nan(current_session().read_json(existing_file(path), look_at))


@node(family="io", icon="file-excel", title="Read Excel", needs=("python-calamine",), pack="files",
      also=("Excel Reader", "XLS Reader", "Read sheet", "Spreadsheet", "OpenDocument"))  # fmt: skip
def read_excel(
    *,
    path: Annotated[ReadPath, FilePath("read", ("*.xlsx", "*.xlsm", "*.xlsb", "*.xls", "*.ods"))],
    sheet: str = "",
    header_row: Annotated[int, Between(0)] = 1,
    merged: Literal["fill", "first cell only"] = "fill",
) -> Table:
    """Rows of one sheet of an Excel or OpenDocument file.

    A column whose cells are of different kinds becomes text, and a message says so. Empty rows are left out.

    path: the file, relative to the document's folder.
    sheet: the sheet's name; the first one if empty.
    header_row: the row that holds the column names, counted from 1; 0 if there is none.
    merged: whether each cell of a merged area gets its value, or only the first, as the file has it.
    returns: the sheet's rows below the header, in their order.
    """
    from peephole.tables.sheets import read_sheet

    return current_session().from_arrow(read_sheet(existing_file(path), sheet, header_row, merged == "fill"))


@node(
    family="io",
    icon="file-text",
    says="{path} -> {column}",
    title="Read lines",
    also=("Line Reader", "Text file", "Log file"),
)
def read_lines(
    *,
    path: Annotated[ReadPath, FilePath("read", ("*.txt", "*.log", "*.txt.gz", "*.log.gz"))],
    column: Annotated[str, Field(min_length=1)] = "line",
    encoding: Encoding = "detect",
    skip_lines: Annotated[int, Between(0)] = 0,
) -> Table:
    """Each line of a text file as one row with one column of text; empty lines are left out.

    path: the file, relative to the document's folder; also gzipped.
    column: the name of the column.
    encoding: how letters are written; found out from the first part of the file if "detect".
    skip_lines: how many lines to pass over at the start.
    returns: the file's lines in their order.
    """
    return current_session().read_csv(existing_file(path), lines(column, encoding=encoding, skip=skip_lines))
