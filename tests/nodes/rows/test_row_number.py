from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import SettingError
from peephole.nodes.rows.row_number import row_number
from peephole.nodes.tables.join import join


@given(data=st.data(), start=st.integers(-3, 3))
def test_counts_within_each_group(on, random_rows, data, start):
    rows = data.draw(random_rows)
    places, expected = {}, []
    for r in rows:
        places[r["k"]] = places.get(r["k"], start - 1) + 1
        expected.append({**r, "n": places[r["k"]]})
    found = on.rows(row_number(on.frame(rows), name="n", start=start, groups=["k"]))
    assert found == expected


@given(data=st.data())
def test_counts_in_another_order_missing_first(on, random_rows, data):
    rows = data.draw(random_rows)
    order = sorted(range(len(rows)), key=lambda i: (rows[i]["g"] is not None, rows[i]["g"] or 0, i))
    found = on.rows(row_number(on.frame(rows), order_by=["g"]))
    assert [r["number"] for r in found] == [order.index(i) + 1 for i in range(len(rows))]


def test_asks_for_an_order_where_there_is_none(on):
    lazy = on.unnumbered([])
    joined = join(lazy, lazy, how="cross")
    with pytest.raises(SettingError, match="order") as caught:
        row_number(joined)
    assert caught.value.setting == "order_by"
    row_number(joined, order_by=["i"])


@pytest.mark.parametrize("name", ["", "K", "__row__"])
def test_names_that_cannot_be(on, name):
    with pytest.raises(SettingError) as caught:
        row_number(on.frame([]), name=name)
    assert caught.value.setting == "name"
