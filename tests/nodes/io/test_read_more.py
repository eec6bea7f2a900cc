"""JSON, sheets, lines, folders, and tables typed in by hand."""

from __future__ import annotations

import datetime
import gzip
import json
import os

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from peephole.core.errors import DataError, SettingError, SourceError
from peephole.core.node import arguments
from peephole.nodes.io.by_hand import table_by_hand
from peephole.nodes.io.folder import list_files, read_folder
from peephole.nodes.io.read_more import read_excel, read_json, read_lines


@pytest.fixture
def rows(session):
    """What a node gives, as it would within a workflow."""

    def rows(node, **settings):
        frame = node.spec.function(**arguments(node.spec.validate(settings)))
        names = frame.collect_schema().names()
        assert names[-1] == "__row__"
        return session.first_rows(frame, 100_000).to_pylist()

    return rows


# -- JSON --------------------------------------------------------------------------------------------------------------


def test_json_lines_lists_and_structs(rows, tmp_path):
    text = '{"a": 1, "s": "x", "l": [1, 2]}\n\n{"a": 2.5, "n": {"deep": true}, "t": "2013-01-01T10:00:00+02:00"}\n'
    (tmp_path / "t.jsonl").write_text(text)
    assert rows(read_json, path="t.jsonl") == [
        {"a": 1.0, "s": "x", "l": [1, 2], "n": None, "t": None},
        {"a": 2.5, "s": None, "l": None, "n": {"deep": True}, "t": datetime.datetime(2013, 1, 1, 8)},
    ]


def test_a_list_of_objects_gzipped(rows, tmp_path):
    objects = [{"a": n, "ü 😀": str(n)} for n in range(50)]
    (tmp_path / "t.json.gz").write_bytes(gzip.compress(json.dumps(objects).encode()))
    assert rows(read_json, path="t.json.gz") == objects


def test_an_object_that_is_not_whole_is_told_with_its_line(rows, tmp_path):
    (tmp_path / "t.jsonl").write_text('{"a": 1}\n{"a": 2\n{"a": 3}\n')
    with pytest.raises(DataError, match=r'Line 2 of t.jsonl is not JSON: .*The line: \{"a": 2'):
        rows(read_json, path="t.jsonl")
    (tmp_path / "far.jsonl").write_text('{"a": 1}\n' * 60_000 + '{"a": }\n')
    with pytest.raises(DataError, match=r"Line 60001 of far.jsonl is not JSON"):
        rows(read_json, path="far.jsonl")


@pytest.mark.parametrize("text", ["", "1\n2\n", '"x"'])
def test_a_file_without_objects(rows, tmp_path, text):
    (tmp_path / "t.jsonl").write_text(text)
    with pytest.raises(SourceError, match="holds no JSON objects"):
        rows(read_json, path="t.jsonl")


# -- sheets -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path):
    def book(*lines, merge=(), title="Sales"):
        made = openpyxl.Workbook()
        made.active.title = title
        for line in lines:
            made.active.append(line)
        for area in merge:
            made.active.merge_cells(area)
        made.create_sheet("Other").append(["only"])
        made.save(tmp_path / "t.xlsx")

    return book


def test_a_sheet_with_every_kind_of_cell(rows, book):
    day, moment = datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 10, 30)
    book(["i", "x", "s", "b", "d", "t"], [1, 1.5, "a", True, day, moment], [2, 2, None, False, None, None], [], [3])
    assert rows(read_excel, path="t.xlsx") == [
        {"i": 1, "x": 1.5, "s": "a", "b": True, "d": day, "t": moment},
        {"i": 2, "x": 2.0, "s": None, "b": False, "d": None, "t": None},
        {"i": 3, "x": None, "s": None, "b": None, "d": None, "t": None},
    ]


def test_merged_cells_are_filled_or_left_as_they_are(rows, book):
    book(["group", "name"], ["A", "p"], [None, "q"], ["B", "r"], merge=["A2:A3"])
    assert [row["group"] for row in rows(read_excel, path="t.xlsx")] == ["A", "A", "B"]
    assert [row["group"] for row in rows(read_excel, path="t.xlsx", merged="first cell only")] == ["A", None, "B"]


def test_the_header_may_lie_lower_and_names_are_made_unique(rows, book, listening):
    book(["A report"], [], ["n", "n", None], [1, 2, 3])
    assert rows(read_excel, path="t.xlsx", header_row=3) == [{"n": 1, "n_1": 2, "column_3": 3}]
    assert '"n" to "n_1"' in listening.messages[0]
    assert rows(read_excel, path="t.xlsx", sheet="Other", header_row=0) == [{"column_1": "only"}]
    with pytest.raises(SettingError, match="the sheet has 4 rows"):
        rows(read_excel, path="t.xlsx", header_row=9)


def test_mixed_cells_become_text_and_it_is_told(rows, book, listening):
    book(["m"], [1], ["x"], [2.5], [datetime.date(2020, 1, 2)])
    assert [row["m"] for row in rows(read_excel, path="t.xlsx")] == ["1", "x", "2.5", "2020-01-02"]
    assert listening.messages == ['The column "m" holds dates and numbers and text; it is read as text.']


def test_a_sheet_that_is_not_there_and_a_file_that_is_none(rows, book, tmp_path):
    book(["a"])
    with pytest.raises(SettingError, match=r'no sheet "Slaes". Did you mean "Sales"\? Sheets: Sales, Other'):
        rows(read_excel, path="t.xlsx", sheet="Slaes")
    whole = (tmp_path / "t.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"cut.xlsx cannot be read"):
        rows(read_excel, path="cut.xlsx")


def test_a_sheet_agrees_with_pandas(rows, tmp_path):
    frame = pd.DataFrame({"a": [1, 2, None], "s": ["x", None, "z"], "d": pd.to_datetime(["2020-01-01", None, None])})
    frame.to_excel(tmp_path / "p.xlsx", index=False)
    got = rows(read_excel, path="p.xlsx")
    again = pd.read_excel(tmp_path / "p.xlsx", engine="openpyxl")
    assert [row["a"] for row in got] == [None if pd.isna(v) else v for v in again["a"]]
    assert [row["s"] for row in got] == [None if pd.isna(v) else v for v in again["s"]]
    assert got[0]["d"] == again["d"][0].date() or got[0]["d"] == again["d"][0].to_pydatetime()


# -- lines, folders, by hand ----------------------------------------------------------------------------------------------


def test_lines_as_they_are(rows, tmp_path):
    (tmp_path / "t.log").write_text('GET "/a, b"\n\nNA\tx;y\n"open\n')
    assert rows(read_lines, path="t.log") == [{"line": 'GET "/a, b"'}, {"line": "NA\tx;y"}, {"line": '"open'}]
    assert rows(read_lines, path="t.log", column="entry", skip_lines=2)[0] == {"entry": "NA\tx;y"}


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "in" / "deep"
    inside.mkdir(parents=True)
    (tmp_path / "in" / "b.csv").write_text("k,v\ny,2\n")
    (tmp_path / "in" / "a.csv").write_text("k;v;w\nx;1,5;7\n")
    (tmp_path / "in" / ".hidden.csv").write_text("k\nno\n")
    pq.write_table(pa.table({"k": ["z"], "v": [3]}), inside / "c.parquet")
    return tmp_path / "in"


def test_a_folder_of_files_in_the_order_of_their_names(rows, folder):
    assert rows(read_folder, path="in") == [
        {"file": "a.csv", "k": "x", "v": 1.5, "w": 7},
        {"file": "b.csv", "k": "y", "v": 2.0, "w": None},
    ]
    everything = rows(read_folder, path="in", pattern="*", subfolders=True, columns="common", file_column="from")
    assert [(row["from"], row["v"]) for row in everything] == [("a.csv", 1.5), ("b.csv", 2.0), ("deep/c.parquet", 3.0)]
    assert rows(read_folder, path="in", pattern="b*", file_column="") == [{"k": "y", "v": 2}]


def test_folders_that_do_not_fit(rows, folder):
    with pytest.raises(SourceError, match=r'holds no file that fits "\*.xml".*a.csv'):
        rows(read_folder, path="in", pattern="*.xml")
    with pytest.raises(SourceError, match=r'There is no folder .*inn.*Did you mean "in"'):
        rows(read_folder, path="inn")
    with pytest.raises(SettingError, match=r'has a column "k" already'):
        rows(read_folder, path="in", file_column="k")
    (folder / "notes.docx").write_text("x")
    with pytest.raises(SettingError, match=r"not known how to read notes.docx"):
        rows(read_folder, path="in", pattern="*")


def test_files_are_listed(rows, folder):
    os.utime(folder / "a.csv", (1_600_000_000, 1_600_000_000))
    found = rows(list_files, path="in", subfolders=True)
    assert [row["file"] for row in found] == ["a.csv", "b.csv", "deep/c.parquet"]
    assert found[0]["bytes"] == 14
    assert found[0]["changed"] == datetime.datetime(2020, 9, 13, 12, 26, 40)
    assert found[2]["ending"] == "parquet"


COLUMNS = [{"name": "s"}, {"name": "i", "type": "integer"}, {"name": "b", "type": "boolean"}]


def test_rows_typed_in(rows):
    more = [*COLUMNS, {"name": "d", "type": "date"}, {"name": "t", "type": "datetime"}, {"name": "x", "type": "number"}]
    typed = [["a", 1, True, "2013-01-31", "2013-01-31 10:30", "2.5"], ["", "2", "no"], [None, 3.0, None, "", None, 4]]
    moment = datetime.datetime(2013, 1, 31, 10, 30)
    assert rows(table_by_hand, columns=more, rows=typed) == [
        {"s": "a", "i": 1, "b": True, "d": datetime.date(2013, 1, 31), "t": moment, "x": 2.5},
        {"s": "", "i": 2, "b": False, "d": None, "t": None, "x": None},
        {"s": None, "i": 3, "b": None, "d": None, "t": None, "x": 4.0},
    ]
    assert rows(table_by_hand, columns=COLUMNS) == []


def test_its_settings_say_that_they_are_one_sheet():
    rows = table_by_hand.spec.schema["properties"]["rows"]
    assert rows["x-rowsof"] == {"columns": "columns"}


@pytest.mark.parametrize(
    ("columns", "typed", "message", "setting"),
    [
        (COLUMNS, [["a", "one"]], r'"one" in row 1, column "i" is no integer.*as: 42', "rows[0][1]"),
        (COLUMNS, [["a"], ["a", 1.5]], r'"1.5" in row 2', "rows[1][1]"),
        (COLUMNS, [["a", 2**63]], r'"9223372036854775808" in row 1, column "i" is no integer', "rows[0][1]"),
        (COLUMNS, [["a", 1, True, 4]], r"row 1 has 4 cells, and there are 3", "rows[0]"),
        ([{"name": "a"}, {"name": "A"}], [], r"cannot be used twice", "columns"),
        ([{"name": "d", "type": "date"}], [["2013-02-30"]], r"is no date", "rows[0][0]"),
    ],
)
def test_what_cannot_be_typed_in(rows, columns, typed, message, setting):
    with pytest.raises(SettingError, match=message) as caught:
        rows(table_by_hand, columns=columns, rows=typed)
    assert caught.value.setting == setting
