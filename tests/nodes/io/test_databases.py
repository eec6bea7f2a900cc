"""Tables and queries from DuckDB and SQLite files and a real PostgreSQL server, and tables written back."""

from __future__ import annotations

import datetime
import os
import sqlite3
import threading
import time
from contextlib import closing
from urllib.parse import quote

import duckdb
import narwhals as nw
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres_server import PASSWORD_NAME, running_server

from peephole.core.errors import DataError, FormulaError, SettingError, SourceError
from peephole.core.node import arguments
from peephole.core.sources import Asked, Narrowing, asking
from peephole.nodes.io.database import sql_query, sql_table, write_database
from peephole.nodes.rows.filter_rows import filter_rows

ROWS = [
    {"i": 1, "x": 1.5, "s": "a", "n b": "é 😀"},
    {"i": 2, "x": None, "s": "it's", "n b": None},
    {"i": None, "x": -2.0, "s": None, "n b": '"q"'},
]
CREATE = 'CREATE TABLE t (i {int}, x {real}, s {text}, "n b" {text})'
WORDS = {
    "duckdb": {"int": "BIGINT", "real": "DOUBLE", "text": "VARCHAR"},
    "sqlite": {"int": "INTEGER", "real": "REAL", "text": "TEXT"},
    "postgresql": {"int": "bigint", "real": "double precision", "text": "text"},
}


@pytest.fixture(scope="module")
def server():
    with running_server() as server:
        yield server


@pytest.fixture
def shop(server, monkeypatch):
    """The server with an empty schema."""
    monkeypatch.setenv(PASSWORD_NAME, server.password)
    server.run("DROP SCHEMA IF EXISTS public CASCADE", "CREATE SCHEMA public")
    return server


class Place:
    """One database of each kind.  settings: what the nodes need to reach it."""

    def __init__(self, kind, where, run):
        self.kind, self.run = kind, run
        self.settings = {"database": where} | ({"password": PASSWORD_NAME} if kind == "postgresql" else {})

    def fill(self):
        self.run(CREATE.format(**WORDS[self.kind]))
        self.run("INSERT INTO t VALUES (1, 1.5, 'a', 'é 😀'), (2, NULL, 'it''s', NULL), (NULL, -2.0, NULL, '\"q\"')")
        return self


def place_of(kind, tmp_path, request):
    if kind == "postgresql":
        shop = request.getfixturevalue("shop")
        return Place(kind, shop.url, shop.run)
    path = tmp_path / f"shop.{'db' if kind == 'sqlite' else kind}"

    def run(statement):
        connection = sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path))
        found = connection.execute(statement).fetchall()
        connection.commit()
        connection.close()
        return found

    return Place(kind, path.name, run)


@pytest.fixture(params=["duckdb", "sqlite", "postgresql"])
def place(request, tmp_path):
    return place_of(request.param, tmp_path, request)


@pytest.fixture
def rows(session):
    def rows(node, *frames, **given):
        frame = node.spec.function(*frames, **arguments(node.spec.validate(given)))
        return session.first_rows(frame, 1_000_000).to_pylist()

    return rows


# -- reading ------------------------------------------------------------------------------------------------------------


def test_a_table_and_a_query(rows, place):
    place.fill()
    assert rows(sql_table, table="t", **place.settings) == ROWS
    assert rows(sql_table, table="T", **place.settings) == ROWS
    query = "SELECT s, i + 1 AS j FROM t WHERE i IS NOT NULL ORDER BY i DESC; -- the last first"
    assert rows(sql_query, query=query.replace("; --", " --"), **place.settings) == [
        {"s": "it's", "j": 3},
        {"s": "a", "j": 2},
    ]
    with_common = "WITH big AS (SELECT * FROM t WHERE i > 1) SELECT count(*) AS n FROM big;"
    assert rows(sql_query, query=with_common, **place.settings) == [{"n": 1}]


def test_an_empty_table_has_its_columns(session, place):
    place.run(CREATE.format(**WORDS[place.kind]))
    frame = sql_table.spec.function(**arguments(sql_table.spec.validate({"table": "t", **place.settings})))
    schema = frame.collect_schema()
    assert [schema[n] for n in ("i", "x", "s")] == [nw.Int64, nw.Float64, nw.String]
    assert session.row_count(frame) == 0


def test_only_columns_are_asked_for_when_looking(session, place):
    place.fill()
    checked = arguments(sql_table.spec.validate({"table": "t", **place.settings}))
    with asking(Asked(only_columns=True)):
        frame = sql_table.spec.function(**checked)
    assert frame.collect_schema().names() == ["i", "x", "s", "n b", "__row__"]
    assert session.row_count(frame) == 0


def test_a_table_that_is_not_there(rows, place):
    place.fill()
    place.run("CREATE TABLE orders (a INTEGER)")
    with pytest.raises(SourceError, match=r'no table "ordres". Did you mean "orders"\? Tables: orders, t'):
        rows(sql_table, table="ordres", **place.settings)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM t",
        "INSERT INTO t VALUES (9, 9, '', '')",
        "DROP TABLE t",
        "SELECT 1; DELETE FROM t",
        "CREATE TABLE u AS SELECT * FROM t",
        "UPDATE t SET i = 0",
        "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
        "SELECT * INTO u FROM t",
        "SELECT * FROM t FOR UPDATE",
        "VACUUM",
        "PRAGMA writable_schema = 1",
        "SET x = 1",
        "ATTACH 'other.db' AS other",
        "COPY t TO 'x'",
        "",
        "  -- nothing",
    ],
)
def test_what_writes_is_refused(rows, place, query):
    place.fill()
    with pytest.raises((FormulaError, SettingError)) as caught:
        rows(sql_query, query=query, **place.settings)
    assert caught.value.setting == "query"
    assert caught.value.remedy
    assert len(place.run("SELECT * FROM t")) == 3


def test_a_query_with_an_error_says_where(rows, place):
    place.fill()
    with pytest.raises(FormulaError, match=r'near "FROM"') as caught:
        rows(sql_query, query="SELECT i +\nFROM t", **place.settings)
    assert caught.value.position == 11
    with pytest.raises(SourceError, match="nope"):
        rows(sql_query, query="SELECT nope FROM t", **place.settings)


def test_the_connection_itself_can_only_read(place, tmp_path):
    """Should a query get past the check, the database refuses it."""
    from peephole.tables.databases.address import parse
    from peephole.tables.databases.reading import opened

    place.fill()
    address = parse(place.settings["database"], tmp_path)
    with opened(address, os.environ.get(PASSWORD_NAME)) as database:
        driver = getattr(database, "_cursor", database._connection)
        with pytest.raises(Exception, match=r"read-?only"):
            driver.execute("DELETE FROM t")
    assert len(place.run("SELECT * FROM t")) == 3


# -- what the nodes after it need -------------------------------------------------------------------------------------------

NEEDS = (Narrowing(where="i > 0 AND s = 'a' AND upper(s) = 'A'"), Narrowing(columns=("n b",)))


def test_needs_are_compiled_into_the_query_and_shown(session, place, listening):
    place.fill()
    checked = arguments(sql_table.spec.validate({"table": "t", **place.settings}))
    with asking(Asked(narrowed=NEEDS)):
        frame = sql_table.spec.function(**checked)
    assert session.first_rows(frame, 9).to_pylist() == [{"i": 1, "s": "a", "n b": "é 😀"}]
    (told,) = listening.messages
    assert 'SELECT "i", "s", "n b"' in told
    assert 'WHERE "i" > 0 AND "s" = \'a\'' in told
    assert "upper" not in told


CONDITIONS = st.recursive(
    st.sampled_from(
        [
            "i > 1", "i <> 2", "x >= -0.5", "x = 1.5", "NOT x > 0", "s = 'a'", "s <> 'A'", "s < 'b'", "s IN ('a', 'B')",
            "s NOT IN ('a')", "i IS NULL", "x IS NOT NULL", "i BETWEEN 1 AND 3", "i = x", "i / 2 > 1", "length(s) > 1",
            "s LIKE 'A%'", "x IN (1, 2.5)", "NOT (i = 1 OR s = 'a')", "i = 2.0", "1 < i", "x < i",
        ]
    ),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR"]), inner) | inner.map("NOT {}".format),
    max_leaves=4,
)  # fmt: skip


@pytest.mark.parametrize("kind", ["duckdb", "sqlite", "postgresql"])
def test_rows_are_the_same_whether_the_database_filters_or_not(kind, tmp_path, request, monkeypatch):
    from peephole.tables.session import open_session, use_session

    place = place_of(kind, tmp_path, request)
    place.run(CREATE.format(**WORDS[kind]))
    values = [
        f"({i}, {x}, {s}, NULL)"
        for i in ("NULL", "1", "2", "3")
        for x in ("NULL", "-1.0", "1.5", "2.5", "2.0")
        for s in ("NULL", "''", "'a'", "'A'", "'B'", "'ab'")
    ]
    place.run(f"INSERT INTO t VALUES {', '.join(values)}")
    checked = arguments(sql_table.spec.validate({"table": "t", **place.settings}))
    with closing(open_session(read=[tmp_path])) as session:
        session.folder = tmp_path
        with use_session(session):
            whole = sql_table.spec.function(**checked)

            @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
            @given(CONDITIONS)
            def same(where):
                with asking(Asked(narrowed=(Narrowing(where=where),))):
                    narrowed = sql_table.spec.function(**checked)
                answers = [
                    sorted(map(repr, session.first_rows(filter_rows.spec.function(t, where=where), 999).to_pylist()))
                    for t in (whole, narrowed)
                ]
                assert answers[0] == answers[1]

            same()


def test_a_workflow_asks_the_database_for_less(tmp_path, request):
    from engine_flows import go_here
    from engine_flows import rows as stored

    from peephole.engine.store import Store
    from peephole.workflow.document import Document

    place = place_of("sqlite", tmp_path, request).fill()
    nodes = {
        "t": {"type": "sql_table", "settings": {"table": "t", **place.settings}},
        "f": {"type": "filter_rows", "settings": {"where": "i >= 1"}},
        "s": {"type": "select", "settings": {"columns": ["s"]}},
    }
    document = Document.model_validate({"nodes": nodes, "wires": ["t.table -> f.table", "f.table -> s.table"]})
    result, _ = go_here(document, Store(tmp_path / "store"), path=tmp_path / "d.peep.json")
    assert result.status == "done", result.problems
    assert [row[0] for row in stored(result, "s")] == ["a", "it's"]
    assert 'WHERE "i" >= 1' in result.nodes["t"].messages[0].replace("\n", " ")
    assert "secret" not in str(result)


# -- kinds of values ----------------------------------------------------------------------------------------------------------


def test_what_a_column_of_sqlite_holds_is_looked_up_in_all_rows(rows, tmp_path, request, listening):
    place = place_of("sqlite", tmp_path, request)
    place.run("CREATE TABLE m (late TEXT, mixed, whole, bytes BLOB)")
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        values = [(None, n, n, b"\x00") for n in range(5000)] + [("late", "x", 0.5, None)]
        connection.executemany("INSERT INTO m VALUES (?, ?, ?, ?)", values)
    connection.close()
    got = rows(sql_table, table="m", **place.settings)
    assert got[-1] == {"late": "late", "mixed": "x", "whole": 0.5, "bytes": None}
    assert got[0] == {"late": None, "mixed": "0", "whole": 0.0, "bytes": b"\x00"}
    assert listening.messages == ['The column "mixed" holds numbers and text; it is read as text.']


def test_types_of_postgresql(rows, shop):
    query = """SELECT 1.25::numeric(9,2) AS n, 'NaN'::float8 AS nan, 'NaN'::numeric AS nn, 'infinity'::date AS inf,
        timestamptz '2020-01-01 10:00+02' AS z, uuid '3f2504e0-4f89-11d3-9a0c-0305e82c3301' AS u, '{"a": 1}'::jsonb AS j,
        interval '1 day' AS iv, ARRAY[1, 2] AS l, 12.5::money AS m, true AS b, 'x'::bytea AS by, inet '1.2.3.4' AS ip"""
    assert rows(sql_query, database=shop.url, password=PASSWORD_NAME, query=query) == [
        {
            "n": 1.25, "nan": None, "nn": None, "inf": None, "z": datetime.datetime(2020, 1, 1, 8),
            "u": "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "j": '{"a": 1}', "iv": "1 day", "l": [1, 2], "m": 12.5,
            "b": True, "by": b"x", "ip": "1.2.3.4/32",
        }
    ]  # fmt: skip


def test_other_schemas_of_postgresql(rows, shop):
    shop.run("DROP SCHEMA IF EXISTS sales CASCADE", "CREATE SCHEMA sales", 'CREATE TABLE sales."T" AS SELECT 7 AS a')
    assert rows(sql_table, database=shop.url, password=PASSWORD_NAME, table="sales.T") == [{"a": 7}]


def test_types_of_duckdb(rows, tmp_path, request):
    place = place_of("duckdb", tmp_path, request)
    query = """SELECT 1.25::DECIMAL(9,2) AS n, 'NaN'::DOUBLE AS nan, timestamptz '2020-01-01 10:00+02' AS z, 5::HUGEINT AS h,
        'a'::ENUM('a', 'b') AS e, INTERVAL 1 DAY AS iv, [1] AS l, {'a': 1} AS s, time '10:00' AS t"""
    place.run("CREATE TABLE nothing (a INTEGER)")
    assert rows(sql_query, query=query, **place.settings) == [
        {
            "n": 1.25, "nan": None, "z": datetime.datetime(2020, 1, 1, 8), "h": 5.0, "e": "a", "iv": "1 day", "l": [1],
            "s": {"a": 1}, "t": datetime.time(10),
        }
    ]  # fmt: skip
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(SourceError, match="Cannot access file"):
        rows(sql_query, query=f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')", **place.settings)


# -- passwords and failures ---------------------------------------------------------------------------------------------------


def failing(rows, **given):
    with pytest.raises((SourceError, SettingError)) as caught:
        rows(sql_query, query="SELECT 1 AS a", **given)
    return caught


@pytest.mark.parametrize("secret", ["wrong", "p@ss/w:rd %41 ü'", "hunter2"])
def test_a_wrong_password_is_never_shown(rows, shop, monkeypatch, secret):
    monkeypatch.setenv("PEEPHOLE_WRONG", secret)
    caught = failing(rows, database=shop.url, password="PEEPHOLE_WRONG")
    assert "password authentication failed" in str(caught.value)
    assert "environment variable" in caught.value.remedy
    for text in (str(caught.value), repr(caught.getrepr()), str(caught.value.__cause__)):
        assert secret not in text.replace("wrong password", "")
        assert quote(secret, safe="") not in text or secret == "wrong"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"database": "postgresql://ada:hunter2@127.0.0.1/x"}, "holds a password"),
        ({"database": "postgresql://127.0.0.1/x?password=hunter2"}, "holds a password"),
        ({"database": "postgresql://ada:hunter2@127.0.0.1:port/x"}, "cannot be read|holds a password"),
        ({"database": "postgresql://127.0.0.1/x", "password": "hunter2"}, "no password under the name"),
        ({"database": "postgresql://127.0.0.1/x", "password": "hunter2 with blanks"}, "something that is no name"),
        ({"database": "postgresql://127.0.0.1/x?options=-cfoo"}, "may not set options"),
        ({"database": "mysql://127.0.0.1/x"}, "kind mysql cannot be reached"),
    ],
)
def test_a_password_in_the_wrong_place_is_refused_and_not_shown(rows, given, message):
    caught = failing(rows, **given)
    caught.match(message)
    assert "hunter2" not in str(caught.value)
    assert caught.value.setting in ("database", "password")


def test_no_other_variable_of_the_environment_is_ever_sent(rows, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    caught = failing(rows, database="postgresql://ada@127.0.0.1:1/x", password="AWS_SECRET_ACCESS_KEY")
    assert "begins with PEEPHOLE_" in caught.value.remedy


def test_a_password_from_the_users_own_file(rows, shop, tmp_path, monkeypatch):
    file = tmp_path / "passwords.toml"
    file.write_text(f'shop = "{shop.password}"\n')
    monkeypatch.setenv("PEEPHOLE_PASSWORDS", str(file))
    file.chmod(0o644)
    failing(rows, database=shop.url, password="shop").match("Others may read your password file")
    file.chmod(0o600)
    assert rows(sql_query, database=shop.url, password="shop", query="SELECT 1 AS a") == [{"a": 1}]
    file.write_text(f'shop = {{password = "{shop.password}", server = "127.0.0.1"}}\n')
    assert rows(sql_query, database=shop.url, password="shop", query="SELECT 1 AS a") == [{"a": 1}]
    failing(rows, database="postgresql://ada@elsewhere.invalid/x", password="shop").match(
        "kept for another server than else"
    )
    file.write_text(f'shop = "{shop.password}')
    caught = failing(rows, database=shop.url, password="shop")
    assert shop.password not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_that_is_not_there(rows):
    failing(rows, database="postgresql://ada@127.0.0.1:1/x").match("Connection refused.*whether the server runs")


def test_a_database_that_goes_away_in_the_middle(rows, shop):
    """A query under way is cut off by the server, as at a restart."""

    def cut() -> None:
        for _ in range(200):
            found = shop.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'peephole' AND state = 'active' AND query LIKE '%generate_series%'"
            )
            if found:
                return
            time.sleep(0.02)

    cutter = threading.Thread(target=cut)
    cutter.start()
    query = "SELECT n, repeat('x', 500) AS s, pg_sleep(0.0005)::text AS w FROM generate_series(1, 1000000) AS n"
    with pytest.raises(SourceError, match=r"The server has ended the connection: run again") as caught:
        rows(sql_query, database=shop.url, password=PASSWORD_NAME, query=query)
    cutter.join()
    assert shop.password not in str(caught.value)


def test_a_file_that_is_no_database(rows, tmp_path):
    (tmp_path / "notes.db").write_text("just text")
    failing(rows, database="notes.db").match("neither a DuckDB nor a SQLite database")
    failing(rows, database="nots.db").match(r'There is no database .*Did you mean "notes.db"')
    (tmp_path / "cut.db").write_bytes(b"SQLite format 3\x00" + b"\x00" * 50)
    failing(rows, database="cut.db").match("cut.db")


# -- writing ------------------------------------------------------------------------------------------------------------------


TABLE = pa.table(
    {
        "i": pa.array([1, None], pa.int64()),
        "x": pa.array([1.5, None]),
        "s": ["it's", None],
        "d": pa.array([datetime.date(2020, 1, 2), None]),
        "t": pa.array([datetime.datetime(2020, 1, 2, 10, 30), None], pa.timestamp("us")),
        "n b": ["é 😀", '"q"'],
        "__row__": pa.array([0, 1], pa.int64()),
    }
)


@pytest.fixture
def write(session, place):
    def write(table=TABLE, **given):
        frame = session.from_arrow(table)
        return write_database.spec.function(
            frame, **arguments(write_database.spec.validate({"name": "new", **place.settings, **given}))
        ).value

    return write


def test_a_table_written_can_be_read_again(rows, place, write):
    assert write() == 2
    got = rows(sql_table, table="new", **place.settings)
    as_text = place.kind == "sqlite"  # which has no dates
    first = TABLE.drop_columns(["__row__"]).to_pylist()[0]
    expected = first | ({"d": "2020-01-02", "t": "2020-01-02 10:30:00"} if as_text else {})
    assert got[0] == expected
    assert got[1] == dict.fromkeys(first) | {"n b": '"q"'}


def test_what_to_do_where_there_is_such_a_table(rows, place, write):
    write()
    with pytest.raises(SourceError, match=r'has a table "new" already.*"replace" or "append"') as caught:
        write()
    assert caught.value.setting == "if_exists"
    write(TABLE.slice(1), if_exists="append")
    assert len(rows(sql_table, table="new", **place.settings)) == 3
    write(TABLE.select(["i", "__row__"]).slice(0, 1), if_exists="replace")
    assert rows(sql_table, table="new", **place.settings) == [{"i": 1}]
    with pytest.raises(SourceError, match=r"no column s\. .*Its columns: i"):
        write(TABLE.select(["s", "__row__"]), if_exists="append")


@pytest.mark.parametrize("if_exists", ["replace", "append"])
def test_a_failure_leaves_the_table_as_it_was(session, rows, place, write, if_exists):
    write()
    before = rows(sql_table, table="new", **place.settings)
    frame = session.from_arrow(pa.table({"s": ["1"] * 200_000 + ["x"]}))
    from peephole.nodes.columns.cast import cast

    checked = cast.spec.validate({"columns": ["s"], "to": "integer", "unfit": "fail"})
    bad = cast.spec.function(frame, **arguments(checked))
    given = arguments(write_database.spec.validate({"name": "new", "if_exists": if_exists, **place.settings}))
    with pytest.raises(DataError, match="Could not convert string 'x'"):
        write_database.spec.function(bad, **given)
    assert rows(sql_table, table="new", **place.settings) == before


def test_a_failure_leaves_no_new_file(session, tmp_path):
    frame = session.from_arrow(pa.table({"l": [[1]]}))
    given = arguments(write_database.spec.validate({"name": "new", "database": "fresh.db"}))
    with pytest.raises(DataError, match='The column "l" holds lists'):
        write_database.spec.function(frame, **given)
    assert not (tmp_path / "fresh.db").exists()
    with pytest.raises(SettingError, match="not clear what kind of database"):
        write_database.spec.function(frame, **{**given, "database": "fresh.xyz"})
