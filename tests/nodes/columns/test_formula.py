from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import DataError, FormulaError, SettingError
from peephole.nodes.columns.formula import formula


@given(data=st.data())
def test_computes_row_by_row(on, random_rows, data):
    rows = data.draw(random_rows)
    found = on.rows(formula(on.frame(rows), name="x", expression="v / g + CASE WHEN k = 'a' THEN 1 ELSE 0 END"))
    expected = [r["v"] / r["g"] + (r["k"] == "a") if r["v"] is not None and r["g"] else None for r in rows]
    assert [r["x"] for r in found] == pytest.approx(expected)


def test_an_old_name_is_replaced_in_its_place(on):
    row = {"k": "a", "g": 1, "v": 1.0, "i": 3, "b": None}
    assert on.rows(formula(on.frame([row]), name="g", expression="g + 1")) == [{**row, "g": 2}]


@pytest.mark.parametrize("expression", ["v / 0", "g % 0", "g // 0", "ln(v)", "sqrt(v - 100)", "pow(v - 9, 0.5)"])
def test_what_is_no_finite_number_is_missing(on, expression):
    row = {"k": "a", "g": 1, "v": 0.0, "i": 3, "b": None}
    assert on.rows(formula(on.frame([row]), name="x", expression=expression))[0]["x"] is None


def test_fractions_are_plain_numbers_not_decimals(on):
    row = {"k": "a", "g": 3, "v": 0.0, "i": 3, "b": None}
    assert on.rows(formula(on.frame([row]), name="x", expression="g * 1.5"))[0]["x"] == 4.5


def test_types_that_do_not_go_together(on):
    with pytest.raises(FormulaError, match="does not fit the table") as caught:
        formula(on.frame([]), name="x", expression="k - 1")
    assert "Candidate" not in str(caught.value)


def test_a_hidden_name_is_refused(on):
    with pytest.raises(SettingError, match="cannot be called"):
        formula(on.frame([]), name="__row__", expression="g")


def test_a_value_that_cannot_be_turned_is_named(on):
    row = {"k": "word", "g": 3, "v": 0.0, "i": 3, "b": None}
    with pytest.raises(DataError, match="word"):
        on.rows(formula(on.frame([row]), name="x", expression="CAST(k AS INTEGER)"))
