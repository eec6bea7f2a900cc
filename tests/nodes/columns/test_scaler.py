from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import ColumnError, SettingError
from peephole.core.types import Model
from peephole.nodes.columns.scaler import apply_scaler, learn_scaler, undo_scaler
from peephole.ports.model import ModelCodec

ROW = {"k": None, "g": None, "v": None, "i": None, "b": None}


def _values(rows, name="v"):
    return pd.Series([r[name] for r in rows], dtype=float)


def _expected(learnt, values, method):
    if method == "min-max":
        span = learnt.max() - learnt.min()
        return (values - learnt.min()) / span * 3 - 1 if span > 0 else values * 0 - 1
    if method == "z-score":
        return (values - learnt.mean()) / learnt.std() if learnt.std() > 0 else values * 0
    power = 1.0
    while power < learnt.abs().max():
        power *= 10
    return values / power


@pytest.mark.parametrize("method", ["min-max", "z-score", "decimal"])
@given(data=st.data())
def test_other_rows_are_scaled_as_the_first_and_come_back(on, random_rows, method, data):
    first, other = data.draw(random_rows), data.draw(random_rows)
    made = learn_scaler(on.frame(first), columns=["v"], method=method, low=-1, high=2)
    for rows, table in ((first, made.table), (other, apply_scaler(made.scaler, on.frame(other)))):
        expected = _expected(_values(first), _values(rows), method) if _values(first).notna().any() else None
        found = [r["v"] for r in on.rows(table)]
        if expected is not None:
            assert found == [None if pd.isna(e) else pytest.approx(e) for e in expected]
    back = [r["v"] for r in on.rows(undo_scaler(made.scaler, made.table))]
    assert back == [None if r["v"] is None else pytest.approx(r["v"]) for r in first]


def test_the_scale_is_kept_in_the_store(on, tmp_path):
    rows = [{**ROW, "v": v} for v in (0.0, 10.0)]
    made = learn_scaler(on.frame(rows), columns=["v"])
    codec = ModelCodec()
    codec.save(made.scaler, tmp_path)
    again = codec.load(tmp_path)
    assert on.rows(apply_scaler(again, on.frame([{**ROW, "v": 5.0}])))[0]["v"] == 0.5
    assert codec.content_key(tmp_path)


def test_what_does_not_fit_is_told(on):
    rows = [{**ROW, "v": 1.0}]
    scaler = learn_scaler(on.frame(rows), columns=["v", "g"]).scaler
    frame = on.frame(rows)
    fewer = frame.select(["k", "v"])
    with pytest.raises(ColumnError, match="has no g"):
        apply_scaler(scaler, fewer)
    assert on.rows(undo_scaler(scaler, fewer))[0]["v"] == 1.0
    with pytest.raises(SettingError, match="is no scaler"):
        apply_scaler(Model({}, "regression", "v", {}, title="Tree"), frame)
