from __future__ import annotations

from collections import Counter

import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.nodes.rows.partition import partition
from peephole.nodes.tables.join import join
from peephole.tables.session import current_session

NUMBERED = pa.schema({"n": pa.int64(), "s": pa.string()})


def numbered(count):
    return [{"n": n, "s": None if n % 7 == 0 else "abc"[n % 3]} for n in range(count)]


@given(count=st.integers(0, 60), fraction=st.sampled_from([0, 0.1, 1 / 3, 0.5, 0.7, 1]), seed=st.integers(0, 9))
def test_every_row_is_in_one_part_and_the_share_is_met(on, count, fraction, seed):
    train, test = (on.rows(p) for p in partition(on.frame(numbered(count), NUMBERED), fraction=fraction, seed=seed))
    assert sorted(r["n"] for r in train + test) == list(range(count))
    assert abs(len(train) - count * fraction) < 1
    assert [r["n"] for r in train] == sorted(r["n"] for r in train)


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.7, 0.9])
def test_round_shares_are_exact(on, fraction):
    train, _ = partition(on.frame(numbered(1000), NUMBERED), fraction=fraction)
    assert len(on.rows(train)) == round(1000 * fraction)


def test_strata_are_spread_alike(on):
    rows = numbered(2100)
    train, _ = partition(on.frame(rows, NUMBERED), fraction=0.3, stratify="s")
    of_all, of_train = Counter(r["s"] for r in rows), Counter(r["s"] for r in on.rows(train))
    assert all(abs(of_train[s] - 0.3 * of_all[s]) < 1 for s in of_all)


# Written down once: the same rows on every engine, on every machine, in every later version.
CHOSEN = {1: [1, 4, 5, 6, 9, 11], 2: [2, 4, 6, 8, 9, 10]}


@pytest.mark.parametrize("seed", CHOSEN)
def test_the_same_seed_gives_the_same_rows_everywhere(on, seed):
    train, _ = partition(on.frame(numbered(12), NUMBERED), fraction=0.5, seed=seed)
    assert [r["n"] for r in on.rows(train)] == CHOSEN[seed]


def test_without_an_order_all_columns_decide():
    """After a join the engines give rows in any order; the choice is the same all the same."""
    table = pa.Table.from_pylist(numbered(500), schema=NUMBERED)
    on_duckdb, on_polars = current_session().from_arrow(table), pl.DataFrame(table).lazy()
    assert _joined_and_divided(on_duckdb) == _joined_and_divided(on_polars)


def _joined_and_divided(frame):
    train = partition(join(frame, frame, keys=[{"left": "n", "right": "n"}]), seed=4).train
    return set(nw.from_native(train).collect("pyarrow")["n"].to_list())


def test_lots_are_even_and_unlike_from_seed_to_seed(on):
    first = [
        {r["n"] for r in on.rows(partition(on.frame(numbered(4000), NUMBERED), fraction=0.5, seed=s)[0])}
        for s in range(4)
    ]
    for a in range(4):
        assert 850 < len({n for n in first[a] if n < 2000}) < 1150
        for b in range(a):
            assert 850 < len(first[a] & first[b]) < 1150
