"""Text files read by DuckDB: looked at once, then read with everything said explicitly, so that it reads the same again."""
# ruff: noqa: S608 - names and paths go through `quoted` and `literal`

from __future__ import annotations

import gzip
import io
import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import duckdb

from peephole.core.errors import ColumnError, SourceError, listing, nearest
from peephole.core.progress import message
from peephole.core.schema import ROW
from peephole.tables.csv_look import DAY_FIRST, Look, in_the_way, look, maybe_day_first
from peephole.tables.csv_options import CsvOptions
from peephole.tables.schema import literal, quoted

_TYPES = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "text": "VARCHAR",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "time": "TIME",
}
# What the sniffer may find, and what we make of it: integers too long to count with as text.
_ZONED = "TIMESTAMP WITH TIME ZONE"
_FOUND = {"HUGEINT": "VARCHAR", "UBIGINT": "VARCHAR", "UHUGEINT": "VARCHAR"}
# What DuckDB reads itself; anything else is rewritten as UTF-8 first.
_ENCODINGS = ("utf-8", "utf-16", "latin-1")
_WORDS_FOR_YES = {"yes", "no", "y", "n", "t", "f"}
_TOO_LONG = "Maximum line size"
_SHOWN_BAD, _SHOWN_TEXT = 10, 200
_number = itertools.count()
_dialects: dict[tuple[Any, ...], Dialect] = {}


@dataclass(frozen=True)
class Dialect:
    """How a file is written, found out or set: all that is needed to read it without looking again.

    told: what the person should know.
    """

    delimiter: str
    quote: str
    decimal: str
    thousands: str
    encoding: str
    header: bool
    columns: Mapping[str, str]
    date_format: str | None
    datetime_format: str | None
    told: tuple[str, ...]


def read(
    connection: duckdb.DuckDBPyConnection, path: Path, options: CsvOptions, scratch: Callable[[], Path]
) -> duckdb.DuckDBPyRelation:
    """The file's rows with the hidden row number.

    scratch: makes a folder for a file that must be rewritten in UTF-8 first.
    Raises SourceError for an empty or unreadable file, ColumnError where `types` names a column that is not there.
    """
    seen = look(path, options)
    if seen.encoding not in _ENCODINGS:
        path, seen = _in_utf8(path, seen, scratch()), replace(seen, encoding="utf-8")
    dialect = _known_dialect(connection, path, options, seen)
    if options.skip_bad_rows:
        return _skipping(connection, path, options, dialect)
    return connection.sql(_select(_call(path, options, dialect), dialect))


def _in_utf8(path: Path, seen: Look, folder: Path) -> Path:
    rewritten = folder / f"{next(_number)}.csv"
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as raw:
        source = io.TextIOWrapper(cast(BinaryIO, raw), encoding=seen.encoding, errors="replace", newline="")
        with rewritten.open("w", encoding="utf-8", newline="") as target:
            shutil.copyfileobj(source, target)
    return rewritten


def _known_dialect(connection: duckdb.DuckDBPyConnection, path: Path, options: CsvOptions, seen: Look) -> Dialect:
    """Looked for once in this process as long as the file stays as it is."""
    status = path.stat()
    key = (str(path), status.st_mtime_ns, status.st_size, repr(options))
    if key not in _dialects:
        _dialects[key] = _find_dialect(connection, path, options, seen)
    found = _dialects[key]
    for text in found.told:
        message(text, "warning")
    return found


def _find_dialect(connection: duckdb.DuckDBPyConnection, path: Path, options: CsvOptions, seen: Look) -> Dialect:
    thousands = seen.thousands if options.thousands is None else options.thousands
    given = {
        **_written(options, seen.delimiter, seen.decimal, thousands, seen.encoding),
        "ignore_errors": "true",  # bad rows do not hide how the others are written
        "sample_size": str(options.look_at),
    }
    if options.header is not None:
        given["header"] = str(options.header).lower()
    told = [*seen.told]
    quote = '"' if options.quote is None else options.quote
    try:
        header, columns, date, datetime = _sniff(connection, path, given, quote)
    except duckdb.InvalidInputException as error:
        if options.quote is not None or _TOO_LONG in str(error):
            raise
        quote = ""
        header, columns, date, datetime = _sniff(connection, path, given, quote)
        told.append("Quotes are read as letters, for they do not come in pairs.")
    if not _has_times(columns) and maybe_day_first(seen.rows):
        again = _sniff(connection, path, {**given, "timestampformat": literal(DAY_FIRST)}, quote)
        if _has_times(again[1]):
            header, columns, date, datetime = again
    found = {c["name"]: _FOUND.get(c["type"], c["type"]) for c in columns}
    names = _names(list(found), seen, header, options, told)
    _check_types(options, names)
    types = {
        name: _set_type(options.types[name], kind) if name in options.types else _type(kind, position, seen)
        for position, (name, kind) in enumerate(zip(names, found.values(), strict=True))
    }
    told += _texts_of_numbers(types, seen, header, thousands, options)
    if thousands and options.thousands is None and any(kind == "DOUBLE" for kind in types.values()):
        told.append(f'Numbers are read with "{thousands}" between thousands and "{seen.decimal}" before the fraction.')
    return Dialect(
        seen.delimiter, quote, seen.decimal, thousands, seen.encoding, header, types, date, datetime, tuple(told)
    )


def _texts_of_numbers(
    types: Mapping[str, str], seen: Look, header: bool, thousands: str, options: CsvOptions
) -> Iterator[str]:
    """Columns that are text only because of a few cells."""
    rows = seen.rows[header:]
    for position, (name, kind) in enumerate(types.items()):
        if kind != "VARCHAR" or name in options.types:
            continue
        others = in_the_way(rows, position, seen.decimal, thousands, options.null_words)
        if others:
            words = listing([f'"{word[:30]}"' for word, _ in others.most_common(3)])
            some = "" if len(others) <= 3 else " and others"
            cells = "cell" if others.total() == 1 else "cells"
            yield (
                f'"{name}" is text because of {words}{some} ({others.total()} {cells} of the first {len(rows)} rows). '
                "Where that stands for a missing value, add it to `null_words`."
            )


def _sniff(connection: duckdb.DuckDBPyConnection, path: Path, given: Mapping[str, str], quote: str) -> Any:
    quotes = {"quote": literal(quote), "escape": literal(quote)}
    return connection.execute(
        "SELECT HasHeader, Columns, DateFormat, TimestampFormat "
        f"FROM sniff_csv({literal(str(path))}, {_args({**given, **quotes})})"
    ).fetchall()[0]


def _has_times(columns: list[dict[str, str]]) -> bool:
    return any(column["type"].startswith("TIMESTAMP") for column in columns)


def _set_type(wanted: str, kind: str) -> str:
    return kind if wanted == "datetime" and kind == _ZONED else _TYPES[wanted]


def _type(kind: str, position: int, seen: Look) -> str:
    """Yes and no stay the words they are; only true and false become boolean."""
    if kind != "BOOLEAN":
        return kind
    values = {row[position].strip().lower() for row in seen.rows if position < len(row)}
    return "VARCHAR" if values & _WORDS_FOR_YES else kind


def _names(found: list[str], seen: Look, header: bool, options: CsvOptions, told: list[str]) -> list[str]:
    """The column names; what had to be changed is told."""
    if options.names:
        return [*options.names[: len(found)], *(f"column_{i}" for i in range(len(options.names) + 1, len(found) + 1))]
    if not header:
        return [f"column_{i}" for i in range(1, len(found) + 1)]
    found = ["row" if name == ROW else name for name in found]  # that name is ours
    written = [name.strip() for name in seen.rows[0]]
    changed = [f'"{w}" to "{f}"' for w, f in zip(written, found, strict=False) if w != f.strip()]
    if changed:
        told.append(f"Column names changed: {listing(changed)}.")
    return found


def _check_types(options: CsvOptions, names: list[str]) -> None:
    for name in options.types:
        if name not in names:
            raise ColumnError(
                f'Read CSV: there is no column "{name}" in the file.',
                remedy=f"{nearest(name, names)} Columns: {listing(names)}.".strip(),
                setting=f"types[{name}]",
            )


def _nulls(options: CsvOptions) -> str:
    words = options.null_words or ("\x02",)  # the engine wants one at least
    return f"[{', '.join(literal(word) for word in words)}]"


def _written(options: CsvOptions, delimiter: str, decimal: str, thousands: str, encoding: str) -> dict[str, str]:
    """How the text is written, as the engine wants it said."""
    return {
        "delim": literal(delimiter),
        "decimal_separator": literal(decimal),
        "encoding": literal(encoding),
        "nullstr": _nulls(options),
        "skip": str(options.skip),
        "max_line_size": str(options.longest_line * 1_000_000),
        "buffer_size": str(max(32_000_000, 2 * options.longest_line * 1_000_000)),
        **({"thousands": literal(thousands)} if thousands else {}),
    }


def _call(path: Path, options: CsvOptions, dialect: Dialect, more: Mapping[str, str] | None = None) -> str:
    columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in dialect.columns.items())
    given = {
        **_written(options, dialect.delimiter, dialect.decimal, dialect.thousands, dialect.encoding),
        "auto_detect": "false",
        "header": str(dialect.header).lower(),
        "columns": f"{{{columns}}}",
        "quote": literal(dialect.quote),
        "escape": literal(dialect.quote),
        **(more or {}),
    }
    if dialect.date_format:
        given["dateformat"] = literal(dialect.date_format)
    if dialect.datetime_format:
        given["timestampformat"] = literal(dialect.datetime_format)
    return f"read_csv({literal(str(path))}, {_args(given)})"


def _args(given: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in given.items())


def _select(source: str, dialect: Dialect) -> str:
    columns = ", ".join(_column(name, kind) for name, kind in dialect.columns.items())
    return f"SELECT {columns}, row_number() OVER () - 1 AS {ROW} FROM {source}"


def _column(name: str, kind: str) -> str:
    if kind == "DOUBLE":  # NaN, however it is spelt, becomes missing
        return f"nullif({quoted(name)}, 'nan'::DOUBLE) AS {quoted(name)}"
    if kind == _ZONED:  # in UTC, without the zone; read as TIMESTAMP, its offset would be lost
        return f"timezone('UTC', {quoted(name)}) AS {quoted(name)}"
    return quoted(name)


def _skipping(
    connection: duckdb.DuckDBPyConnection, path: Path, options: CsvOptions, dialect: Dialect
) -> duckdb.DuckDBPyRelation:
    """Read the whole file at once into the session: read lazily, a row would be bad or not by the columns in use."""
    number = next(_number)
    rejects = {"store_rejects": "true", "rejects_table": f"'bad_{number}'", "rejects_scan": f"'scan_{number}'"}
    source = _call(path, options, dialect, {**rejects, "rejects_limit": "0"})
    connection.execute(f"CREATE TEMP TABLE csv_{number} AS {_select(source, dialect)}")
    _report(connection, f"bad_{number}", path)
    return connection.table(f"csv_{number}")


def _report(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    query = f"SELECT line, any_value(error_message), any_value(csv_line) FROM {table} GROUP BY line ORDER BY line"
    bad = connection.execute(query).fetchall()
    if not bad:
        return
    told = [f'line {line}: {why} ("{_cut(text or "")}")' for line, why, text in bad[:_SHOWN_BAD]]
    more = f" and {len(bad) - _SHOWN_BAD} more" if len(bad) > _SHOWN_BAD else ""
    message(f"{len(bad)} rows of {path.name} cannot be read and are left out: {'; '.join(told)}{more}.", "warning")


def bad_row(text: str) -> SourceError | None:
    """The error for DuckDB's complaint about a row of a text file, with its line; None where it is about something else."""
    if "CSV Error on Line" not in text:
        return None
    if _TOO_LONG in text:
        return SourceError(
            "A line of the file is longer than `longest_line` allows, or a quote is never closed.",
            remedy='Raise it, or say with `quote` that the file has none (an empty text: "").',
            setting="longest_line",
        )
    lines = text.splitlines()
    place = lines[0].partition("CSV Error on Line:")[2].strip()
    row = next((line.partition(":")[2].strip() for line in lines if line.startswith("Original Line")), "")
    if "unicode" in text:
        return SourceError(
            f"Line {place} cannot be read: its letters are not written in the file's encoding. The line: {_cut(row)}",
            remedy='Set `encoding`; for files of older programs it is mostly "windows-1252".',
            setting="encoding",
        )
    why = next((line for line in lines[1:] if not line.startswith("Original Line")), "")
    return SourceError(
        f"Line {place} cannot be read: {why} The line: {_cut(row)}",
        remedy='Mend the file, set the type of the column to text, or set bad_rows to "skip and report".',
    )


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_TEXT else text[: _SHOWN_TEXT - 1] + "…"
