"""Databases that refuse or go away, passwords that are never shown, and tables written back."""

from __future__ import annotations

import datetime
import re
import threading
import time
from urllib.parse import quote

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from postgres_server import PASSWORD_NAME

from peephole.core.errors import DataError, SettingError, SourceError
from peephole.core.node import arguments
from peephole.nodes.io.database import sql_query, sql_table, write_database

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


def test_missing_values_may_be_added_where_there_were_none(session, rows, place, tmp_path):
    # a stored file tells which of its columns have no missing values
    schema = pa.schema([pa.field("x", pa.int64(), nullable=False), pa.field("s", pa.string(), nullable=False)])
    pq.write_table(pa.table({"x": [1], "s": ["a"]}, schema=schema), tmp_path / "whole.parquet")
    given = arguments(write_database.spec.validate({"name": "new", "if_exists": "append", **place.settings}))
    frames = session.scan_parquet(tmp_path / "whole.parquet"), session.from_arrow(pa.table({"x": [None], "s": ["b"]}))
    for frame in frames:
        write_database.spec.function(frame.with_columns(nw.col("x").cast(nw.Int64)), **given)
    assert rows(sql_table, table="new", **place.settings) == [{"x": 1, "s": "a"}, {"x": None, "s": "b"}]


@pytest.mark.parametrize(
    ("added", "cause", "remedy"),
    [
        ({"x": None, "s": "b"}, "not.null constraint", "Missing values"),
        ({"x": 2, "s": "a"}, "unique constraint", "each of these values once"),
        ({"x": -1, "s": "b"}, "check constraint", "a rule of the table"),
    ],
)
def test_what_a_table_does_not_take_is_told_with_the_remedy(rows, place, write, added, cause, remedy):
    place.run("CREATE TABLE new (x BIGINT NOT NULL CHECK (x > 0), s VARCHAR(9) UNIQUE)")
    place.run("INSERT INTO new VALUES (1, 'a')")
    with pytest.raises(SourceError) as caught:
        write(pa.table({"x": pa.array([added["x"]], pa.int64()), "s": [added["s"]]}), if_exists="append")
    told = str(caught.value)
    assert re.search(cause, told, re.IGNORECASE), told
    assert not re.search("query was|INTERNAL", told)
    assert remedy in caught.value.remedy
    assert rows(sql_table, table="new", **place.settings) == [{"x": 1, "s": "a"}]


def test_what_sqlite_keeps_as_something_else_is_told(place, write, listening):
    table = TABLE.append_column("b", pa.array([True, None]))
    write(table)
    wanted = 'SQLite has no types for dates, times and true or false: "new" has d, t as text and b as 0 and 1'
    assert [text.partition(".")[0] for text in listening.messages] == ([wanted] if place.kind == "sqlite" else [])


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
