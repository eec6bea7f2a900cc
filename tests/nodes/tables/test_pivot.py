from __future__ import annotations

import sys
from datetime import UTC, datetime
from statistics import fmean

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import DataError, SettingError
from peephole.nodes.tables.pivot import pivot
from peephole.tables.session import current_session


@given(data=st.data())
def test_counts_and_means_of_each_cell(on, random_rows, data):
    rows = data.draw(random_rows)
    counts = on.rows(pivot(on.frame(rows), rows=["k"], columns="g"))
    means = on.rows(pivot(on.frame(rows), rows=["k"], columns="g", value="v", function="mean"))
    names = {r["g"]: "missing" if r["g"] is None else str(r["g"]) for r in rows}
    for count, mean in zip(counts, means, strict=True):
        for value, name in names.items():
            cell = [r["v"] for r in rows if r["k"] == count["k"] and r["g"] == value]
            known = [v for v in cell if v is not None]
            assert count[name] == len(cell)
            assert mean[name] == pytest.approx(fmean(known) if known else None)
    assert {r["k"] for r in counts} == {r["k"] for r in rows}


def test_columns_are_in_order_and_told_apart(on):
    rows = [{"k": k, "g": 1, "v": 1.0, "i": 1, "b": True} for k in ["b", "", "G", None, "aa", "missing"]]
    assert list(on.rows(pivot(on.frame(rows), rows=["g"], columns="k"))[0]) == [
        *("g", "empty", "G_", "aa", "b", "missing", "missing_")
    ]


def test_moments_with_a_zone_need_no_other_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "pytz", None)  # DuckDB makes its values with it
    zoned = pa.timestamp("us", "UTC")
    noon = datetime(2020, 1, 1, 12, tzinfo=UTC)
    table = current_session().from_arrow(pa.table({"g": ["a", "a", "b"], "at": pa.array([noon, None, noon], zoned)}))
    found = pivot(table, rows=["g"], columns="at").collect("pyarrow").to_native().to_pylist()
    assert [list(row.values())[:3] for row in found] == [["a", 1, 1], ["b", 1, 0]]
    assert list(found[0])[1:3] == ["2020-01-01 12:00:00+00:00", "missing"]


def test_too_many_columns(on):
    rows = [{"k": str(n), "g": 1, "v": 1.0, "i": 1, "b": True} for n in range(4)]
    with pytest.raises(DataError, match="more than 3"):
        pivot(on.frame(rows), rows=["g"], columns="k", most=3)


def test_text_has_no_mean(on):
    with pytest.raises(SettingError, match="has no mean"):
        pivot(on.frame([]), rows=["g"], columns="b", value="k", function="mean")
