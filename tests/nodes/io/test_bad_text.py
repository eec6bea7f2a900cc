"""Text files that are hard to read: either they are read right, or the message says what, where, and what to do."""

from __future__ import annotations

import math

import pytest

from peephole.core.errors import DataError, SourceError


def test_numbers_in_the_german_style(read, listening):
    rows = read("betrag;tag\n1.234,56;01.02.2013\n-2.000.000,5;15.03.2014\n12;1.4.2014\n")
    assert [row["betrag"] for row in rows] == [1234.56, -2000000.5, 12.0]
    assert str(rows[0]["tag"]) == "2013-02-01"
    assert listening.messages == ['Numbers are read with "." between thousands and "," before the fraction.']


@pytest.mark.parametrize(
    ("text", "settings", "value"),
    [
        ("a\tb\n1,234.50\tx\n", {}, 1234.5),
        ('a,b\n"1,234.50",x\n', {}, 1234.5),
        ("a;b\n1.234;x\n", {}, 1.234),  # it cannot be told from a fraction: the setting says so
        ("a;b\n1.234;x\n", {"thousands": ".", "decimal": ","}, 1234.0),
        ("a;b\n1'234,5;x\n", {"thousands": "'", "decimal": ","}, 1234.5),
        ("a;b\n1.234,5;x\n", {"thousands": ""}, "1.234,5"),
    ],
)
def test_signs_between_thousands(read, text, settings, value):
    assert read(text, **settings)[0]["a"] == value


def test_a_column_that_is_text_because_of_a_few_cells_is_told(read, listening):
    prices = [f"{i},5" for i in range(40)]
    prices[3] = prices[7] = "k. A."
    rows = read("Umsatz (€);Ort\n" + "".join(f"{price};West\n" for price in prices))
    assert rows[0]["Umsatz (€)"] == "0,5"
    assert listening.messages == [
        '"Umsatz (€)" is text because of "k. A." (2 cells of the first 40 rows). '
        "Where that stands for a missing value, add it to `null_words`."
    ]


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("a;b\n" + "1;x\n" * 20 + "n/a;x\n", {}),  # it stands for a missing value: the column holds numbers
        ("a;b\n" + "1;x\n" * 12 + "none;x\n" * 4, {}),  # too many to be a slip
        ("a;b\n" + "1;x\n" * 20 + "none;x\n", {"types": {"a": "text"}}),
        ("a;b\n1;x\nnone;x\n", {}),
    ],
)
def test_text_that_is_meant_is_not_told(read, listening, text, settings):
    read(text, **settings)
    assert listening.messages == []


def test_a_cell_of_ten_megabytes(read):
    text = "x" * 10_000_000
    assert [len(row["b"]) for row in read(f'a,b\n1,{text}\n2,"{text}"\n')] == [10_000_000, 10_000_000]
    with pytest.raises(SourceError, match="longer than `longest_line` allows") as caught:
        read(f"a,b\n1,{text}\n", longest_line=5)
    assert caught.value.setting == "longest_line"
    assert len(str(caught.value)) < 400


def test_five_thousand_columns(read):
    names = [f"c{i}" for i in range(5000)]
    rows = read(",".join(names) + "\n" + ",".join(map(str, range(5000))) + "\n")
    assert rows == [dict(zip(names, range(5000), strict=True))]


def test_names_with_quotes_spaces_and_emoji(read):
    rows = read('"say ""hi""",it\'s, two words ,\U0001f600\n1,2,3,4\n')
    assert list(rows[0].values()) == [1, 2, 3, 4]
    assert [name.strip() for name in rows[0]] == ['say "hi"', "it's", "two words", "\U0001f600"]


def test_a_column_named_as_our_hidden_one(read, listening):
    assert read("__row__,b\n7,2\n") == [{"row": 7, "b": 2}]
    assert '"__row__" to "row"' in listening.messages[0]


def test_columns_without_a_name(read, listening):
    assert list(read("a,,\n1,2,3\n")[0]) == ["a", "column1", "column2"]
    assert "Column names changed" in listening.messages[0]


FAR = "1,22222222\n" * 60_000


def test_mixed_types_further_down_than_was_looked(read):
    with pytest.raises(DataError, match=r'Line 60002 cannot be read.*"x".*x,2.*set the type of the column to text'):
        read(f"a,b\n{FAR}x,2\n")
    assert read("a,b\n1,2\nx,2\n")[0] == {"a": "1", "b": 2}


def test_a_ragged_row_far_down(read):
    with pytest.raises(DataError, match=r"Line 60002 cannot be read: Expected Number of Columns: 2 Found: 1"):
        read(f"a,b\n{FAR}3\n")


def test_the_wrong_encoding_is_told_with_the_line(read):
    late = b"a,b\n" + b"1,uuuuuuuuu\n" * 60_000 + "1,\u00fc\n".encode("windows-1252")
    for settings in ({}, {"encoding": "utf-8"}):
        with pytest.raises(DataError, match=r"Line 60002 .*encoding.*windows-1252") as caught:
            read(late, **settings)
        assert caught.value.setting == "encoding"
    assert read(late, encoding="windows-1252")[0]["a"] == 1
    with pytest.raises(SourceError, match=r"not written in utf-8.*Set `encoding`"):
        read("a,b\n1,\u00fc\n".encode("latin-1"), encoding="utf-8")


@pytest.mark.parametrize(
    ("data", "word", "said"),
    [
        (
            b"a;b\nx;0\n\xe4;1\n\xc3\xa4;2\n",
            "\u00e4",
            "Read as latin-1, which is a guess: the file is not utf-8 (line 3: byte 0xe4)",
        ),
        (
            b"a;b\nx;0\n\x80;1\n",
            "\u20ac",
            "Read as windows-1252, which is a guess: the file is not utf-8 (line 3: byte 0x80)",
        ),
    ],
)
def test_a_guessed_encoding_is_told(read, listening, data, word, said):
    assert read(data)[1]["a"] == word
    assert listening.messages == [said + ". `encoding` sets another."]


def test_a_set_encoding_is_no_guess(read, listening):
    assert read(b"a;b\n\xe4;1\n", encoding="latin-1")[0]["a"] == "\u00e4"
    assert read("a;b\n\u00e4;1\n")[0]["a"] == "\u00e4"
    assert listening.messages == []


def test_impossible_dates(read):
    assert [row["d"] for row in read("d,n\n2013-02-30,1\n2013-03-01,2\n")] == ["2013-02-30", "2013-03-01"]
    with pytest.raises(DataError, match=r'Line 2 cannot be read.*"2013-02-30" to .DATE'):
        read("d,n\n2013-02-30,1\n2013-03-01,2\n", types={"d": "date"})


def test_infinite_and_missing_values(read):
    rows = read("v,n\ninf,1\n-Infinity,2\nNaN,3\n,4\n2.5,5\n", types={"v": "number"})
    assert [row["v"] for row in rows] == [math.inf, -math.inf, None, None, 2.5]


def test_only_a_header(read):
    assert read("a,b\n") == []
    assert read("a") == []


def test_lines_before_the_table(read):
    assert read("Report of May\n\na;b\n1;2\n", skip_lines=2) == [{"a": 1, "b": 2}]
    assert read("'a,b',c\n'1,5',2\n", quote="'") == [{"a,b": "1,5", "c": 2}]


def test_a_quote_that_is_never_closed(read, listening):
    assert read('a,b\n1,"x\n2,y\n') == [{"a": 1, "b": '"x'}, {"a": 2, "b": "y"}]
    assert "Quotes are read as letters" in listening.messages[0]
