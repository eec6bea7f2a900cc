"""What the nodes after a source need, compiled into the query that the database answers.

The nodes after it still do their own work, so it is enough that the database leaves out nothing that they would take:
conditions that could mean something else there (order of letters, formulas) are not passed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sqlglot
from sqlglot import exp

from peephole.core.errors import FormulaError
from peephole.core.schema import ColumnType
from peephole.core.sources import Narrowing
from peephole.tables import formula

_ORDERED = ("integer", "number", "date", "datetime")
_CASTS = {
    exp.DType.DATE: "date",
    exp.DType.TIMESTAMP: "datetime",
    exp.DType.TIMESTAMPNTZ: "datetime",
}


def compiled(
    inner: str, kinds: Mapping[str, ColumnType], narrowed: Sequence[Narrowing], dialect: str
) -> tuple[str, list[str]]:
    """The query for what is needed, and the columns it gives.

    inner: a query that gives every column, with plain types.  kinds: of its columns.  dialect: of the database.
    """
    columns = _columns(list(kinds), narrowed)
    conditions = [
        part for need in narrowed if need.where is not None for part in _conditions(need.where, kinds, dialect)
    ]
    if not conditions and columns == list(kinds):
        return inner, columns
    names = ", ".join(exp.to_identifier(name, quoted=True).sql(dialect) for name in columns)
    where = f"\nWHERE {exp.and_(*conditions).sql(dialect)}" if conditions else ""
    return f"SELECT {names}\nFROM (\n{inner}\n) AS needed{where}", columns


def _columns(names: list[str], narrowed: Sequence[Narrowing]) -> list[str]:
    """The columns that are kept, and those that conditions before the keeping look at."""
    needed = set(names)
    for need in narrowed:
        if need.columns:
            needed = set(need.columns) & set(names)
        needed -= set(need.dropped)
    used = {name for need in narrowed for name in _used(need.where, names)}
    chosen = [name for name in names if name in needed | used]
    return chosen or names


def _used(where: str | None, names: Sequence[str]) -> Sequence[str]:
    if where is None:
        return ()
    try:
        return formula.parse(where, dict.fromkeys(names, "unknown")).columns
    except FormulaError:  # the node that holds it tells
        return names


def _conditions(where: str, kinds: Mapping[str, ColumnType], dialect: str) -> Iterator[exp.Expr]:
    """Those of the parts joined by AND that mean the same in the database."""
    try:
        tree = sqlglot.parse_one(formula.parse(where, kinds).sql, read="duckdb")
    except FormulaError:
        return
    parts = list(tree.flatten()) if isinstance(tree, exp.And) else [tree]
    for part in parts:
        if _same_there(part, kinds, dialect):
            yield exp.Paren(this=part.copy()) if isinstance(part, exp.Or) else part.copy()


def _same_there(part: exp.Expr, kinds: Mapping[str, ColumnType], dialect: str) -> bool:
    match part:
        case exp.Paren() | exp.Not():
            return _same_there(part.this, kinds, dialect)
        case exp.And() | exp.Or():
            return all(_same_there(side, kinds, dialect) for side in (part.left, part.right))
        case exp.Is():
            same = isinstance(part.this, exp.Column) and isinstance(part.expression, exp.Null)
        case exp.Column():
            same = kinds.get(part.name) == "boolean" and dialect != "sqlite"
        case exp.EQ() | exp.NEQ():
            same = _comparable([part.left, part.right], kinds, ordered=False)
        case exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
            same = _comparable([part.left, part.right], kinds, ordered=True)
        case exp.Between():
            same = _comparable([part.this, part.args["low"], part.args["high"]], kinds, ordered=True)
        case exp.In():
            same = bool(part.expressions) and _comparable([part.this, *part.expressions], kinds, ordered=False)
        case _:
            same = False
    return same


def _comparable(parts: Sequence[exp.Expr], kinds: Mapping[str, ColumnType], *, ordered: bool) -> bool:
    """Whether all are columns and constants of one kind, which has an order that is the same everywhere."""
    found = {_kind(part, kinds) for part in parts}
    wanted = _ORDERED if ordered else (*_ORDERED, "text")
    if found == {"integer", "number"}:
        return True
    return len(found) == 1 and found <= set(wanted)


def _kind(part: exp.Expr, kinds: Mapping[str, ColumnType]) -> str:
    if isinstance(part, exp.Paren | exp.Neg):
        return _kind(part.this, kinds)
    if isinstance(part, exp.Column):
        return kinds.get(part.name, "unknown") if len(part.parts) == 1 else "unknown"
    if isinstance(part, exp.Literal):
        return "text" if part.is_string else "integer" if part.is_int else "number"
    if isinstance(part, exp.Cast) and isinstance(part.this, exp.Literal) and part.this.is_string:
        return _CASTS.get(part.to.this, "unknown")
    return "unknown"
