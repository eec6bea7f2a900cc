from __future__ import annotations

from collections import Counter
from itertools import pairwise

import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest

from peephole.tables.order import _PRIME, number_rows, order_columns, reading_order, with_lots
from peephole.tables.session import open_session


def plain_scatter(number, seed):
    """The same arithmetic in Python's unbounded integers: nothing overflows on the engines."""
    from peephole.tables.order import _constants

    for step in range(3):
        factor, offset = _constants(seed, step)
        number = pow((number % _PRIME * factor + offset) % _PRIME, 3, _PRIME)
    return number


def test_the_prime_is_one_and_cubing_a_permutation():
    assert _PRIME < 2**31
    assert _PRIME % 3 == 2
    assert all(_PRIME % n for n in range(2, int(_PRIME**0.5) + 1))


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1])
def test_lots_are_the_same_on_every_engine(seed):
    numbers = [0, 1, 2, 1000, _PRIME - 1, _PRIME + 5, 2**62 - 1]
    table = pa.table({"n": numbers})
    expected = [plain_scatter(n, seed) for n in numbers]
    for frame in (open_session().from_arrow(table), nw.from_native(pl.DataFrame(table).lazy())):
        assert with_lots(frame, "n", "x", seed).collect("pyarrow")["x"].to_list() == expected


@pytest.mark.parametrize("seed", range(4))
def test_lots_are_even_and_neighbours_unlike(seed):
    lots = [plain_scatter(n, seed) for n in range(20_000)]
    counted = Counter(lot * 20 // _PRIME for lot in lots)
    chi2 = sum((counted[b] - 1000) ** 2 / 1000 for b in range(20))
    assert chi2 < 43.8  # 19 degrees of freedom, one in a thousand
    rising = sum(a < b for a, b in pairwise(lots))
    assert 9700 < rising < 10300
    assert len(set(lots)) == len(lots)


def test_order_columns():
    frame = open_session().from_arrow(pa.table({"a": [1], "b": [2]}))
    assert order_columns(frame) == ["a", "b"]
    assert order_columns(frame, ["b"]) == ["b", "a"]
    assert order_columns(number_rows(frame), ["b"]) == ["b", "__row__"]


def test_rows_are_numbered_in_the_order_of_a_sort():
    frame = open_session().from_arrow(pa.table({"a": [(n * 7919) % 100_003 for n in range(100_003)]}))
    numbered = number_rows(frame.sort("a")).filter(nw.col("a") % 1000 == 7)
    rows = reading_order(numbered).collect("pyarrow")
    assert rows["__row__"].to_list() == rows["a"].to_list()
