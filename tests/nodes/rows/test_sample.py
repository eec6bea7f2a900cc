from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.nodes.rows.partition import partition
from peephole.nodes.rows.sample import sample

NUMBERED = pa.schema({"n": pa.int64(), "s": pa.string()})


def numbered(count):
    return [{"n": n, "s": None if n % 7 == 0 else "abc"[n % 3]} for n in range(count)]


@given(rows=st.integers(0, 60), count=st.integers(0, 40), seed=st.integers(0, 9))
def test_so_many_rows_each_once_in_their_order(on, rows, count, seed):
    found = [r["n"] for r in on.rows(sample(on.frame(numbered(rows), NUMBERED), count=count, seed=seed))]
    assert len(found) == min(count, rows)
    assert found == sorted(set(found))
    assert set(found) <= set(range(rows))


def test_so_many_of_each_value(on):
    found = on.rows(sample(on.frame(numbered(300), NUMBERED), count=20, stratify="s"))
    assert Counter(r["s"] for r in found) == dict.fromkeys([None, "a", "b", "c"], 20)


def test_a_share_is_the_first_part_of_a_partition(on):
    frame = on.frame(numbered(90), NUMBERED)
    chosen = on.rows(sample(frame, by="fraction", fraction=0.3, stratify="s", seed=5))
    assert chosen == on.rows(partition(frame, fraction=0.3, stratify="s", seed=5)[0])


# Written down once: the same rows on every engine, in every later version.
@pytest.mark.parametrize(("seed", "chosen"), [(1, [4, 5, 9, 11]), (2, [4, 8, 9, 10])])
def test_the_same_seed_gives_the_same_rows_everywhere(on, seed, chosen):
    assert [r["n"] for r in on.rows(sample(on.frame(numbered(12), NUMBERED), count=4, seed=seed))] == chosen


def test_every_row_is_as_likely(on):
    frame = on.frame(numbered(40), NUMBERED)
    drawn = Counter(r["n"] for seed in range(60) for r in on.rows(sample(frame, count=10, seed=seed)))
    assert set(drawn) == set(range(40))
    assert max(drawn.values()) < 30
