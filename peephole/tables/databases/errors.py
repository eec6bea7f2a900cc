"""Drivers' errors in the words of `core.errors`, passwords taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from peephole.core.errors import MissingLibraryError, PeepholeError, SourceError
from peephole.tables.databases.address import Address
from peephole.tables.databases.passwords import scrubbed

_REMEDIES = {
    r"password|authentication": "See whether the user and the password are right: `password` names an environment "
    "variable or an entry of your password file.",
    r"could not translate host|Name or service": "See whether the name of the server is right, and the network there.",
    r"refused|timeout|timed out|unreachable": "See whether the server runs, and whether it can be reached from here.",
    r"closed the connection|terminating connection|connection to server was lost|SSL SYSCALL|no connection to the server": (
        "The server has ended the connection: run again."
    ),
    r"not.null constraint": "The table takes no missing value there: fill it with Missing values or leave out these rows first, "
    'or set if_exists to "replace".',
    r"(unique|primary key) constraint|duplicate key": "The table takes each of these values once: leave out the rows that it has "
    'already, or set if_exists to "replace".',
    r"incorrect binary data": "That column of the table has another type: make it bigint, double precision or text, "
    'or set if_exists to "replace".',
    r"constraint": "The rows break a rule of the table: leave out those that do, or write into another table.",
    r"lock|in use|different configuration": "Another program or node has the file open: end that first.",
    r"Type mismatch": "A column holds values of several kinds: write a query that casts it, as: CAST(x AS TEXT).",
    r"not authorized": "Only reading is meant here: take out what loads, attaches or changes something.",
    r"no such (column|table)|does not exist|not found": "See how tables and columns are called there.",
    r"read-only|readonly": "Only reading is meant here; Write to database writes.",
}


@contextmanager
def told(address: Address, password: str | None = None, doing: str = "", *, otherwise: str = "") -> Iterator[None]:
    """Within this block, what a driver raises becomes a SourceError without the password.

    doing: what was being done, where that helps, as: "after 1000 rows".  otherwise: the remedy where none is known.
    """
    try:
        yield
    except PeepholeError:
        raise
    except Exception as error:
        if not _from_driver(error):
            raise
        text = scrubbed(_plain(str(error)), password)
        remedy = next((r for words, r in _REMEDIES.items() if re.search(words, text, re.IGNORECASE)), otherwise)
        where = f"The database {address.shown}{f', {doing}' if doing else ''}"
        raise SourceError(f"{where}: {text.rstrip('.')}.", remedy=remedy) from None  # the cause may hold the password


def need_driver(address: Address) -> None:
    """Raise MissingLibraryError where the driver for the database is not installed."""
    from importlib.util import find_spec

    package = f"adbc_driver_{address.kind}"
    if address.kind != "duckdb" and find_spec(package) is None:
        raise MissingLibraryError(
            f"The driver for {address.kind} is not installed.", remedy="Install it: pip install 'peephole[databases]'."
        )


def _from_driver(error: Exception) -> bool:
    module = type(error).__module__
    return module.startswith(("adbc_driver", "pyarrow")) or isinstance(error, duckdb.Error | OSError)


def _plain(text: str) -> str:
    """The message itself, without the driver's name, the query it quotes and the codes behind."""
    behind = r"\n+\s*LINE \d+:|\n+[Qq]uery was:|\. SQLSTATE|\nSQLSTATE|\n\n|\s+query: SELECT \* FROM \("
    text = re.split(behind, text)[0]
    found = re.search(r"(?:ERROR|FATAL|PANIC):\s+(.*)", text, re.DOTALL) or re.search(
        r"(?:(?<!constraint )failed:|failed to execute:|query:|\]) +([^\[].*)", text, re.DOTALL
    )
    return " ".join((found.group(1) if found else re.sub(r"^[\w ]+ Error: ", "", text)).split())
