"""Tables become files. They appear whole or not at all."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import narwhals as nw
from pydantic import Field

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.progress import advance
from peephole.core.schema import ROW, visible
from peephole.core.settings import FilePath, WritePath
from peephole.core.types import Table, Variable
from peephole.nodes.io.paths import writable_file
from peephole.tables.guarding import guarded
from peephole.tables.order import reading_order
from peephole.tables.places import appearing_whole
from peephole.tables.schema import nested_column, schema_of
from peephole.tables.session import session_of


@node(family="io", icon="file-csv", title="Write CSV", effect=True, also=("CSV Writer", "Save Data", "Export"))
def write_csv(
    table: Table,
    *,
    path: Annotated[WritePath, FilePath("write", ("*.csv", "*.csv.gz"))],
    delimiter: Literal[",", ";", "\\t", "|"] = ",",
    guard_formulas: bool = False,
) -> Variable:
    """The table as a text file, in UTF-8, one line a row; gzipped where the name ends with .gz.

    A spreadsheet program that opens the file computes text that begins with = + - or @ as a formula, which may send your
    data elsewhere: guard the file where text comes from people you do not know, and a spreadsheet is to open it.

    table: rows to write.
    path: the file, relative to the document's folder; one of that name is replaced.
    delimiter: the mark between cells.
    guard_formulas: put ' before text (and column names) that begins with = + - @, a tab or a line's end; numbers stay as
        they are. Programs that read the file find the ' in the text.
    returns: the file's full path.
    """
    nested = nested_column(table)
    if nested is not None:
        raise SettingError(
            f'Write CSV: the column "{nested}" holds lists, structs or bytes, which a text file cannot.',
            remedy="Write Parquet, or leave the column out.",
        )
    target = writable_file(path)
    shown = guarded(_shown(table)) if guard_formulas else _shown(table)
    session_of(table).write_csv(shown, target, delimiter, _telling(target.name))
    return Variable(str(target))


@node(family="io", icon="file-parquet", title="Write Parquet", effect=True, also=("Parquet Writer", "Save Data"))
def write_parquet(
    table: Table,
    *,
    path: Annotated[WritePath, FilePath("write", ("*.parquet",))],
    compression: Literal["zstd", "snappy", "lz4_raw"] = "zstd",
) -> Variable:
    """The table as a Parquet file.

    table: rows to write.
    path: the file, relative to the document's folder; one of that name is replaced.
    compression: zstd is the smallest, lz4_raw the quickest, snappy the one most programs know.
    returns: the file's full path.
    """
    target = writable_file(path)
    session_of(table).write_parquet(_shown(table), target, _telling(target.name), compression)
    return Variable(str(target))


@node(family="io", icon="file-json", title="Write JSON", effect=True, also=("JSON Writer", "JSON lines", "NDJSON"))
def write_json(
    table: Table, *, path: Annotated[WritePath, FilePath("write", ("*.jsonl", "*.ndjson", "*.jsonl.gz"))]
) -> Variable:
    """The table as a text file with one JSON object a line, in UTF-8; gzipped where the name ends with .gz.

    Dates and times become text; infinity, which JSON does not know, becomes null.

    table: rows to write.
    path: the file, relative to the document's folder; one of that name is replaced.
    returns: the file's full path.
    """
    bytes_in = [name for name, word in schema_of(table).items() if word == "binary"]
    if bytes_in:
        raise SettingError(
            f'Write JSON: the column "{bytes_in[0]}" holds bytes, which JSON cannot.',
            remedy="Write Parquet, or leave the column out.",
        )
    target = writable_file(path)
    session_of(table).write_json(_shown(table), target, _telling(target.name))
    return Variable(str(target))


@node(family="io", icon="file-excel", title="Write Excel", effect=True, needs=("openpyxl",), pack="files",
      also=("Excel Writer", "XLS Writer", "Save as spreadsheet"))  # fmt: skip
def write_excel(
    table: Table,
    *,
    path: Annotated[WritePath, FilePath("write", ("*.xlsx",))],
    sheet: Annotated[str, Field(min_length=1, max_length=31, pattern=r"^[^\[\]:*?/\\]+$")] = "Table",
) -> Variable:
    """The table as an Excel file with one sheet, its first row the column names.

    Text is kept as text: no cell becomes a formula, whatever it begins with.

    table: rows to write; a sheet holds 1,048,575 of them.
    path: the file, relative to the document's folder; one of that name is replaced.
    sheet: the sheet's name.
    returns: the file's full path.
    """
    from peephole.tables.duck_errors import explained
    from peephole.tables.sheets import write_sheet

    nested = nested_column(table)
    if nested is not None:
        raise SettingError(
            f'Write Excel: the column "{nested}" holds lists, structs or bytes, which a sheet cannot.',
            remedy="Write Parquet, or leave the column out.",
        )
    target = writable_file(path)
    with explained():
        rows = _shown(table).collect("pyarrow").to_native()
    total = rows.num_rows

    def tell(done: int) -> None:
        advance(done, total, f"Writing {target.name}")

    with appearing_whole(target) as part:
        write_sheet(part, sheet, rows, tell)
    return Variable(str(target))


def _shown(table: Table) -> nw.LazyFrame[Any]:
    """The rows in their order, without the hidden row number."""
    names = table.collect_schema().names()
    return reading_order(table).select(visible(names)) if ROW in names else table


def _telling(name: str) -> Any:
    return lambda done: advance(done, 1.0, f"Writing {name}")
