from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import FormulaError, SettingError
from peephole.nodes.control.folds import fold
from peephole.nodes.control.variables import table_value, variable, variable_formula
from peephole.nodes.control.ways import if_else, switch, try_otherwise


def told(rows):
    """The rows whatever their order, and that of their columns."""
    return sorted(repr(sorted(row.items())) for row in rows)


@given(data=st.data(), folds=st.integers(2, 3), stratify=st.sampled_from([None, "b"]))
def test_each_row_is_tested_on_once(on, random_rows, data, folds, stratify):
    rows = data.draw(random_rows)
    tested = []
    for number in range(1, folds + 1):
        parts = fold(on.frame(rows), folds=folds, fold=number, stratify=stratify)
        train, test = on.rows(parts.train), on.rows(parts.test)
        assert told(train + test) == told(rows)
        assert abs(len(test) - len(rows) / folds) < 1
        for value in (True, False, None) if stratify else ():
            here = sum(r["b"] is value for r in rows)
            assert abs(sum(r["b"] is value for r in test) - here / folds) < 1
        tested += test
    assert told(tested) == told(rows)


def test_a_fold_too_many_is_told(on):
    with pytest.raises(SettingError, match="fold 4"):
        fold(on.frame([]), folds=3, fold=4)


@pytest.mark.parametrize(
    "function", ["sum", "mean", "median", "min", "max", "std", "count", "distinct", "first", "last"]
)
@given(data=st.data())
def test_a_figure_of_a_table(on, random_rows, data, function):
    rows = data.draw(random_rows)
    values = pd.Series([r["v"] for r in rows], dtype=float)
    expected = {
        "distinct": values.nunique,
        "first": lambda: next(iter(values.dropna()), None),
        "last": lambda: next(iter(values.dropna()[::-1]), None),
    }.get(function) or getattr(values, function)
    found = table_value(on.frame(rows), function=function, column="v")
    value = expected()
    assert found.value == (None if pd.isna(value) else pytest.approx(value))
    assert table_value(on.frame(rows)).value == len(rows)


def test_values_that_json_does_not_know(on):
    schema = pa.schema({"d": pa.date32(), "t": pa.timestamp("us")})
    table = on.frame([{"d": dt.date(2024, 5, 1), "t": dt.datetime(2024, 5, 1, 12)}], schema)
    assert table_value(table, function="max", column="d").value == "2024-05-01"
    assert table_value(table, function="max", column="t").value == "2024-05-01T12:00:00"
    with pytest.raises(SettingError, match="Table value: mean of what"):
        table_value(table, function="mean")


@pytest.mark.parametrize(
    ("a", "b", "expression", "value"),
    [
        (3, None, "a > 2", True),
        (3, 4, "a * b", 12),
        (1, 0, "a / b", None),
        ("x", "y", "a || b", "xy"),
        (3, 2.5, "CASE WHEN a > b THEN 1 ELSE 2 END", 1),
    ],
)
def test_a_variable_computed(a, b, expression, value):
    assert variable_formula(a, b, expression=expression) == value


def test_wrong_formulas_of_variables():
    with pytest.raises(FormulaError, match='no column "c"'):
        variable_formula(1, expression="c > 1")
    assert variable(value="x").value == "x"


def test_ways_as_plain_functions(on):
    row = {"k": None, "g": None, "v": None, "i": None, "b": None}
    one, two = ([{**row, "g": 1}], [{**row, "g": 2}])
    frames = on.frame(one), on.frame(two)
    assert on.rows(if_else(*frames)) == one
    assert on.rows(if_else(*frames, condition=False)) == two
    assert on.rows(if_else(frames[0], condition=False)) == []
    assert on.rows(switch(*frames, case=2)) == two
    assert on.rows(try_otherwise(*frames)) == one
    assert on.rows(try_otherwise(None, frames[1])) == two
    with pytest.raises(SettingError, match="2 tables"):
        switch(*frames, case=3)
    with pytest.raises(SettingError, match="stands in"):
        try_otherwise(None)
