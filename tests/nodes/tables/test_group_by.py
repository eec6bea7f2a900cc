from __future__ import annotations

from statistics import fmean, median, stdev

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import SettingError
from peephole.nodes.tables.group_by import group_by
from peephole.nodes.tables.join import join

OF = {
    "count": len,
    "sum": sum,
    "mean": lambda v: fmean(v) if v else None,
    "median": lambda v: median(v) if v else None,
    "std": lambda v: stdev(v) if len(v) > 1 else None,
    "min": lambda v: min(v, default=None),
    "max": lambda v: max(v, default=None),
    "distinct": lambda v: len(set(v)),
}


def groups(rows, keys):
    found = {}
    for r in rows:
        found.setdefault(tuple(r[k] for k in keys), []).append(r)
    return found


@pytest.mark.parametrize("function", OF)
@given(data=st.data())
def test_is_what_the_rows_of_each_group_give(on, random_rows, function, data):
    rows = data.draw(random_rows)
    keys = data.draw(st.sampled_from([["k"], ["k", "b"], []]))
    found = on.rows(group_by(on.frame(rows), keys=keys, compute=[{"column": "v", "function": function, "name": "x"}]))
    values = {key: [r["v"] for r in g if r["v"] is not None] for key, g in groups(rows, keys).items()}
    expected = {key: OF[function](v) for key, v in values.items()}
    assert {tuple(r[k] for k in keys): r["x"] for r in found} == pytest.approx(expected)
    assert len(found) == len(expected)


@given(data=st.data())
def test_first_and_last_go_by_reading_order(on, random_rows, data):
    rows = data.draw(random_rows)
    compute = [{"column": "k", "function": f} for f in ("first", "last")]
    found = {
        r["g"]: (r["k first"], r["k last"]) for r in on.rows(group_by(on.frame(rows), keys=["g"], compute=compute))
    }
    there = {key: [r["k"] for r in g if r["k"] is not None] for (key,), g in groups(rows, ["g"]).items()}
    assert found == {key: (v[0], v[-1]) if v else (None, None) for key, v in there.items()}


def test_first_and_last_are_those_of_pandas(on):
    rows = [{"k": k, "g": g} for k, g in [("a", None), ("a", 2), ("a", 3), ("a", None), ("b", None)]]
    schema = pa.schema({"k": pa.string(), "g": pa.int64()})
    compute = [{"column": "g", "function": f, "name": f} for f in ("first", "last")]
    found = on.rows(group_by(on.frame(rows, schema), keys=["k"], compute=compute))
    wanted = pa.Table.from_pylist(rows, schema).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    wanted = wanted.groupby("k").g.agg(["first", "last"]).reset_index()
    assert found == pa.Table.from_pandas(wanted, preserve_index=False).to_pylist()


def test_integers_stay_integers_and_booleans_are_counted(on):
    rows = [{"k": "a", "g": 1, "v": 1.0, "i": 2**40, "b": True}, {"k": "a", "g": 2, "v": 1.0, "i": 1, "b": None}]
    compute = [
        {"column": "i", "function": "sum"},
        {"column": "b", "function": "sum"},
        {"column": "i", "function": "max"},
    ]
    found = group_by(on.frame(rows), keys=["k"], compute=compute)
    assert on.rows(found) == [{"k": "a", "i sum": 2**40 + 1, "b sum": 1, "i max": 2**40}]
    assert all(kind == pa.int64() for kind in on.table(found).schema.types[1:])


def test_rows_come_in_the_order_of_the_keys(on):
    rows = [{"k": k, "g": 1, "v": 1.0, "i": 1, "b": True} for k in ["b", None, "a", "c", "b"]]
    assert [r["k"] for r in on.rows(group_by(on.frame(rows), keys=["k"]))] == ["a", "b", "c", None]


@pytest.mark.parametrize(
    ("compute", "path"),
    [
        ([{"column": "k", "function": "mean"}], "compute[0].function"),
        ([{"function": "sum"}], "compute[0].column"),
        ([{"column": "g", "name": "K"}], "compute"),
    ],
)
def test_settings_that_make_no_sense(on, compute, path):
    with pytest.raises(SettingError) as caught:
        group_by(on.frame([]), keys=["k"], compute=compute)
    assert caught.value.setting == path


def test_first_asks_for_an_order_where_there_is_none(on):
    lazy = on.unnumbered([])
    joined = join(lazy, lazy, keys=[{"left": "g", "right": "g"}])
    compute = [{"column": "k", "function": "first"}]
    with pytest.raises(SettingError, match="order"):
        group_by(joined, keys=["g"], compute=compute)
    group_by(joined, keys=["g"], compute=compute, order_by=["i"])
