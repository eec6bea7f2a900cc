from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import ColumnError, DataError, SettingError
from peephole.nodes.tables.explode import explode
from peephole.nodes.tables.transpose import transpose
from peephole.nodes.tables.unpivot import unpivot
from peephole.nodes.tables.value_lookup import value_lookup


def test_a_lazy_frame_gives_one_of_its_engine_though_rows_were_read():
    turned = transpose(pl.LazyFrame({"n": ["x", "y"], "a": [1, 2], "b": [3, 4]}), names="n")
    assert isinstance(turned, pl.LazyFrame)
    assert turned.collect().rows() == [("a", 1, 2), ("b", 3, 4)]


@given(data=st.data())
def test_a_row_for_each_value(on, random_rows, data):
    rows = data.draw(random_rows)
    found = on.rows(unpivot(on.frame(rows), values=["g", "v"], keep=["k"], names_to="n", values_to="x"))
    assert found == [{"k": r["k"], "n": n, "x": r[n]} for r in rows for n in "gv"]


def test_types_that_do_not_go_under_each_other(on):
    with pytest.raises(ColumnError, match='"k" is of type text, and "v" of type number'):
        unpivot(on.frame([]), values=["k", "v"])
    with pytest.raises(SettingError, match='cannot be called "K"'):
        unpivot(on.frame([]), values=["v"], keep=["k"], names_to="K")


@pytest.mark.parametrize("keep", ["first", "last"])
@given(data=st.data())
def test_looks_each_value_up(on, random_rows, keep, data):
    rows, others = data.draw(random_rows), data.draw(random_rows)
    known = {}
    for r in others if keep == "last" else others[::-1]:
        known[r["g"]] = r["v"]
    known.pop(None, None)
    found = value_lookup(on.frame(rows), on.frame(others), column="g", key="g", values=["v"], keep=keep)
    assert on.rows(found) == [{**r, "v_found": known.get(r["g"])} for r in rows]


LISTS = pa.schema({"l": pa.list_(pa.string()), "n": pa.int64()})


@given(lists=st.lists(st.none() | st.lists(st.none() | st.sampled_from("abc"), max_size=3), max_size=6))
def test_a_row_for_each_item(on, lists):
    rows = [{"l": items, "n": i} for i, items in enumerate(lists)]
    found = on.rows(explode(on.frame(rows, LISTS), column="l"))
    assert found == [{"l": item, "n": r["n"]} for r in rows for item in r["l"] or [None]]


def test_many_items_stay_in_order(on):
    rows = [{"l": [str(3 * n), str(3 * n + 1), str(3 * n + 2)], "n": n} for n in range(100_000)]
    found = on.rows(explode(on.frame(rows, LISTS), column="l"))
    assert [int(r["l"]) for r in found] == list(range(300_000))


@given(data=st.data())
def test_rows_and_columns_change_places(on, random_rows, data):
    rows = data.draw(random_rows)
    numbers = [{"g": r["g"], "v": r["v"]} for r in rows]
    frame = on.frame(numbers, pa.schema({"g": pa.int64(), "v": pa.float64()}))
    found = on.rows(transpose(frame))
    assert found == [{"column": n, **{f"row {i}": r[n] for i, r in enumerate(numbers, 1)}} for n in "gv"]


def test_names_from_a_column_and_text_of_mixed_types(on):
    row = {"k": "x", "g": 1, "v": 0.5, "i": 3, "b": True}
    found = on.rows(transpose(on.frame([row, {**row, "k": None, "b": None}]), names="k"))
    assert found == [
        {"column": "g", "x": "1", "missing": "1"},
        {"column": "v", "x": "0.5", "missing": "0.5"},
        {"column": "i", "x": "3", "missing": "3"},
        {"column": "b", "x": "true", "missing": None},
    ]
    with pytest.raises(DataError, match="more than 1 rows"):
        transpose(on.frame([row, row]), most=1)
