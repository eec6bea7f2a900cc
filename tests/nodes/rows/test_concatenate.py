from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import DataError, SettingError
from peephole.nodes.rows.concatenate import concatenate

OTHER = pa.schema({"i": pa.float64(), "k": pa.string(), "z": pa.date32()})


@given(data=st.data())
def test_rows_of_each_in_turn(on, random_rows, data):
    first, second = data.draw(random_rows), data.draw(random_rows)
    other = [{"i": r["v"], "k": r["k"], "z": None} for r in second]
    found = on.rows(concatenate(on.frame(first), on.frame(other, OTHER), on.frame(first), source="t"))
    wide = [{**r, "z": None} for r in first]
    empty = dict.fromkeys("kgvib")
    expected = [{**r, "t": 1} for r in wide] + [{**empty, **r, "t": 2} for r in other] + [{**r, "t": 3} for r in wide]
    assert found == expected


def test_columns_in_common_and_integers_become_numbers(on):
    row = {"k": "a", "g": 1, "v": 1.0, "i": 3, "b": None}
    other = on.frame([{"i": 0.5, "k": "b", "z": None}], OTHER)
    found = concatenate(on.frame([row]), other, columns="common")
    assert on.rows(found) == [{"k": "a", "i": 3.0}, {"k": "b", "i": 0.5}]
    assert on.table(found).schema.field("i").type == pa.float64()


def test_types_that_do_not_go_together(on):
    other = on.frame([], pa.schema({"k": pa.int64()}))
    with pytest.raises(DataError, match='"k" is of type integer in one table, and text in another'):
        concatenate(on.frame([]), other)


def test_nothing_in_common_and_names_that_clash(on):
    other = on.frame([], pa.schema({"x": pa.int64()}))
    with pytest.raises(SettingError, match="no column in common"):
        concatenate(on.frame([]), other, columns="common")
    with pytest.raises(SettingError, match='"X"'):
        concatenate(other, source="X")
    with pytest.raises(SettingError, match="no table"):
        concatenate()


def test_many_rows_stay_in_order(on):
    schema = pa.schema({"i": pa.int64()})
    rows = [{"i": n} for n in range(150_001)]
    found = on.rows(concatenate(on.frame(rows, schema), on.frame(rows, schema)))
    assert [r["i"] for r in found] == [*range(150_001), *range(150_001)]
