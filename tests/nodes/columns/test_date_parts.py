from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import ColumnError
from peephole.nodes.columns.date_parts import date_parts

PARTS = {
    "year": lambda d: d.year,
    "quarter": lambda d: (d.month + 2) // 3,
    "month": lambda d: d.month,
    "month name": lambda d: d.strftime("%B"),
    "week": lambda d: d.isocalendar()[1],
    "week's year": lambda d: d.isocalendar()[0],
    "weekday": lambda d: d.isoweekday(),
    "weekday name": lambda d: d.strftime("%A"),
    "day": lambda d: d.day,
    "day of year": lambda d: d.timetuple().tm_yday,
    "hour": lambda d: getattr(d, "hour", 0),
    "minute": lambda d: getattr(d, "minute", 0),
    "second": lambda d: getattr(d, "second", 0),
}
MOMENTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1))
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))


@given(data=st.data(), dates=st.booleans())
def test_is_what_python_says(on, data, dates):
    kind = pa.date32() if dates else pa.timestamp("us")
    rows = [{"t": t} for t in data.draw(st.lists(st.none() | (DATES if dates else MOMENTS), max_size=6))]
    found = on.rows(date_parts(on.frame(rows, pa.schema({"t": kind})), column="t", parts=list(PARTS), prefix=""))
    for r, f in zip(rows, found, strict=True):
        assert {p: f[p] for p in PARTS} == {p: of(r["t"]) if r["t"] else None for p, of in PARTS.items()}


def test_text_is_no_date(on):
    with pytest.raises(ColumnError, match="takes date"):
        date_parts(on.frame([]), column="k")
