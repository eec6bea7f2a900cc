"""XML read as rows and asked by XPath; what it must not do to who reads it."""

from __future__ import annotations

import datetime
import gzip
import time
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from lxml import etree

from peephole.core.errors import Cancelled, DataError, SettingError
from peephole.core.progress import reporting_to
from peephole.nodes.io.xml import read_xml, xpath
from peephole.tables import xml_source as source
from peephole.tables.xml_paths import Query, Spaces, bound

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


def test_encodings_of_the_world(read, tmp_path):
    text = '<?xml version="1.0" encoding="shift_jis"?><a><b><c>日本</c></b></a>'
    (tmp_path / "a.xml").write_bytes(text.encode("shift_jis"))
    assert read(str(tmp_path / "a.xml")) == [{"c": "日本"}]


def test_a_damaged_archive_is_told(read, tmp_path):
    packed = bytearray(gzip.compress(BOOKS.encode() * 50))
    packed[40:60] = bytes(20)
    (tmp_path / "a.xml.gz").write_bytes(packed)
    with pytest.raises(DataError, match=r"a\.xml\.gz cannot be read"):
        read(str(tmp_path / "a.xml.gz"))


def test_whole_numbers_that_no_type_holds_stay_text(read, tmp_path):
    (tmp_path / "a.xml").write_text("<a><b n='12345678901234567890' m='9007199254740993'/><b n='2' m='1.5'/></a>")
    assert read(str(tmp_path / "a.xml")) == [
        {"n": "12345678901234567890", "m": "9007199254740993"},
        {"n": "2", "m": "1.5"},
    ]


def test_names_that_meet_are_told_apart(read, tmp_path):
    (tmp_path / "a.xml").write_text(
        "<r xmlns:a='urn:a' xmlns:b='urn:b'><e id='1' Sum='x'><id>2</id><a:x>3</a:x><b:x>4</b:x><SUM>y</SUM></e></r>"
    )
    path = str(tmp_path / "a.xml")
    assert read(path) == [{"@id": 1, "@Sum": "x", "id": 2, "a:x": 3, "b:x": 4, "SUM": "y"}]
    found = read(path, columns=columns(a="a:x", b="b:x", any="x[2]", none="c:x"))
    assert found == [{"a": 3, "b": 4, "any": 4, "none": None}]


SALES = """<sales currency="EUR"><region name="north"><sale><amount>3</amount></sale><sale><amount>4.5</amount></sale>
</region><region name="south"><sale late="yes"><amount>7</amount></sale></region></sales>"""


def test_the_whole_of_xpath(read, tmp_path):
    (tmp_path / "a.xml").write_text(SALES)
    found = read(
        str(tmp_path / "a.xml"),
        rows="//sale",
        columns=columns(region="../@name", top="ancestor::sales/@currency", place="count(preceding::sale) + 1",
                        late="@late = 'yes'", all="sum(//amount)", said="concat(amount, ' ', /sales/@currency)",
                        here="amount/text()", share="amount div sum(../sale/amount)",
                        next="following-sibling::sale/amount"),
    )  # fmt: skip
    assert [list(row.values()) for row in found] == [
        ["north", "EUR", 1, False, 14.5, "3 EUR", 3.0, 0.4, 4.5],
        ["north", "EUR", 2, False, 14.5, "4.5 EUR", 4.5, 0.6, None],
        ["south", "EUR", 3, True, 14.5, "7 EUR", 7.0, 1.0, None],
    ]


@pytest.mark.parametrize(
    ("path", "everywhere"),
    [
        ("//currency", True),
        ("/a/b[@id = 3][. = 'x']/@c", True),
        ("count(//a) + string-length(/b/c)", True),
        ("(//a | /b)[2]/c", True),
        ("'/a'", True),
        ("//a | b", False),
        ("count(//a) + string-length()", False),
        ("string()", False),
        ("concat(@id, //a)", False),
        ("//a = .", False),
        ("../c", False),
        ("child::div div /mod", False),
        ("/div div /mod", True),
        ("text()", False),
        ("//text()", True),
    ],
)
def test_which_paths_find_the_same_from_everywhere(path, everywhere):
    assert Query(path, "rows").everywhere is everywhere


@pytest.mark.parametrize(
    ("path", "quick"),
    [
        ("//*[@id]", "/descendant::*[@id]"),
        (".//b[c = 2][not(d)]/e[1]", "./descendant::b[c = 2][not(d)]/e[1]"),
        ("//b[c[2]]//c", "/descendant::b[c[2]]/descendant::c"),
        ("count(//b[. = last()])", None),
        ("//b[2]", None),
        ("//b[count(c)]", None),
        ("//b[c + 1]", None),
        ("//b['x']", None),
        ("//@id", None),
    ],
)
def test_paths_that_libxml2_is_slow_with_are_put_otherwise(path, quick):
    assert bound(path, Spaces())[0] == (quick or path)
    root = etree.fromstring(
        "<a><b id='1'><c>2</c><c/></b><b><c>2</c><d/><b id='3'><c>2</c><e/><e/><b/></b></b><d id='4'><c/></d></a>"
    )
    assert etree.XPath(bound(path, Spaces())[0])(root) == etree.XPath(path)(root)


def test_many_elements_in_a_namespace_are_read_in_a_moment(read, tmp_path):
    cell = "<b id='1'><c>1</c><d><e>2</e></d></b>"
    (tmp_path / "a.xml").write_text(f"<a xmlns='urn:x'>{cell * 30_000}</a>")
    start = time.process_time()
    found = read(str(tmp_path / "a.xml"), rows="//*[@id]", columns=columns(e="d/e", c="c"))
    assert len(found) == 30_000
    assert found[-1] == {"e": 2, "c": 1}
    assert time.process_time() - start < 15


def test_a_path_from_the_root_is_evaluated_once(read, tmp_path, monkeypatch):
    (tmp_path / "a.xml").write_text(f"<a>{'<b><c>1</c></b>' * 500}</a>")
    asked = []
    whole = Query.found
    monkeypatch.setattr(Query, "found", lambda self, *where: asked.append(self.path) or whole(self, *where))
    found = read(str(tmp_path / "a.xml"), columns=columns(one="//c", own="c"))
    assert len(found) == 500
    assert asked.count("c") > 500
    assert asked.count("//c") <= 4  # also to see whether it is understood


def test_reading_stops_between_two_rows(tmp_path):
    (tmp_path / "a.xml").write_text(f"<a>{'<b><c>1</c></b>' * 500}</a>")

    class Stopping:
        asked = 0

        def cancelled(self):
            self.asked += 1
            return self.asked > 20

    stopping = Stopping()
    with reporting_to(stopping), pytest.raises(Cancelled):
        source.read_xml(tmp_path / "a.xml", "/a/b", {"c": "../b[last()]/c"}, "text")
    assert stopping.asked == 21


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
STRICT = '<!DOCTYPE html PUBLIC "-//W3C" "xhtml1-strict.dtd">'
BAD = {
    "bomb": (BOMB, "Line 1, column 6: Maximum entity nesting depth exceeded"),
    "bomb in an attribute": (BOMB.replace("<a>&x39;", "<a b='&x39;'>"), "Maximum entity"),
    "entity": ('<!DOCTYPE a [<!ENTITY x0 "ha">]><a>&x0;</a>', r'declares the entity "x0"'),
    "entity of a DTD": (f"{STRICT}<a><b>caf&eacute;</b></a>", "Line 1, column 69: Entity 'eacute' not defined"),
    "entity in an attribute": (f'{STRICT}<a><b x="caf&eacute;"/></a>', "Entity 'eacute' not defined"),
    "no such encoding": ('<?xml version="1.0" encoding="foo"?><a><b>1</b></a>', "Unsupported encoding: foo"),
    "no such prefix": ("<a><x:b>1</x:b></a>", "Namespace prefix x on b is not defined"),
    "file": (FILE, r'declares the entity "secret"'),
    "parameter": (PARAMETER, r'declares the entity "p"'),
    "unknown entity": ("<a><b>&nbsp;</b></a>", "Line 1, column 13: Entity 'nbsp' not defined"),
    "cut short": (BOOKS[:300], "Line 5, column 36: Opening and ending tag mismatch"),
    "wrong end": ("<a>\n<b></a>", "Line 2, column 8: Opening and ending tag mismatch"),
    "empty": ("", "Line 1, column 1: Document is empty"),
    "no xml": ("a,b\n1,2\n", "Line 1, column 1: Start tag expected"),
    "deep": ("<a>" * 100_000, "Excessive depth in document: 256"),
    "long": (f"<a>{'x' * 11_000_000}</a>", "Text node too long"),
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
        ({"rows": "//book["}, "Invalid expression, at character 8"),
        ({"rows": "count(//book)"}, "are not elements"),
        ({"rows": "//book/@id"}, "are not elements"),
        ({"columns": columns(a="title[")}, "is not understood"),
        ({"columns": columns(a="titel()")}, "Unregistered function"),
        ({"columns": columns(a="$x")}, "Undefined variable"),
        ({"columns": [*columns(a="title"), *columns(a="@id")]}, 'two columns would be called "a"'),
        ({"columns": columns(a="title", A="@id")}, 'two columns would be called "a"'),
        ({"columns": [{"name": " ", "path": "title"}]}, "a column needs a name"),
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
    with pytest.raises(DataError, match=r'Row 4 of "x" is no XML\. Line 1, column 4: Premature end'):
        ask(rows, extract=columns(name="name"))
    found = ask(rows, extract=columns(name="name"), wrong="missing")
    assert [row["name"] for row in found] == ["Ulm", None, None, None, None]
    with pytest.raises(SettingError, match='two columns would be called "N"'):
        ask(rows, extract=columns(N="name"), wrong="missing")


def test_an_extracted_column_takes_the_place_of_one_of_its_name(ask):
    assert ask(CELLS[:1], extract=columns(x="name")) == [{"n": 1, "x": "Ulm"}]


def test_cells_with_namespaces_and_a_declaration(ask):
    cells = [
        "<?xml version='1.0' encoding='latin-1'?><a xmlns='urn:1'><b>ä</b></a>",
        "<x:a xmlns:x='urn:2'><x:b>c</x:b></x:a>",
    ]
    found = ask([{"n": i, "x": cell} for i, cell in enumerate(cells)], extract=columns(b="b", root="/a/b", own="x:b"))
    assert [[row["b"], row["root"], row["own"]] for row in found] == [["ä", "ä", None], ["c", "c", "c"]]
