from __future__ import annotations

import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot.tokens import TokenType

from peephole.core.errors import FormulaError
from peephole.tables import native
from peephole.tables.formula import parse
from peephole.tables.formula_words import ALLOWED, FUNCTIONS
from peephole.tables.session import open_session

SCHEMA = {"a": "integer", "b": "number", "t": "text", "Odd name": "integer", "s": "struct", "__row__": "integer"}

FORBIDDEN = [
    "read_csv('/etc/passwd')",
    "(SELECT 1)",
    "a IN (SELECT a FROM x)",
    "a IN (FROM x)",
    "(FROM read_text('/etc/passwd'))",
    "EXISTS (SELECT 1)",
    "a = ANY (SELECT 1)",
    "read_text('/etc/passwd')",
    "glob('*')",
    "\"read_csv\"('x')",
    "t.read_text()",
    "read_blob(t)",
    "getvariable('x')",
    "current_setting('temp_directory')",
    "query('SELECT 1')",
    "query_table('x')",
    "a; DROP TABLE x",
    "a); DROP TABLE x; --",
    "sum(a)",
    "sum(a) OVER ()",
    "row_number() OVER ()",
    "list_transform([1], x -> x + 1)",
    "[x FOR x IN [1, 2]]",
    "COLUMNS(*)",
    "*",
    "$1",
    "?",
    "random()",
    "now()",
    "current_date",
    "current_user",
    "__row__",
    "a AS b",
    "a, b",
    "",
    "-- nothing",
    "ATTACH 'x'",
    "COPY x TO 'y'",
    "nextval('s')",
    "unnest([1])",
    "pragma_version()",
    "a::INT COLLATE de",
    "#1",
    "'unended",
    "((a)",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_what_is_not_on_the_list_is_refused(text):
    with pytest.raises(FormulaError):
        parse(text, SCHEMA)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("a / b", '"a" / NULLIF("b", 0)'),
        ("a / 2", '"a" / 2'),
        ("a % 0", '"a" % NULLIF(0, 0)'),
        ('A + "Odd name"', '"a" + "Odd name"'),
        ("a > 1 /* why */", '"a" > 1'),
        ("s.f", '"s"."f"'),
    ],
)
def test_is_written_out_again(text, sql):
    assert parse(text, SCHEMA).sql == sql


@pytest.mark.parametrize(
    ("text", "position", "hint"),
    [
        ("a + tt", 4, 'Did you mean "t"'),
        ("a and", 2, ""),
        ("a + uper(t)", 4, 'Did you mean "upper"'),
        ("a + sum(b)", 4, "Group by"),
        ("a\n  + c", 6, "Columns: a, b, t, Odd name, s."),
        ('t = "word"', 4, "'single quotes'"),
    ],
)
def test_says_where_and_what_helps(text, position, hint):
    with pytest.raises(FormulaError) as caught:
        parse(text, SCHEMA, setting="where")
    assert caught.value.position == position
    assert hint in str(caught.value)
    assert caught.value.setting == "where"


def test_every_listed_function_is_known_to_the_engine():
    session = open_session()
    known = {r[0] for r in session._sql("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()}
    syntax = {
        "case",
        "cast",
        "try_cast",
        "coalesce",
        "if",
        "iff",
        "ifnull",
        "nullif",
        "extract",
        "try",
        "nvl",
        "position",
        "row",
    }
    missing = {name for name in ALLOWED - syntax if name not in known and not _runs(session, name)}
    session.close()
    assert missing == set()
    assert len(ALLOWED) == sum(len(names) for names in FUNCTIONS.values())


def _runs(session, name):
    """Some names are turned into another one when the formula is written out."""
    try:
        tree = sqlglot.parse_one(f"{name}('x')", read="duckdb").sql("duckdb")
    except sqlglot.ParseError:
        return False
    return tree.split("(")[0].lower() != name


PIECES = """a b t + - * / ( ) 1 'x' , SELECT FROM read_text IN AND CASE ; :: INT [ ] . upper -- /* */ -> " '"""
WORDS = st.sampled_from(PIECES.split())


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_any_string_of_words_is_refused_or_harmless(text):
    """What passes is one expression: no query, no file function, nothing after it."""
    try:
        found = parse(text, SCHEMA)
    except FormulaError:
        return
    tree = sqlglot.parse_one(found.sql, read="duckdb")
    assert not list(tree.find_all(sqlglot.exp.Query, sqlglot.exp.Table, sqlglot.exp.Command))
    assert "read_text" not in found.sql.replace("'x'", "").lower() or "read_text(" not in found.sql.lower()
    assert all(token.token_type != TokenType.SEMICOLON for token in sqlglot.tokenize(found.sql, "duckdb"))


def test_the_connection_would_refuse_too(tmp_path):
    """Were a formula to get past the checks, it would still read nothing."""
    session = open_session("duckdb", read=[tmp_path])
    frame = session.from_arrow(pa.table({"a": [1]}))
    with pytest.raises(Exception, match=r"disabled by configuration|Permission"):
        session.first_rows(native.with_columns(frame, {"x": "(SELECT content FROM read_text('/etc/hostname'))"}), 1)
    session.close()
