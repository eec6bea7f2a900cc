from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from peephole.nodes.rows.top_k import top_k


def _sorted(rows):
    return sorted(rows, key=lambda r: (r["v"] is None, -(r["v"] or 0)))


@given(data=st.data(), count=st.integers(1, 5))
def test_largest_first_and_missing_last(on, random_rows, data, count):
    rows = data.draw(random_rows)
    found = on.rows(top_k(on.frame(rows), by=[{"column": "v", "descending": True}], count=count))
    assert found == _sorted(rows)[:count]


@given(data=st.data(), count=st.integers(1, 3))
def test_so_many_of_each_group(on, random_rows, data, count):
    rows = data.draw(random_rows)
    expected, taken = [], {}
    for r in _sorted(rows):
        taken[r["k"]] = taken.get(r["k"], 0) + 1
        if taken[r["k"]] <= count:
            expected.append(r)
    found = top_k(on.frame(rows), by=[{"column": "v", "descending": True}], count=count, groups=["k"])
    assert on.rows(found) == expected
