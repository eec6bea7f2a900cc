"""Tables and queries from DuckDB and SQLite files and a real PostgreSQL server."""

from __future__ import annotations

import datetime
import os
import sqlite3
from contextlib import closing

import narwhals as nw
import pytest
from database_places import CREATE, ROWS, WORDS, place_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres_server import PASSWORD_NAME

from peephole.core.errors import FormulaError, SettingError, SourceError
from peephole.core.node import arguments
from peephole.core.sources import Asked, Narrowing, asking
from peephole.nodes.io.database import sql_query, sql_table
from peephole.nodes.rows.filter_rows import filter_rows


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
