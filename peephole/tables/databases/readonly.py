"""SQL that may only read: one query, and nothing in it that writes, locks or changes settings."""

from __future__ import annotations

from typing import NoReturn

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from peephole.core.errors import FormulaError

_WRITES: tuple[type[exp.Expr], ...] = (
    *(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.Into, exp.Lock),
    *(exp.Copy, exp.Command, exp.Set, exp.Pragma, exp.Attach, exp.Detach, exp.TruncateTable),
)


def checked_query(text: str, dialect: str) -> str:
    """The query, ready to stand in parentheses.  dialect: "postgres", "sqlite" or "duckdb".

    Raises FormulaError, with the position where it is known, for what is no query, several, or one that writes.
    """
    try:
        found = [tree for tree in sqlglot.parse(text, read=dialect) if tree is not None]
    except SqlglotError as error:
        details = (getattr(error, "errors", None) or [{}])[0]
        position = _index(text, int(details.get("line") or 1), int(details.get("col") or 0))
        mark = str(details.get("highlight") or "")
        near = f' near "{mark}"' if mark else ""
        _refuse(f"The query cannot be read{near}.", "Write one SELECT.", max(position - len(mark), 0))
    if len(found) != 1:
        what = "There is no query." if not found else f"There are {len(found)} statements, and one query is run."
        _refuse(what, "Write one SELECT.")
    tree = found[0]
    if not isinstance(tree, exp.Query):
        _refuse(f"This statement is no query: {_start(text)}.", "Only reading is meant here: write one SELECT.")
    for part in tree.walk():
        if isinstance(part, _WRITES):
            word = "FOR UPDATE" if isinstance(part, exp.Lock) else part.key.upper()
            _refuse(f"The query holds {word}, which does more than read.", "Take it out; Write to database writes.")
    return text.strip().rstrip(";").strip()


def _start(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:59] + "…"


def _index(text: str, line: int, column: int) -> int:
    return sum(len(before) + 1 for before in text.split("\n")[: line - 1]) + column


def _refuse(what: str, remedy: str, position: int | None = None) -> NoReturn:
    raise FormulaError(what, remedy=remedy, setting="query", position=position)
