"""Many files at once: a folder's files as a list, or their rows as one table."""

from __future__ import annotations

import datetime
import fnmatch
from pathlib import Path
from typing import Annotated, Literal

import narwhals as nw
from pydantic import Field

from peephole.core.errors import SettingError, SourceError, listing
from peephole.core.node import node
from peephole.core.progress import advance
from peephole.core.schema import ROW
from peephole.core.settings import FilePath
from peephole.core.types import Table
from peephole.nodes.io.files import format_of, read_file
from peephole.nodes.io.paths import existing_folder
from peephole.nodes.rows.concatenate import concatenate
from peephole.tables.session import current_session

FolderPath = Annotated[str, FilePath("folder"), Field(min_length=1)]
MOST_FILES = 1000


@node(
    family="io",
    icon="folder",
    says="{pattern} in {path}",
    title="List files",
    also=("List Files/Folders", "Directory", "Files in folder"),
)
def list_files(*, path: FolderPath, pattern: str = "*", subfolders: bool = False) -> Table:
    """The files of a folder: one row each, with its name, size and time of change.

    path: the folder, relative to the document's folder.
    pattern: which names to take; * stands for any letters, ? for one, as: sales-*.csv.
    subfolders: whether to look into the folders inside too.
    returns: file (path within the folder), name, ending, bytes, changed (in UTC), path, by name.
    """
    import pyarrow as pa

    folder = existing_folder(path)
    found = _files(folder, pattern, subfolders)
    rows = [
        {
            "file": file.relative_to(folder).as_posix(),
            "name": file.stem,
            "ending": file.suffix.lstrip("."),
            "bytes": file.stat().st_size,
            "changed": datetime.datetime.fromtimestamp(int(file.stat().st_mtime), datetime.UTC).replace(tzinfo=None),
            "path": str(file),
            ROW: number,
        }
        for number, file in enumerate(found)
    ]
    texts = dict.fromkeys(("file", "name", "ending"), pa.string())
    kinds = {**texts, "bytes": pa.int64(), "changed": pa.timestamp("us"), "path": pa.string(), ROW: pa.int64()}
    return current_session().from_arrow(pa.Table.from_pylist(rows, schema=pa.schema(kinds)))


@node(
    family="io",
    icon="folder-table",
    says="{pattern} in {path}",
    title="Read folder",
    also=("File Reader", "Multi File Reader", "Import folder"),
)
def read_folder(
    *,
    path: FolderPath,
    pattern: str = "*.csv",
    subfolders: bool = False,
    columns: Literal["all", "common"] = "all",
    file_column: str = "file",
) -> Table:
    """The rows of all files of a folder in one table: CSV, Parquet, JSON and Excel, each by the ending of its name.

    path: the folder, relative to the document's folder.
    pattern: which names to take; * stands for any letters, ? for one, as: sales-*.csv.
    subfolders: whether to look into the folders inside too.
    columns: all columns, with missing values where a file lacks one, or only those that every file has.
    file_column: the name of a column that tells which file a row comes from; empty for none.
    returns: all rows, file by file in the order of their names.
    """
    folder = existing_folder(path)
    files = _files(folder, pattern, subfolders)
    if not files:
        raise SourceError(
            f'{folder} holds no file that fits "{pattern}".',
            remedy=f"Files there: {listing(sorted(p.name for p in folder.iterdir() if p.is_file()))}.",
        )
    if len(files) > MOST_FILES:
        raise SettingError(
            f"Read folder: {len(files)} files fit, and {MOST_FILES} are read at most.",
            remedy="Choose fewer with the pattern.",
            setting="pattern",
        )
    parts = []
    for number, file in enumerate(files):
        advance(number, len(files), f"Looking at {file.name}")
        if format_of(file) is None:
            raise SettingError(
                f"Read folder: it is not known how to read {file.name}.",
                remedy="Take files that end with .csv, .tsv, .txt, .parquet, .json, .jsonl or .xlsx, by the pattern.",
                setting="pattern",
            )
        part = read_file(file)
        if file_column and file_column in part.collect_schema().names():
            raise SettingError(
                f'Read folder: {file.name} has a column "{file_column}" already.',
                remedy="Choose another name for file_column, or leave it empty.",
                setting="file_column",
            )
        parts.append(part)
    names = [file.relative_to(folder).as_posix() for file in files]
    stacked = concatenate.spec.function(*parts, columns=columns, source=_NUMBER if file_column else "")
    return _named(stacked, names, file_column) if file_column else stacked


_NUMBER = "__file__"


def _named(stacked: Table, names: list[str], column: str) -> Table:
    """The number of the file becomes its name."""
    if len(names) == 1:
        named: nw.Expr = nw.lit(names[0])
    else:
        named = nw.col(_NUMBER).replace_strict(
            list(range(1, len(names) + 1)), names, return_dtype=nw.String, default=None
        )
    rest = [name for name in stacked.collect_schema().names() if name not in (_NUMBER, ROW)]
    return stacked.select(named.alias(column), *rest, ROW)


def _files(folder: Path, pattern: str, subfolders: bool) -> list[Path]:
    """Files whose names fit, hidden ones left out, in the order of their paths."""
    inside = folder.rglob("*") if subfolders else folder.iterdir()
    found = [p for p in inside if fnmatch.fnmatch(p.name, pattern) and p.is_file()]
    return sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(folder).parts))
