"""One file of any kind that is known, by the ending of its name or by what the person says."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from peephole.core.errors import SettingError
from peephole.core.types import Table
from peephole.nodes.io.read import without_nan
from peephole.tables.csv_options import CsvOptions
from peephole.tables.session import current_session

Format = Literal["find out", "csv", "json", "parquet", "excel"]
_ENDINGS: dict[str, Format] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), "csv"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "json"),
    ".parquet": "parquet",
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel"),
}


def format_of(path: Path) -> Format | None:
    """What kind of file it is by its name; None where that does not tell."""
    return _ENDINGS.get(Path(path.name.lower().removesuffix(".gz")).suffix)


def read_file(path: Path, format: Format = "find out", *, delimiter: str | None = None, sheet: str = "") -> Table:  # noqa: A002
    """The file's rows with the hidden row number.  Raises SettingError where its name does not tell what it is."""
    session, kind = current_session(), format_of(path) if format == "find out" else format
    if kind == "csv":
        return session.read_csv(path, CsvOptions(delimiter=delimiter))
    if kind == "json":
        return without_nan(session.read_json(path, 50_000))
    if kind == "parquet":
        return without_nan(session.scan_parquet(path, number_rows=True))
    if kind == "excel":
        from peephole.tables.sheets import read_sheet

        return session.from_arrow(read_sheet(path, sheet, 1, True))
    raise SettingError(
        f"It is not known how to read {path.name}.",
        remedy=f"Take files that end with one of {', '.join(_ENDINGS)}.",
        setting="format",
    )
