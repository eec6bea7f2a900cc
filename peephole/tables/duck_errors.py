"""DuckDB's errors in the words of `core.errors`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from peephole.core.errors import Cancelled, DataError, PeepholeError, SourceError, StoreError
from peephole.tables.csv_source import bad_row
from peephole.tables.json_source import malformed


@contextmanager
def explained(path: Path | None = None, *, reading: bool = False) -> Iterator[None]:
    """Within this block, DuckDB's errors become ours.

    path: the file that is read or written.  reading: only a file is opened here, so whatever is wrong is wrong with it.
    """
    try:
        yield
    except duckdb.InterruptException:
        raise Cancelled from None
    except duckdb.InvalidInputException as error:
        if reading:
            raise unreadable(path, plain_text(str(error))) from error
        raise explain(error, path) from error
    except duckdb.Error as error:
        raise explain(error, path) from error


def explain(error: duckdb.Error, path: Path | None = None) -> PeepholeError:
    """Our error for DuckDB's, with the offending value where the message has one."""
    row = bad_row(str(error))
    if row is not None:
        return row
    objects = malformed(str(error))
    if objects is not None:
        return objects
    text = plain_text(str(error))
    if "No space left" in text:
        return StoreError("The disk is full.", remedy="Free some space, or clear the store: peephole store clear.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return DataError(f"More memory is needed than may be used: {text}", remedy="Raise the memory limit.")
    damaged = text.startswith("Failed to read file")  # which one stands there; `path` may be one that is written
    if damaged or isinstance(error, duckdb.IOException | duckdb.PermissionException):
        return unreadable(None if damaged else path, text)
    other_dates = text.startswith(("invalid date field format", "invalid timestamp field format"))
    return DataError(text, remedy=_OTHER_DATES if other_dates else _remedies.get(type(error), ""))


_OTHER_DATES = (
    "Say with Cast's setting `format` how dates are written, as %d.%m.%Y; or let values that do not fit become missing."
)


_remedies: dict[type[duckdb.Error], str] = {
    duckdb.ConversionException: "Cast with the policy that makes such values missing, or filter these rows out.",
    duckdb.OutOfRangeException: "Cast the column to a wider type first.",
}


def unreadable(path: Path | None, text: str) -> SourceError:
    """What is wrong with a file that is opened."""
    what = text if path is None and "file" in text else f"{path or 'A file'} cannot be read or written: {text}"
    return SourceError(what, remedy="See whether it is whole.")


def plain_text(text: str) -> str:
    """The message without DuckDB's prefix, the query it quotes and the long list of what else there is."""
    first = re.split(r"\n\s*\n?LINE \d+:|\n\s*Candidate|\n\n", text)[0]
    plain = re.sub(r"^[\w ]+ Error: ", "", first).strip()
    plain = re.sub(r"\n[^\n]*\n *\^ *\n(Error: )?", ": ", plain)  # a value, and a mark below what is wrong in it
    return re.sub(
        r"No function matches the given name and argument types '(.+?)\((.*)\)'.*", _no_function, plain, flags=re.S
    )


_WORDS = {"VARCHAR": "text", "INTEGER_LITERAL": "integer", "DOUBLE": "number", "DECIMAL": "number", "BOOLEAN": "boolean",
          "DATE": "date", "TIMESTAMP": "datetime", "TIME": "time", "BIGINT": "integer", "INTEGER": "integer"}  # fmt: skip


def _no_function(found: re.Match[str]) -> str:
    """DuckDB's types in the words that stand on columns."""
    kinds = [re.sub(r"\(.*", "", kind) for kind in re.split(r", (?![^(]*\))", found[2])]
    return f'"{found[1]}" cannot be used with {" and ".join(_WORDS.get(kind, kind.lower()) for kind in kinds)}'
