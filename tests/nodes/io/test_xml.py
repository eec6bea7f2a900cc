"""XML read as rows and asked by XPath; what it must not do to who reads it."""

from __future__ import annotations

import datetime
import gzip
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from peephole.core.errors import DataError, SettingError
from peephole.nodes.io.xml import read_xml, xpath

BOOKS = """<?xml version="1.0" encoding="UTF-8"?>
<!-- a small shelf -->
<s:shelf xmlns:s="http://example.org/shelf" xmlns="http://example.org/book" place="left">
  <book id="1" lent="true"><title>Emil &amp; Söhne</title><author>A</author><author>B</author><pages>310</pages>
    <price currency="EUR">12.50</price><out>2020-01-31</out></book>
  <book id="2" lent="false"><title><b>Bold</b> and <i>plain</i></title><author>C</author><pages></pages>
    <price currency="USD">8</price><out>2021-02-28</out></book>
  <s:box><book id="3"><title>Inside</title><pages>7</pages></book></s:box>
</s:shelf>
"""


@pytest.fixture
def shelf(tmp_path):
    path = tmp_path / "shelf.xml"
    path.write_text(BOOKS, encoding="utf-8")
    return str(path)


def columns(**paths):
    return [{"name": name, "path": path} for name, path in paths.items()]


@pytest.fixture
def read(rows):
    return lambda path, **settings: rows(read_xml, path=path, **settings)


@pytest.fixture
def ask(rows, session):
    def ask(cells, **settings):
        return rows(xpath, session.from_arrow(pa.Table.from_pylist(cells, CELL_SCHEMA)), column="x", **settings)

    return ask


def test_rows_and_columns_by_path(read, shelf):
    found = read(shelf, rows="//book", columns=columns(id="@id", title="title", first="author", second="author[2]",
                 pages="pages", euro="price[@currency='EUR']", money="price/@currency", place="/shelf/@place"))  # fmt: skip
    names = ["id", "title", "first", "second", "pages", "euro", "money", "place"]
    assert [list(row.values()) for row in found] == [
        [1, "Emil & Söhne", "A", "B", 310, 12.5, "EUR", "left"],
        [2, "Bold and plain", "C", None, None, None, "USD", "left"],
        [3, "Inside", None, None, 7, None, None, "left"],
    ]
    assert list(found[0]) == names


def test_all_that_stands_below_without_columns(read, shelf):
    found = read(shelf, rows="/shelf/book")
    assert [list(row) for row in found] == [["id", "lent", "title", "author", "pages", "price", "out"]] * 2
    assert found[0]["lent"] is True
    assert found[0]["out"] == datetime.date(2020, 1, 31)
    assert found[1]["title"] is None, "elements with elements inside are not taken"
    assert [row["price"] for row in found] == [12.5, 8.0]
    assert read(shelf, types="text", rows="/shelf/book")[0]["pages"] == "310"


def test_the_same_as_the_standard_library_finds(read, shelf):
    tree = ElementTree.parse(shelf)
    wanted = [e.text for e in tree.iter("{http://example.org/book}author")]
    assert [row["author"] for row in read(shelf, rows="//author")] == wanted


@pytest.mark.parametrize("path", ["shelf.xml.gz", "latin.xml", "bom.xml", "utf16.xml"])
def test_compressed_and_in_other_encodings(read, tmp_path, path):
    text = BOOKS.replace("UTF-8", {"latin.xml": "iso-8859-1", "utf16.xml": "utf-16"}.get(path, "UTF-8"))
    made = text.encode({"latin.xml": "latin-1", "utf16.xml": "utf-16", "bom.xml": "utf-8-sig"}.get(path, "utf-8"))
    (tmp_path / path).write_bytes(gzip.compress(made) if path.endswith("gz") else made)
    assert read(str(tmp_path / path), rows="//title")[0]["title"] == "Emil & Söhne"


def test_codes_with_zeros_in_front_stay_text(read, tmp_path):
    (tmp_path / "a.xml").write_text("<a><b zip='00501' n='1e3' d='x'/><b zip='20095' n='2' d='1'/></a>")
    assert read(str(tmp_path / "a.xml")) == [
        {"zip": "00501", "n": 1000.0, "d": "x"},
        {"zip": "20095", "n": 2.0, "d": "1"},
    ]


TWICE = "".join(f'<!ENTITY x{i} "&x{i - 1};&x{i - 1};">' for i in range(1, 40))
BOMB = f'<!DOCTYPE a [<!ENTITY x0 "ha">{TWICE}]><a>&x39;</a>'
FILE = '<!DOCTYPE a [<!ENTITY secret SYSTEM "file:///etc/passwd">]><a><b>&secret;</b></a>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]><a><b/></a>'
BAD = {
    "bomb": (BOMB, r'declares the entity "x0"'),
    "file": (FILE, r'declares the entity "secret"'),
    "parameter": (PARAMETER, r'declares the entity "p"'),
    "unknown entity": ("<a><b>&nbsp;</b></a>", "Line 1, column 7: undefined entity"),
    "cut short": (BOOKS[:300], "Line 5, column 32: unclosed token"),
    "wrong end": ("<a>\n<b></a>", "Line 2, column 6: mismatched tag"),
    "empty": ("", "Line 1, column 1: no element found"),
    "no xml": ("a,b\n1,2\n", "Line 1, column 1: syntax error"),
    "deep": ("<a>" * 100_000, "more than 500 deep"),
}


@pytest.mark.parametrize("kind", BAD)
def test_files_that_are_not_read(read, tmp_path, kind):
    text, what = BAD[kind]
    (tmp_path / "bad.xml").write_text(text)
    with pytest.raises(DataError, match=what) as caught:
        read(str(tmp_path / "bad.xml"), rows="//b")
    assert "bad.xml cannot be read" in caught.value.what
    assert caught.value.remedy


def test_what_a_doctype_names_is_not_fetched(read, tmp_path):
    (tmp_path / "a.xml").write_text('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a><b>1</b></a>')
    assert read(str(tmp_path / "a.xml")) == [{"b": 1}]


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"rows": "//buch"}, 'no element at "//buch"'),
        ({"rows": "//book["}, r'The XPath "//book\[" is not understood'),
        ({"rows": "count(//book)"}, "is not understood"),
        ({"columns": columns(a="title[")}, "is not understood"),
        ({"columns": [*columns(a="title"), *columns(a="@id")]}, 'a column "a" already'),
        ({"rows": "//box"}, "neither attributes nor elements"),
    ],
)
def test_wrong_paths_are_told(read, shelf, settings, what):
    with pytest.raises(SettingError, match=what) as caught:
        read(shelf, **{"rows": "//book", **settings})
    assert caught.value.remedy
    assert caught.value.setting


CELLS = [
    {"n": 1, "x": "<p id='1'><name>Ulm</name><tag>a</tag><tag>b</tag></p>"},
    {"n": 2, "x": None},
    {"n": 3, "x": "<p><name/></p>"},
]
CELL_SCHEMA = pa.schema({"n": pa.int64(), "x": pa.string()})


def test_values_out_of_cells(ask):
    found = ask(CELLS, extract=columns(id="@id", name="name", deep=".//tag[2]", root="/p/@id"))
    assert [{k: v for k, v in row.items() if k != "x"} for row in found] == [
        {"n": 1, "id": "1", "name": "Ulm", "deep": "b", "root": "1"},
        {"n": 2, "id": None, "name": None, "deep": None, "root": None},
        {"n": 3, "id": None, "name": None, "deep": None, "root": None},
    ]
    every = ask(CELLS, extract=columns(tags="tag"), values="all")
    assert [row["tags"] for row in every] == [["a", "b"], [], []]


def test_a_cell_that_is_no_xml(ask):
    rows = [*CELLS, {"n": 4, "x": "<p>"}, {"n": 5, "x": BOMB}]
    with pytest.raises(DataError, match=r'Row 4 of "x" is no XML\. Line 1, column 4: no element found'):
        ask(rows, extract=columns(name="name"))
    found = ask(rows, extract=columns(name="name"), wrong="missing")
    assert [row["name"] for row in found] == ["Ulm", None, None, None, None]
    with pytest.raises(SettingError, match='a column "n" already'):
        ask(rows, extract=columns(n="name"))
