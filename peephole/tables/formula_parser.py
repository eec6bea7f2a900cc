"""Checks formulas and writes them out as SQL.

A formula is parsed, every part of it is looked at, and only then is it written out again as SQL, names quoted: what
is not on the list of parts below cannot reach an engine. Division by zero becomes missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NoReturn, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from peephole.core.errors import FormulaError, listing, nearest
from peephole.core.schema import ColumnType, visible
from peephole.tables.formula import Expression
from peephole.tables.formula_words import ALLOWED, INSTEAD, KEYWORDS

# Everything that is not a function and may stand in a formula.
_PARTS: tuple[type[exp.Expr], ...] = (
    *(exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Neg, exp.Var),
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe),
    *(exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseNot, exp.BitwiseLeftShift, exp.BitwiseRightShift),
    *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ),
    *(exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Like, exp.ILike, exp.SimilarTo, exp.Glob, exp.Escape),
    *(exp.DataType, exp.DataTypeParam, exp.Interval, exp.IntervalSpan, exp.Bracket, exp.Slice, exp.Dot, exp.Tuple),
    *(exp.PropertyEQ, exp.ColumnDef),
)
_CONDITIONS = (exp.Predicate, exp.Not, exp.And, exp.Or, exp.Boolean)
_CLOCKS = ("Current", "Local", "Session")
_NAMES = (TokenType.VAR, TokenType.IDENTIFIER)


def parse(text: str, schema: Mapping[str, ColumnType], *, setting: str | None = None) -> Expression:
    """Check a formula against a table's columns.

    setting: path of the setting it was written in, for the error.
    Raises FormulaError, with the position where it is known, for what is wrong, not allowed, or no column.
    """
    try:
        return _parse(text, tuple(schema.items()))
    except FormulaError as error:
        error.setting = setting
        raise


@lru_cache(maxsize=512)
def _parse(text: str, schema: tuple[tuple[str, ColumnType], ...]) -> Expression:
    names = visible([name for name, _ in schema])
    _check_functions(text)
    tree = _tree(text)
    for part in tree.walk():
        _check_part(part)
    used = [_resolve(column, names) for column in tree.find_all(exp.Column)]
    tree = tree.transform(_safe_division)
    sql = tree.sql("duckdb", identify=True, comments=False)
    return Expression(text, sql, tuple(dict.fromkeys(used)), isinstance(tree.unnest(), _CONDITIONS))


def _tree(text: str) -> exp.Expr:
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except SqlglotError as error:
        details = getattr(error, "errors", None) or [{}]
        mark = str(details[0].get("highlight") or "")
        position = _index(text, int(details[0].get("line") or 1), int(details[0].get("col") or 0)) - len(mark)
        _wrong(f'near "{mark}"' if mark else "it is not complete", position=max(position, 0))
    if isinstance(tree, exp.Command | exp.Block):
        _wrong("it is a statement, not an expression")
    if isinstance(tree, exp.Alias):
        _wrong(f'near "{tree.alias}"', position=max(text.rfind(tree.alias), 0))
    return tree


def _check_functions(text: str) -> None:
    """Every word before a parenthesis is a function on the list, however the parser understands it."""
    try:
        tokens = sqlglot.tokenize(text, read="duckdb")
    except SqlglotError as error:
        _wrong(str(error).splitlines()[0])
    if not tokens:
        _wrong("it is empty")
    for token, after in pairwise(tokens):
        word = token.text.lower()
        if after.token_type is not TokenType.L_PAREN or not (word[:1].isalpha() or word[:1] == "_"):
            continue
        quoted = token.token_type is TokenType.IDENTIFIER
        if token.token_type is TokenType.STRING or (not quoted and (word in ALLOWED or word in KEYWORDS)):
            continue
        raise _no_function(token)


def _no_function(token: Token) -> FormulaError:
    word = token.text.lower()
    remedy = INSTEAD.get(word) or f"{nearest(word, ALLOWED)} The page docs/formulas.md lists all functions.".strip()
    return FormulaError(f'A formula cannot use "{token.text}(...)".', remedy=remedy, position=token.start)


def _check_part(part: exp.Expr) -> None:
    if isinstance(part, exp.Query | exp.Subquery | exp.Exists) or part.args.get("query") is not None:
        _wrong("a query inside is not allowed", remedy="Use a Join or Group by node.")
    if isinstance(part, exp.Window | exp.AggFunc):
        _wrong("it works on one row at a time", remedy="Use a Group by node for totals.")
    if isinstance(part, exp.Func) and type(part).__name__.startswith(_CLOCKS):
        _wrong("the clock and the user's name are not allowed", remedy="Runs could not be repeated.")
    if not isinstance(part, (*_PARTS, exp.Func)) or isinstance(part, exp.Star | exp.Columns | exp.Lambda | exp.Collate):
        _wrong(f'"{part.sql("duckdb")}" is not allowed in it')


def _resolve(column: exp.Column, names: list[str]) -> str:
    """The column's exact name, put into the tree; a first part before a dot is a column too (a field of a struct)."""
    root = cast(exp.Identifier, column.parts[0])
    written = root.name
    if written not in names:
        same = [name for name in names if not root.quoted and name.casefold() == written.casefold()]
        if len(same) != 1:
            raise FormulaError(
                f'There is no column "{written}".',
                remedy=f"{nearest(written, names)} Columns: {listing(names)}. Text stands in 'single quotes'.".strip(),
                position=root.meta.get("start"),
            )
        written = same[0]
    root.set("this", written)
    return written


def _safe_division(part: exp.Expr) -> exp.Expr:
    if not isinstance(part, exp.Div | exp.IntDiv | exp.Mod):
        return part
    divisor = part.expression
    if isinstance(divisor, exp.Literal) and not divisor.is_string and float(divisor.name) != 0:
        return part
    part.set("expression", exp.Nullif(this=divisor.copy(), expression=exp.Literal.number(0)))
    return part


def _index(text: str, line: int, column: int) -> int:
    return sum(len(before) + 1 for before in text.split("\n")[: line - 1]) + column


def _wrong(why: str, *, remedy: str = "", position: int | None = None) -> NoReturn:
    raise FormulaError(
        f"The formula cannot be used: {why}.",
        remedy=remedy or "Write one SQL expression, as: dep_delay > 15 AND origin = 'JFK'.",
        position=position,
    )
