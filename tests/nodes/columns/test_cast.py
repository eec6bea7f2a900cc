from __future__ import annotations

import datetime
import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import DataError, SettingError
from peephole.nodes.columns.cast import cast

ROUND = {"half to even": round, "down": math.floor, "up": math.ceil, "toward zero": math.trunc}


def one(on, values, kind, **settings):
    frame = on.frame([{"x": v} for v in values], pa.schema({"x": kind}))
    return [r["x"] for r in on.rows(cast(frame, columns=["x"], **settings))]


@given(values=st.lists(st.none() | st.integers(-99, 99).map(lambda n: n / 4)), how=st.sampled_from(sorted(ROUND)))
def test_numbers_are_rounded_as_said(on, values, how):
    expected = [None if v is None else ROUND[how](v) for v in values]
    assert one(on, values, pa.float64(), to="integer", rounding=how) == expected
    assert one(on, [None if v is None else str(v) for v in values], pa.string(), to="integer", rounding=how) == expected


def test_long_integers_keep_their_last_digit(on):
    assert one(on, ["9007199254740993", " 12 ", "-7"], pa.string(), to="integer") == [9007199254740993, 12, -7]


@pytest.mark.parametrize(
    ("values", "kind", "settings", "expected"),
    [
        (["1.5", None, "x"], pa.string(), {"to": "number", "unfit": "missing"}, [1.5, None, None]),
        (["12", "x"], pa.string(), {"to": "integer", "unfit": "missing"}, [12, None]),
        ([1, 0, None], pa.int64(), {"to": "boolean"}, [True, False, None]),
        ([True, None], pa.bool_(), {"to": "integer"}, [1, None]),
        ([3, None], pa.int64(), {"to": "text"}, ["3", None]),
        (["31.12.2013"], pa.string(), {"to": "date", "format": "%d.%m.%Y"}, [datetime.date(2013, 12, 31)]),
        (["2013-12-31 10:00:00"], pa.string(), {"to": "datetime"}, [datetime.datetime(2013, 12, 31, 10)]),
        (["2013-12-31T10:00:00+02:00"], pa.string(), {"to": "datetime"}, [datetime.datetime(2013, 12, 31, 8)]),
        (["x"], pa.string(), {"to": "date", "format": "%Y", "unfit": "missing"}, [None]),
        ([datetime.date(2013, 12, 31)], pa.date32(), {"to": "text", "format": "%m/%y"}, ["12/13"]),
        ([datetime.date(2013, 12, 31)], pa.date32(), {"to": "datetime"}, [datetime.datetime(2013, 12, 31)]),
        (["nan", "inf"], pa.string(), {"to": "number"}, [None, None]),
    ],
)
def test_types(on, values, kind, settings, expected):
    assert one(on, values, kind, **settings) == expected


def test_the_value_that_does_not_fit_is_named(on):
    with pytest.raises(DataError, match="abc"):
        one(on, ["1", "abc"], pa.string(), to="number")


def test_what_can_never_be_is_refused_before_any_row(on):
    with pytest.raises(SettingError, match="cannot become date") as caught:
        one(on, [], pa.int64(), to="date")
    assert caught.value.setting == "columns[0]"


def test_the_remedy_for_dates_written_otherwise_names_the_format(on):
    with pytest.raises(DataError) as told:
        on.rows(cast(on.frame([{"t": "24.12.2023"}], pa.schema({"t": pa.string()})), columns=["t"], to="date"))
    assert "24.12.2023" in told.value.what
    assert "`format`" in told.value.remedy
