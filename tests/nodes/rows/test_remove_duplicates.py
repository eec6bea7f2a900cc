from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.nodes.rows.remove_duplicates import remove_duplicates


def _kept(rows, columns, keep):
    keys = [tuple(r[c] for c in columns) for r in rows]
    places = {"first": keys.index, "last": lambda k: len(keys) - 1 - keys[::-1].index(k)}
    if keep == "none":
        return [r for r, k in zip(rows, keys, strict=True) if keys.count(k) == 1]
    return [r for i, (r, k) in enumerate(zip(rows, keys, strict=True)) if i == places[keep](k)]


@pytest.mark.parametrize("keep", ["first", "last", "none"])
@given(data=st.data())
def test_one_of_each_stays_in_order(on, random_rows, keep, data):
    rows = data.draw(random_rows)
    columns = data.draw(st.sampled_from([["k"], ["k", "b"], ["g"]]))
    assert on.rows(remove_duplicates(on.frame(rows), columns=columns, keep=keep)) == _kept(rows, columns, keep)


@pytest.mark.parametrize("keep", ["first", "last", "none"])
@given(data=st.data())
def test_alike_in_all_columns(on, random_rows, keep, data):
    rows = data.draw(random_rows)
    rows = rows + rows[: len(rows) // 2]
    assert on.rows(remove_duplicates(on.frame(rows), keep=keep)) == _kept(rows, list("kgvib"), keep)


def test_the_first_by_another_order(on):
    rows = [{"k": "a", "g": g, "v": 1.0, "i": g, "b": None} for g in (2, 1, 3)]
    assert [r["g"] for r in on.rows(remove_duplicates(on.frame(rows), columns=["k"], order_by=["g"]))] == [1]
