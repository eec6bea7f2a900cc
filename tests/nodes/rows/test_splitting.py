from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import ColumnError, SettingError
from peephole.nodes.rows.missing_values import missing_values
from peephole.nodes.rows.partition import partition
from peephole.nodes.rows.splitting import equal_size_sampling, mark_duplicates, reference_rows, split_rows


@given(data=st.data())
def test_each_row_is_on_one_side(on, random_rows, data):
    rows = data.draw(random_rows)
    parts = split_rows(on.frame(rows), where="v > 2 AND b")
    fits = [r for r in rows if r["v"] is not None and r["v"] > 2 and r["b"]]
    assert on.rows(parts.matching) == fits
    assert on.rows(parts.rest) == [r for r in rows if r not in fits]


@given(data=st.data())
def test_rows_that_another_table_knows(on, random_rows, data):
    rows, others = data.draw(random_rows), data.draw(random_rows)
    parts = reference_rows(on.frame(rows), on.frame(others), column="g", key="g")
    known = {r["g"] for r in others} - {None}
    assert on.rows(parts.found) == [r for r in rows if r["g"] in known]
    assert on.rows(parts.not_found) == [r for r in rows if r["g"] not in known]
    with pytest.raises(ColumnError, match="never equal"):
        reference_rows(on.frame(rows), on.frame(others), column="g", key="k")


@given(data=st.data())
def test_duplicates_are_marked_as_pandas_finds_them(on, random_rows, data):
    rows = data.draw(random_rows)
    frame = pd.DataFrame(rows, columns=["k", "g", "v", "i", "b"])
    found = [r["duplicate"] for r in on.rows(mark_duplicates(on.frame(rows), columns=["k", "g"]))]
    many = frame.duplicated(["k", "g"], keep=False)
    later = frame.duplicated(["k", "g"], keep="first")
    assert found == [("duplicate" if b else "first") if a else "unique" for a, b in zip(many, later, strict=True)]


@given(data=st.data())
def test_each_class_is_there_as_often_as_the_rarest(on, random_rows, data):
    rows = data.draw(random_rows)
    found = on.rows(equal_size_sampling(on.frame(rows), column="k"))
    sizes = pd.Series([r["k"] for r in rows], dtype=object).value_counts()
    kept = pd.Series([r["k"] for r in found], dtype=object).value_counts()
    assert set(kept) <= ({sizes.min()} if len(sizes) else set())
    assert set(kept.index) == set(sizes.index)
    rest = [*rows]
    for row in found:
        rest.remove(row)
    assert on.rows(equal_size_sampling(on.frame(rows), column="k")) == found


@given(data=st.data(), share=st.sampled_from([0, 0.25, 0.5, 0.8, 1]))
def test_the_first_rows_by_time(on, random_rows, data, share):
    rows = data.draw(random_rows)
    parts = partition(on.frame(rows), fraction=share, how="in order")
    train = on.rows(parts.train)
    assert train + on.rows(parts.test) == rows
    assert abs(len(train) - share * len(rows)) <= 0.5
    by_group = partition(on.frame(rows), fraction=0.5, how="in order", stratify="b")
    for value in (True, False, None):
        here = [r for r in rows if r["b"] is value]
        got = [r for r in on.rows(by_group.train) if r["b"] is value]
        assert got == here[: len(got)]
        assert abs(len(got) - len(here) / 2) <= 0.5


@given(data=st.data())
def test_the_next_value_fills(on, random_rows, data):
    rows = data.draw(random_rows)
    found = on.rows(missing_values(on.frame(rows), mend=[{"columns": ["v"], "how": "backward"}]))
    expected = pd.Series([r["v"] for r in rows], dtype=float).bfill()
    assert [r["v"] for r in found] == [None if pd.isna(e) else e for e in expected]


def test_an_order_that_is_lost_is_asked_for(on):
    from peephole.nodes.tables.join import join

    rows = [{"k": "a", "g": 1, "v": 1.0, "i": 1, "b": True}]
    lazy = on.unnumbered(rows)
    lost = join(lazy, lazy.select("k"), keys=[{"left": "k", "right": "k"}])
    with pytest.raises(SettingError, match="order"):
        partition(lost, how="in order")
