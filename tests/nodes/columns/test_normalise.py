from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import ColumnError, SettingError
from peephole.nodes.columns.normalise import normalise


def _values(rows, name):
    return pd.Series([r[name] for r in rows], dtype=float)


def _scaled(values, method):
    if method == "min-max":
        span = values.max() - values.min()
        return (values - values.min()) / span * 3 - 1 if span else values * 0 - 1
    if method == "z-score":
        return (values - values.mean()) / values.std() if values.std() > 0 else values * 0
    largest = values.abs().max()
    return values / 10 ** (math.ceil(math.log10(largest)) if largest > 1 else 0)


@pytest.mark.parametrize("method", ["min-max", "z-score", "decimal"])
@given(data=st.data())
def test_is_what_pandas_gives(on, random_rows, method, data):
    rows = data.draw(random_rows)
    found = on.rows(normalise(on.frame(rows), columns=["v", "g"], method=method, low=-1, high=2, suffix=" n"))
    for name in "vg":
        expected = _scaled(_values(rows, name), method)
        assert [r[f"{name} n"] for r in found] == [None if math.isnan(e) else pytest.approx(e) for e in expected]
    assert [{c: r[c] for c in "kgvib"} for r in found] == rows


def test_powers_of_ten_are_exact(on):
    rows = [{"k": None, "g": g, "v": None, "i": 10**9, "b": None} for g in (1000, -1)]
    found = on.rows(normalise(on.frame(rows), columns=["g", "i"], method="decimal"))
    assert [(r["g"], r["i"]) for r in found] == [(1.0, 1.0), (-0.001, 1.0)]


def test_settings_that_make_no_sense(on):
    with pytest.raises(SettingError, match="below"):
        normalise(on.frame([]), columns=["v"], low=1, high=1)
    with pytest.raises(ColumnError, match="of type text"):
        normalise(on.frame([]), columns=["k"])
