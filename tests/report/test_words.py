"""Numbers, durations and cells as people read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.report.facts import all_facts, facts_text
from peephole.report.model import Column, TableHead
from peephole.report.tables import PRINTED, score_text, shown
from peephole.report.words import cell, count, decimals, duration, number, plural


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, ""), (0, "0 ms"), (0.0904, "90 ms"), (0.61, "0.6 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"),
     (200, "3 min 20 s"), (7500, "2 h 05 min")],
)  # fmt: skip
def test_durations(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (1.5, "1.5"), (-0.25, "−0.25"), (1234567.891, "1,234,568"), (3.14159265, "3.1416"), (1e-9, "1e−09"),
     (float("nan"), "NaN"), (float("-inf"), "−∞")],
)  # fmt: skip
def test_numbers(value: float, said: str) -> None:
    assert number(value) == said


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_number_can_be_said(value: float) -> None:
    assert number(value)
    assert cell(value) == number(value)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True)))
def test_any_column_has_shared_decimals_or_none(values: list[float]) -> None:
    digits = decimals(values)
    assert digits is None or 0 <= digits <= 6


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, ""), (True, "true"), (12345, "12,345"), ("text", "text"), (date(2013, 1, 2), "2013-01-02"),
     (datetime(2013, 1, 2, 5), "2013-01-02 05:00:00"), (timedelta(minutes=3), "3 min 00 s"), (b"abc", "3 bytes"),
     ([1, None], "[1, ]"), ({"a": 1.5}, "{a: 1.5}"), (timedelta(seconds=-2), "−2.0 s")],
)  # fmt: skip
def test_cells(value: Any, said: str) -> None:
    assert cell(value) == said


@pytest.mark.parametrize("value", [1234567890123456789, -9007199254740993, 2**63 - 1])
def test_whole_numbers_keep_every_digit(value: int) -> None:
    assert cell(value).replace(",", "").replace("−", "-") == str(value)


@pytest.mark.parametrize(
    ("values", "digits"),
    [([15500.87, 9827.36, 12.5], 2), ([15500.876, 9827.361], 1), ([0.25, 3.5], 2), ([1.0, 20000.0], 0),
     ([1.2, 1.234567e-6], None), ([1.2, 0.0123456], 3), ([0.1 / 3, 2 / 3], 4)],
)  # fmt: skip
def test_decimals_of_a_column(values: list[float], digits: int | None) -> None:
    assert decimals(values) == digits


def test_counts() -> None:
    assert (count(336776), plural(1, "row"), plural(2000, "row")) == ("336,776", "1 row", "2,000 rows")


def head(*columns: tuple[str, str, list[Any]], total: int | None = None) -> TableHead:
    rows = tuple(zip(*(values for _, _, values in columns), strict=True))
    return TableHead(tuple(Column(n, t) for n, t, _ in columns), rows, total)


def test_a_column_of_numbers_shares_its_decimals_and_stands_right() -> None:
    table = shown(head(("delay", "number", [3.5, 12.25, None]), ("carrier", "text", ["UA", "", None])))
    assert [row[0].text for row in table.rows] == ["3.50", "12.25", ""]
    assert [row[1].kind for row in table.rows] == ["text", "text", "null"]
    assert [c.numeric for c in table.columns] == [True, False]


def test_exact_decimals_are_numbers() -> None:
    rows = shown(head(("sum", "number", [Decimal(12345), Decimal("-2.50"), Decimal("NaN")]))).rows
    assert [r[0].text for r in rows] == ["12,345", "−2.5", "NaN"]


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("number", [15500.87, 9827.36, 0.05], ["15,500.87", "9,827.36", "0.05"]),
        ("number", [1234567890.5, 2.25], ["1,234,567,890.50", "2.25"]),
        ("number", [0.51234, 0.000001234567], ["0.51234", "1.235e−06"]),
        ("integer", [1234567890123456789, -9007199254740993], ["1,234,567,890,123,456,789", "−9,007,199,254,740,993"]),
    ],
)
def test_no_digit_that_matters_is_lost(kind: str, values: list[Any], said: list[str]) -> None:
    assert [row[0].text for row in shown(head(("amount", kind, values))).rows] == said


def test_years_and_flight_numbers_are_not_cut_into_thousands() -> None:
    assert [r[0].text for r in shown(head(("year", "integer", [2013, 2014]))).rows] == ["2013", "2014"]
    assert [r[0].text for r in shown(head(("dep_time", "integer", [517, 1545]))).rows] == ["517", "1545"]
    assert [r[0].text for r in shown(head(("on time", "integer", [2013, 20140]))).rows] == ["2,013", "20,140"]


def test_rows_and_columns_left_out_are_told() -> None:
    table = shown(head(*((f"c{i}", "integer", [1, 2]) for i in range(PRINTED + 3)), total=98_204))
    assert table.extent == f"98,204 rows × {PRINTED + 3} columns"
    assert table.more == "98,202 more rows"
    assert table.unprinted == 3
    assert [c.late for c in table.columns] == [False] * PRINTED + [True] * 3


def test_a_long_text_is_cut_and_whole_on_hover() -> None:
    found = shown(head(("text", "text", ["x" * 500]))).rows[0][0]
    assert len(found.text) == 400
    assert found.full == "x" * 500


def test_an_empty_table() -> None:
    table = shown(head(("a", "integer", [])))
    assert (table.rows, table.extent) == ((), "0 rows × 1 column")


def test_scores() -> None:
    assert [score_text(v) for v in (0.81125, 12345.6, 7, None, "ok")] == ["0.811", "12,346", "7", "–", "ok"]


def test_facts() -> None:
    assert facts_text("Table", {"rows": 336776, "columns": 19, "schema": {}}) == "336,776 × 19"
    assert facts_text("Variable", {"value": 3}) == "3"
    assert (
        facts_text("Model", {"task": "classification", "leaves": 57, "classes": [0, 1]}) == "classification, 57 leaves"
    )
    two = [("Table", {"rows": 70, "columns": 3}), ("Table", {"rows": 30, "columns": 3}), ("Figure", {})]
    assert all_facts(two) == "70 + 30"
    assert all_facts([]) == ""
