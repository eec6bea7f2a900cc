from __future__ import annotations

import datetime as dt
import decimal
import math

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peephole.core.errors import SettingError
from peephole.nodes.columns.narrowing import correlation_filter, low_variance_filter, sparse_column_filter
from peephole.nodes.columns.row_figures import (
    aggregate_columns,
    constant_column,
    date_difference,
    rename_columns,
    round_numbers,
)


def _frame(rows):
    return pd.DataFrame(rows, columns=["k", "g", "v", "i", "b"]).astype({"g": float, "v": float})


@pytest.mark.parametrize("function", ["sum", "mean", "min", "max", "count", "missing"])
@given(data=st.data())
def test_figures_of_a_row_are_those_of_pandas(on, random_rows, function, data):
    rows = data.draw(random_rows)
    numbers = _frame(rows)[["g", "v"]]
    wanted = {
        "count": lambda: numbers.notna().sum(axis=1),
        "missing": lambda: numbers.isna().sum(axis=1),
    }.get(function, lambda: getattr(numbers, function)(axis=1))()
    found = [r[function] for r in on.rows(aggregate_columns(on.frame(rows), columns=["g", "v"], function=function))]
    assert found == [None if pd.isna(e) else pytest.approx(e) for e in wanted]


ROUNDED = {
    "half to even": ([2.0, 4.0, -2.0, 0.0], [1.2, 1.4]),
    "half up": ([3.0, 4.0, -3.0, 0.0], [1.3, 1.4]),
    "down": ([2.0, 3.0, -3.0, 0.0], [1.2, 1.3]),
    "up": ([3.0, 4.0, -2.0, 1.0], [1.3, 1.4]),
    "toward zero": ([2.0, 3.0, -2.0, 0.0], [1.2, 1.3]),
}


WAYS = {
    "half to even": decimal.ROUND_HALF_EVEN,
    "half up": decimal.ROUND_HALF_UP,
    "down": decimal.ROUND_FLOOR,
    "up": decimal.ROUND_CEILING,
    "toward zero": decimal.ROUND_DOWN,
}


@pytest.mark.parametrize("how", WAYS)
@given(whole=st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=20), digits=st.integers(-2, 4))
@example(whole=[285, 1255, 1005, 2675, 1115, -1005, 290, 0], digits=2)
@example(whole=[1005, 2500, -7499], digits=0)
def test_decimals_are_rounded_as_they_are_written(on, how, whole, digits):
    rows = [{"k": None, "g": None, "v": n / 1000, "i": None, "b": None} for n in whole]
    found = [r["v"] for r in on.rows(round_numbers(on.frame(rows), columns=["v"], how=how, digits=digits))]
    step = decimal.Decimal(1).scaleb(-digits)
    assert found == [float(decimal.Decimal(repr(n / 1000)).quantize(step, WAYS[how])) for n in whole]


@pytest.mark.parametrize("how", WAYS)
def test_numbers_without_a_fraction_stay(on, how):
    large = [1e300, -1.7e308, 2.0**53 + 2, 123456789012345.0]
    rows = [{"k": None, "g": None, "v": v, "i": None, "b": None} for v in large]
    assert [r["v"] for r in on.rows(round_numbers(on.frame(rows), columns=["v"], how=how, digits=12))] == large


@pytest.mark.parametrize("how", ROUNDED)
def test_rounding(on, how):
    whole, tenths = ROUNDED[how]
    rows = [{"k": None, "g": None, "v": v, "i": None, "b": None} for v in (2.5, 3.5, -2.5, 0.25)]
    found = on.rows(round_numbers(on.frame(rows), columns=["v", "g"], how=how))
    assert [r["v"] for r in found] == whole
    assert [r["g"] for r in found] == [None] * 4
    fine = [{"k": None, "g": None, "v": v, "i": None, "b": None} for v in (1.25, 1.375)]
    assert [r["v"] for r in on.rows(round_numbers(on.frame(fine), columns=["v"], how=how, digits=1))] == tenths
    large = [{"k": None, "g": None, "v": 1234.0, "i": None, "b": None}]
    hundreds = 1300.0 if how == "up" else 1200.0
    assert on.rows(round_numbers(on.frame(large), columns=["v"], how=how, digits=-2))[0]["v"] == hundreds


DATES = pa.schema({"a": pa.date32(), "b": pa.timestamp("us")})
moments = st.none() | st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2030, 1, 1))
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}


@given(data=st.data())
def test_time_between_dates(on, data):
    pairs = data.draw(st.lists(st.tuples(moments, moments), max_size=5))
    rows = [{"a": a.date() if a else None, "b": b} for a, b in pairs]
    for unit, seconds in UNITS.items():
        found = on.rows(date_difference(on.frame(rows, DATES), start="a", end="b", unit=unit))
        for (a, b), row in zip(pairs, found, strict=True):
            midnight = a and dt.datetime.combine(a.date(), dt.time())
            expected = None if a is None or b is None else (b - midnight).total_seconds() / seconds
            assert row["difference"] == (None if expected is None else pytest.approx(expected))


def test_whole_months_and_years(on):
    pairs = [(dt.date(2024, 1, 31), dt.datetime(2024, 3, 1, 12)), (dt.date(2000, 6, 15), dt.datetime(2024, 6, 14))]
    rows = [{"a": a, "b": b} for a, b in pairs]
    months = on.rows(date_difference(on.frame(rows, DATES), start="a", end="b", unit="months"))
    years = on.rows(date_difference(on.frame(rows, DATES), start="a", moment="2024-06-15", unit="years", name="age"))
    assert [r["difference"] for r in months] == [1, 287]
    assert [r["age"] for r in years] == [0, 24]
    for moment in ("", "tomorrow"):
        with pytest.raises(SettingError, match="date"):
            date_difference(on.frame(rows, DATES), start="a", moment=moment)


def test_a_constant_and_new_names(on):
    rows = [{"k": "a", "g": 1, "v": None, "i": None, "b": None}]
    assert on.rows(constant_column(on.frame(rows), name="v", value=7))[0]["v"] == 7
    assert on.rows(constant_column(on.frame(rows), name="new", value="x"))[0]["new"] == "x"
    made = on.rows(rename_columns(on.frame(rows), find="^([gv])$", replacement=r"\1_old", pattern=True))
    assert list(made[0]) == ["k", "g_old", "v_old", "i", "b"]
    assert "a.b" in on.rows(rename_columns(on.frame(rows), find="K", replacement="a.b", ignore_case=True))[0]
    for find, pattern in (("[kg]", True), ("(", True), ("k", False)):
        with pytest.raises(SettingError):
            rename_columns(on.frame(rows), find=find, replacement="v" if find != "k" else "", pattern=pattern)


def _table(on, columns):
    return on.frame([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)],
                    pa.schema({n: pa.float64() for n in columns}))  # fmt: skip


def test_columns_that_tell_nothing_are_left_out(on):
    columns = {"a": [1.0, 2.0, 3.0, 4.0], "b": [2.0, 4.0, 6.0, 8.5], "c": [5.0, None, 5.0, 5.0], "d": [None, None, None, 1.0],
               "e": [1.0, -1.0, 1.0, -1.0]}  # fmt: skip
    table = _table(on, columns)
    frame = pd.DataFrame(columns)
    assert list(on.rows(low_variance_filter(table))[0]) == ["a", "b", "e"]
    assert list(on.rows(low_variance_filter(table, limit=1.1))[0]) == ["a", "b"]
    assert frame["e"].var(ddof=0) < 1.1 < frame["a"].var(ddof=0)
    assert list(on.rows(correlation_filter(table))[0]) == ["a", "c", "d", "e"]
    strength = abs(frame["a"].corr(frame["e"]))
    assert "e" not in on.rows(correlation_filter(table, limit=math.floor(strength * 100) / 100))[0]
    assert list(on.rows(sparse_column_filter(table))[0]) == ["a", "b", "c", "e"]
