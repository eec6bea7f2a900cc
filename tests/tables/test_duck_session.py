from __future__ import annotations

import importlib.util
import threading
import time

import duckdb
import narwhals as nw
import pyarrow as pa
import pytest

from peephole.core.errors import Cancelled, DataError, MissingLibraryError, SettingError, SourceError
from peephole.tables.csv_options import CsvOptions
from peephole.tables.schema import exact_schema, schema_of
from peephole.tables.session import current_session, engine_version, open_session, use_session

EVERY_TYPE = """
    SELECT 1::TINYINT AS a, 1::BIGINT AS b, 1.5::DOUBLE AS c, 1.25::DECIMAL(9,2) AS d, 'x' AS e, true AS f,
    DATE '2020-01-01' AS g, TIMESTAMP '2020-01-01 10:00:00' AS h, TIME '10:00:00' AS i, 'x'::BLOB AS j, [1, 2] AS k,
    {'x': 1, 'y': ['z']} AS l, 'u'::ENUM('u', 'v') AS m
"""


@pytest.fixture
def session(tmp_path):
    opened = open_session("duckdb", read=[tmp_path], write=[tmp_path], threads=2, spill=tmp_path / "spill")
    yield opened
    opened.close()


def endless(session):
    return nw.from_native(
        session._sql("SELECT count(*) FROM range(10_000_000_000) a, range(100) b WHERE a.range % 7 = b.range")
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('{outside}')",
        "SELECT * FROM '{outside}'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_text('{inside}/../{name}')",
        "COPY (SELECT 1) TO '{outside}.new'",
        "ATTACH '{outside}.db'",
        "INSTALL httpfs",
        "LOAD spatial",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "RESET lock_configuration",
    ],
)
def test_nothing_outside_can_be_touched(session, tmp_path_factory, tmp_path, query):
    outside = tmp_path_factory.mktemp("outside") / "secret.csv"
    outside.write_text("a\n1\n")
    text = query.format(outside=outside, inside=tmp_path, name=f"{outside.parent.name}/secret.csv")
    with pytest.raises(duckdb.Error):
        session._connection.execute(text).fetchall()


def test_a_python_variable_is_no_table(session):
    secret = pa.table({"x": [1]})  # noqa: F841
    with pytest.raises(duckdb.CatalogException):
        session._sql("SELECT * FROM secret")


def test_exact_schemas_survive_as_plain_data(session):
    frame = nw.from_native(session._sql(EVERY_TYPE))
    exact = exact_schema(frame)
    empty = session.empty(exact)
    assert exact_schema(empty) == exact
    assert schema_of(empty) == schema_of(frame)
    assert list(schema_of(frame).values()) == [
        *("integer", "integer", "number", "number", "text", "boolean", "date", "datetime", "time", "binary", "list"),
        *("struct", "text"),
    ]
    assert session.row_count(empty) == 0


def test_parquet_there_and_back(session, tmp_path):
    frame = nw.from_native(session._sql(EVERY_TYPE))
    assert session.write_parquet(frame, tmp_path / "t.parquet") == 1
    stored = session.scan_parquet(tmp_path / "t.parquet")
    assert session.first_rows(stored, 9).to_pylist() == session.first_rows(frame, 9).to_pylist()
    assert schema_of(stored) == schema_of(frame)
    assert session.stored_rows(tmp_path / "t.parquet") == 1


def test_the_content_key_tells_rows_not_bytes_or_places(session, tmp_path):
    def key(rows):
        session.write_parquet(session.from_arrow(pa.table({"a": pa.array(rows, pa.int64())})), tmp_path / "k.parquet")
        return session.content_key(tmp_path / "k.parquet")

    assert key([1, 2, 2, None]) == key([None, 2, 1, 2])
    assert len({key([1, 2]), key([1, 2, 2]), key([1, 2, 2, 2]), key([1, None]), key([]), key([2, 1, 3])}) == 6


def test_first_rows_are_in_order_and_bare(session):
    frame = session.from_arrow(pa.table({"__row__": [2, 0, 1], "x": ["c", "a", "b"]}))
    assert session.first_rows(frame, 2, 1).to_pylist() == [{"x": "b"}, {"x": "c"}]


def test_an_interrupt_stops_at_once_and_leaves_the_session_usable(session):
    timer = threading.Timer(0.3, session.interrupt)
    timer.start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        session.row_count(endless(session))
    assert time.monotonic() - start < 2
    assert session.row_count(session.from_arrow(pa.table({"a": [1]}))) == 1
    timer.join()


def test_what_the_listener_raises_stops_the_query(session, tmp_path):
    def stop(share):
        raise Cancelled

    start = time.monotonic()
    with pytest.raises(Cancelled):
        session.write_parquet(endless(session), tmp_path / "t.parquet", stop)
    assert time.monotonic() - start < 2
    assert not list(tmp_path.glob("*.parquet*"))


LONG = "SELECT sum(a.range * b.range % 7)::BIGINT AS n FROM range({}) a, range({}) b"


def test_few_rows_that_take_long_tell_their_progress_and_can_be_stopped(session, tmp_path):
    heard = []
    frame = nw.from_native(session._sql(LONG.format(20_000, 20_000)))
    assert session.write_parquet(frame, tmp_path / "t.parquet", heard.append, few=True) == 1
    assert heard
    assert heard == sorted(heard)

    def stop(share):
        raise Cancelled

    start = time.monotonic()
    frame = nw.from_native(session._sql(LONG.format(10_000_000, 1_000_000)))
    with pytest.raises(Cancelled):
        session.write_parquet(frame, tmp_path / "u.parquet", stop, few=True)
    assert time.monotonic() - start < 2
    assert [p.name for p in tmp_path.glob("*.parquet*")] == ["t.parquet"]


@pytest.mark.parametrize("few", [True, False])
def test_what_is_wrong_in_a_late_row_is_told_in_our_words(session, tmp_path, few):
    query = "SELECT CAST(CASE WHEN range = 29_000 THEN 'x' ELSE '1' END AS INTEGER) AS n FROM range(30_000)"
    with pytest.raises(DataError, match="Could not convert string 'x'") as caught:
        session.write_parquet(nw.from_native(session._sql(query)), tmp_path / "t.parquet", few=few)
    assert caught.value.remedy.startswith("Cast with the policy")


def test_a_bad_cell_in_a_late_row_of_a_small_file_is_told_with_its_line(session, tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n" + "1,2\n" * 20_000 + "x,1\n")
    frame = session.read_csv(tmp_path / "a.csv", CsvOptions(types={"a": "integer"}))
    with pytest.raises(SourceError, match="Line 20002 cannot be read"):
        session.write_parquet(frame, tmp_path / "t.parquet", few=True)


def test_progress_rises(session, tmp_path):
    session._connection.execute(
        f"COPY (SELECT range AS a, random() AS b FROM range(4_000_000)) TO '{tmp_path}/big.parquet'"
    )
    heard = []
    session.write_parquet(
        session.scan_parquet(tmp_path / "big.parquet").sort("b"), tmp_path / "s.parquet", heard.append
    )
    assert heard == sorted(heard)
    assert 0 < heard[-1] <= 1


def test_beyond_memory_spills_over(tmp_path):
    session = open_session("duckdb", write=[tmp_path], threads=1, memory_limit="120MB", spill=tmp_path / "spill")
    big = nw.from_native(
        session._sql("SELECT range AS a, hash(range) AS b, repeat('x', 60) || range AS c FROM range(1_200_000)")
    )
    assert session.write_parquet(big.sort("b"), tmp_path / "t.parquet") == 1_200_000
    session.close()


def test_a_damaged_file_is_named(session, tmp_path):
    (tmp_path / "t.parquet").write_bytes(b"nothing")
    with pytest.raises(SourceError, match=r"t\.parquet cannot be read"):
        session.scan_parquet(tmp_path / "t.parquet")
    session.write_parquet(session.from_arrow(pa.table({"a": list(range(50_000))})), tmp_path / "u.parquet")
    data = (tmp_path / "u.parquet").read_bytes()
    (tmp_path / "u.parquet").write_bytes(data[: len(data) // 3] + b"\0" * (len(data) // 3) + data[-(len(data) // 3) :])
    with pytest.raises(DataError):
        session.content_key(tmp_path / "u.parquet")


def test_engines_by_name():
    assert engine_version("duckdb").startswith("duckdb 2.")
    with pytest.raises(SettingError, match="There is no engine"):
        engine_version("postgres")
    if importlib.util.find_spec("pyspark") is None:
        with pytest.raises(MissingLibraryError, match="Install it"):
            open_session("spark")


def test_the_session_in_use_and_the_plain_one(session):
    outside = current_session()
    with use_session(session):
        assert current_session() is session
    assert current_session() is outside
    other = []
    thread = threading.Thread(target=lambda: other.append(current_session()))
    thread.start()
    thread.join()
    assert other[0] is not outside


@pytest.mark.parametrize("count", [0, 3, 60_000])
def test_few_rows_are_written_as_many_are(session, tmp_path, count):
    kinds = "i::BIGINT AS a, (i % 7)::SMALLINT AS b, i / 3 AS c, 'ä' || i AS d, i % 2 = 0 AS e"
    more = "DATE '2020-01-01' + (i % 9)::INT AS f, TIMESTAMP '2020-01-01' + INTERVAL (i) SECOND AS g, NULLIF(i, 1) AS h"
    frame = nw.from_native(session._sql(f"SELECT {kinds}, {more} FROM range({count}) t(i)"))
    few, many = tmp_path / "few.parquet", tmp_path / "many.parquet"
    assert session.write_parquet(frame, few, few=True) == session.write_parquet(frame, many) == count
    assert session.look_at(few) == session.look_at(many)


def test_a_figure_for_several_queries_is_computed_once_where_rows_stay_as_they_are(session):
    session.put("rows", pa.table({"n": [1, 2, 3]}))
    figure = session.named("rows").select(nw.col("n").max())
    lazily = session.settled(figure)
    session.steady = True
    settled = session.settled(figure)
    session.put("rows", pa.table({"n": [7]}))
    assert [f.collect("pyarrow")["n"].to_list() for f in (lazily, settled)] == [[7], [3]]
    assert exact_schema(settled) == exact_schema(figure)


def test_a_figure_that_fails_is_left_to_the_query_that_needs_it(session):
    session.steady = True
    fails = nw.from_native(session._sql("SELECT CAST(x AS INTEGER) AS x FROM (VALUES ('a')) t(x)"))
    assert session.settled(fails) is fails
