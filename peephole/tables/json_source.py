"""JSON files read by DuckDB: one object a line, or one list of objects."""
# ruff: noqa: S608 - names and paths go through `quoted` and `literal`

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import duckdb

from peephole.core.errors import SourceError
from peephole.core.schema import ROW
from peephole.tables.schema import literal, quoted

# What the reader may find, and what it becomes, so that every engine has such a type.
_INSTEAD = {"JSON": "VARCHAR", "UUID": "VARCHAR", '"NULL"': "VARCHAR", "UBIGINT": "VARCHAR", "HUGEINT": "VARCHAR"}
_ZONED = "TIMESTAMP WITH TIME ZONE"
_SHOWN = 120


def read(connection: duckdb.DuckDBPyConnection, path: Path, look_at: int) -> duckdb.DuckDBPyRelation:
    """The file's objects as rows with the hidden row number.  look_at: from how many objects types are found out.

    Raises SourceError for a file that is empty or holds no objects.
    """
    given = f"sample_size = {look_at}, map_inference_threshold = -1, maximum_object_size = 100000000"
    found = connection.sql(f"SELECT * FROM read_json({literal(str(path))}, {given}) LIMIT 0")
    types = dict(zip(found.columns, map(str, found.types), strict=True))
    if list(types) == ["json"]:
        raise SourceError(
            f"{path} holds no JSON objects.", remedy='Write one object a line, as: {"name": "Ada", "age": 36}.'
        )
    told = ", ".join(f"{literal(name)}: {literal(_INSTEAD.get(kind, kind))}" for name, kind in types.items())
    columns = ", ".join(_column(name, kind) for name, kind in types.items())
    shape = "array" if _first_letter(path) == "[" else "newline_delimited"
    source = f"read_json({literal(str(path))}, {given}, format = '{shape}', columns = {{{told}}})"
    return connection.sql(f"SELECT {columns}, row_number() OVER () - 1 AS {ROW} FROM {source}")


def line(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Each row as one line of JSON; what JSON cannot say (not a number, infinity) becomes null."""
    kinds = zip(relation.columns, relation.types, strict=True)
    fields = ", ".join(f"{quoted(name)} := {_finite(name, str(kind))}" for name, kind in kinds)
    return relation.project(f"CAST(to_json(struct_pack({fields})) AS VARCHAR) AS line")


def malformed(text: str) -> SourceError | None:
    """The error for DuckDB's complaint about JSON, with the line; None where it is about something else."""
    found = re.search(r'Malformed JSON in file "(.+?)"(.*)', text)
    if found is None:
        return None
    path = Path(found.group(1))
    number, why, shown = _first_bad_line(path) or (0, found.group(2).strip(" ,.") or "it is no JSON", "")
    where = f"Line {number} of {path.name}" if number else path.name
    return SourceError(f"{where} is not JSON: {why}. {shown}".strip(), remedy="Mend the file.")


def _first_bad_line(path: Path) -> tuple[int, str, str] | None:
    """Looked for here, since the engine counts lines in another way."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            try:
                json.loads(text or b"null") if text.strip() else None
            except ValueError as error:
                start = text[:_SHOWN].decode("utf-8", errors="replace").strip()
                return number, getattr(error, "msg", str(error)), f"The line: {start}"
    return None


def _first_letter(path: Path) -> str:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()[:1].decode("latin-1")


def _column(name: str, kind: str) -> str:
    if kind == _ZONED:
        return f"timezone('UTC', {quoted(name)}) AS {quoted(name)}"
    return quoted(name)


def _finite(name: str, kind: str) -> str:
    return (
        f"CASE WHEN isfinite({quoted(name)}) THEN {quoted(name)} END" if kind in ("DOUBLE", "FLOAT") else quoted(name)
    )
