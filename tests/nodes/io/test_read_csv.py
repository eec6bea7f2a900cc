from __future__ import annotations

import gzip

import pytest

from peephole.core.errors import ColumnError, DataError, SourceError
from peephole.core.progress import reporting_to
from peephole.nodes.columns.cast import cast
from peephole.nodes.io.read import read_csv, read_parquet
from peephole.nodes.tables.group_by import group_by


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("d\n24.12.2023 18:30\n1.1.2024 8:05\n", ["2023-12-24 18:30:00", "2024-01-01 08:05:00"]),
        ("d;x\n;0\n02.01.2024 08:05;1\n", ["None", "2024-01-02 08:05:00"]),
        ("t;d\n24.12.2023;24.12.2023 18:30\n", ["2023-12-24 18:30:00"]),
        ("d;x\n24.12.2023 18:30:05;1\n", ["2023-12-24 18:30:05"]),
        ("d;x\n12.24.2023 18:30;1\n", ["12.24.2023 18:30"]),
        ("d;x\n24.12.2023 18:30;1\nlate;2\n", ["24.12.2023 18:30", "late"]),
        ("d;e\n2023-12-24 18:30;24.12.2023 18:30\n", ["2023-12-24 18:30:00"]),
    ],
)
def test_times_with_the_day_first(read, text, values):
    assert [str(row["d"]) for row in read(text)] == values


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,x\n2,y\n", [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        ("a\tb\n1\tx,y\n", [{"a": 1, "b": "x,y"}]),
        ("a;b\n1,5;x\n-2,25;y\n", [{"a": 1.5, "b": "x"}, {"a": -2.25, "b": "y"}]),
        ('a,b\n"x, ""y""\nnew",2\n', [{"a": 'x, "y"\nnew', "b": 2}]),
        (b"\xef\xbb\xbfa,b\n1,2\n", [{"a": 1, "b": 2}]),
        ("\u00e9,b\n\u00fc,2\n".encode("latin-1"), [{"\u00e9": "\u00fc", "b": 2}]),
        ("\u00e9,b\n\u20ac\u00fc,2\n".encode("windows-1252"), [{"\u00e9": "\u20ac\u00fc", "b": 2}]),
        ("\u00e9,b\n\u00fc,2\n".encode("utf-16"), [{"\u00e9": "\u00fc", "b": 2}]),
        (
            "x,y,t\nNA,NaN,NA\n1,2.5,foo\n2,nan,\n",
            [{"x": None, "y": None, "t": None}, {"x": 1, "y": 2.5, "t": "foo"}, {"x": 2, "y": None, "t": None}],
        ),
        ("1,2\n3,4\n", [{"column_1": 1, "column_2": 2}, {"column_1": 3, "column_2": 4}]),
        ("a,b,c\n", []),
        ("id,flag\n00123,no\n00124,yes\n", [{"id": "00123", "flag": "no"}, {"id": "00124", "flag": "yes"}]),
        ("b\ntrue\nfalse\n", [{"b": True}, {"b": False}]),
        ('a\tb\nx\t5" pipe\ny\tz\n', [{"a": "x", "b": '5" pipe'}, {"a": "y", "b": "z"}]),
    ],
)
def test_finds_out_how_a_file_is_written(read, text, rows):
    assert read(text) == rows


def test_times_with_a_zone_become_utc(read):
    assert read("t\n2013-01-01T10:00:00+02:00\n")[0]["t"].isoformat() == "2013-01-01T08:00:00"
    assert read("t,u\n2013-01-01T10:00:00Z,1\n", types={"t": "datetime"})[0]["t"].isoformat() == "2013-01-01T10:00:00"


def test_offsets_count_where_only_that_column_is_wanted(tmp_path):
    (tmp_path / "t.csv").write_text("t\n2024-07-01T02:30:00+02:00\n2024-07-01T02:30:00Z\n")
    found = read_csv(path=str(tmp_path / "t.csv")).collect()["t"].to_list()
    assert [t.isoformat() for t in found] == ["2024-07-01T00:30:00", "2024-07-01T02:30:00"]


def test_a_cast_takes_the_value_not_what_is_written(tmp_path):
    (tmp_path / "t.csv").write_text("d;n;x\n24.12.2013;1.234;1,50\n25.12.2013;2.345;2,50\n")
    table = read_csv(path=str(tmp_path / "t.csv"), types={"n": "integer"}, thousands=".")
    texts = cast(table, columns=["d", "n", "x"], to="text").collect()
    assert texts.rows() == [("2013-12-24", "1234", "1.5"), ("2013-12-25", "2345", "2.5")]
    for name, values in {"d": ["2013-12-24", "2013-12-25"], "n": ["1234", "2345"]}.items():
        grouped = group_by(cast(table, columns=[name], to="text"), keys=[name], compute=[]).collect()
        assert sorted(grouped[name].to_list()) == values


def test_gzip_and_relative_paths(session, tmp_path):
    (tmp_path / "z.csv.gz").write_bytes(gzip.compress(b"a\n1\n"))
    assert session.first_rows(read_csv(path="z.csv.gz"), 9).to_pylist() == [{"a": 1}]


def test_settings_win_over_what_is_found(read):
    rows = read("a|b\n1|2\n", delimiter="|", types={"column_1": "text"}, header=False)
    assert rows == [{"column_1": "a", "column_2": "b"}, {"column_1": "1", "column_2": "2"}]
    assert read("a,b\n1,-\n", types={"a": "number"}, null_words=["-"]) == [{"a": 1.0, "b": None}]


BAD = "a,b\n1,2\n3\n4,5,6\n7,8\nx,9\n"


def test_bad_rows_are_told_with_their_lines_and_left_out(read, told):
    with reporting_to(told):
        assert read(BAD, types={"a": "integer"}, bad_rows="skip and report") == [{"a": 1, "b": 2}, {"a": 7, "b": 8}]
    assert "3 rows" in told.messages[0]
    assert all(f"line {line}" in told.messages[0] for line in (3, 4, 6))


def test_a_bad_row_fails_with_its_line(read):
    with pytest.raises(DataError, match="Line 3 cannot be read"):
        read(BAD)
    with pytest.raises(DataError, match=r'Line 3.*"x".*x,9'):
        read("a,b\n1,2\nx,9\n", types={"a": "integer"})


def test_names_that_occur_twice_are_told(read, told):
    with reporting_to(told):
        assert list(read("a,a,A\n1,2,3\n")[0]) == ["a", "a_1", "A_2"]
    assert '"a" to "a_1"' in told.messages[0]


@pytest.mark.parametrize("text", ["", "\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(read, text):
    with pytest.raises(SourceError, match="is empty"):
        read(text)


def test_a_missing_file_with_the_nearest_name(session, tmp_path):
    (tmp_path / "flights.csv").write_text("a\n1\n")
    with pytest.raises(SourceError, match=r'Did you mean "flights.csv"'):
        read_csv(path="flihgts.csv")
    with pytest.raises(SourceError, match="is a folder"):
        read_csv(path=".")


def test_an_unknown_column_in_types(read):
    with pytest.raises(ColumnError, match=r'no column "aa".*Did you mean "a"'):
        read("a\n1\n", types={"aa": "text"})


def test_a_file_outside_is_refused(session, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.csv"
    outside.write_text("a\n1\n")
    with pytest.raises(SourceError):
        session.first_rows(read_csv(path=str(outside)), 1)


def test_parquet_rows_are_numbered_and_nan_is_missing(session, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"x": [1.5, float("nan")], "s": ["a", "b"]}), tmp_path / "t.parquet")
    frame = read_parquet.spec.function(path="t.parquet")
    assert "__row__" in frame.collect_schema().names()
    assert read_parquet(path="t.parquet").collect_schema().names() == ["x", "s"]  # a plain call does not show it
    assert session.first_rows(frame, 9).to_pylist() == [{"x": 1.5, "s": "a"}, {"x": None, "s": "b"}]


def test_a_truncated_parquet_file(session, tmp_path):
    (tmp_path / "t.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(SourceError, match="cannot be read"):
        read_parquet(path="t.parquet")
