from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import SettingError
from peephole.nodes.columns.bin import bin as bin_node

NUMBERS = pa.schema({"x": pa.float64()})


def binned(on, values, **settings):
    frame = on.frame([{"x": v} for v in values], NUMBERS)
    return [r["x bin"] for r in on.rows(bin_node(frame, column="x", **settings))]


def test_edges_left_and_right(on):
    values = [-1, 0, 14.9, 15, 60, None]
    assert binned(on, values, method="edges", edges=[0, 15, 60]) == [
        "< 0",
        "[0, 15)",
        "[0, 15)",
        "[15, 60)",
        "≥ 60",
        None,
    ]
    right = binned(on, values, method="edges", edges=[0, 15, 60], closed="right")
    assert right == ["≤ 0", "≤ 0", "(0, 15]", "(0, 15]", "(15, 60]", None]


def test_labels_with_quotes(on):
    assert binned(on, [0, 5], method="edges", edges=[1], labels=["it's low", "high"]) == ["it's low", "high"]


def test_equal_width(on):
    assert binned(on, [0, 1.9, 2, 9.99, 10, None], bins=5) == ["[0, 2)", "[0, 2)", "[2, 4)", "[8, 10]", "[8, 10]", None]
    assert binned(on, [3, 3, None], bins=2) == ["[3, 3)", "[3, 3)", None]


@given(values=st.lists(st.integers(-50, 50).map(float), min_size=1, unique=True), bins=st.integers(2, 6))
def test_equal_frequency_spreads_rows_evenly(on, values, bins):
    found = Counter(binned(on, values, method="equal frequency", bins=bins, labels=[str(n) for n in range(bins)]))
    assert sum(found.values()) == len(values)
    assert max(found.values()) - min(found[str(n)] for n in range(bins)) <= 1


def test_equal_numbers_are_never_torn_apart(on):
    found = binned(on, [1, 1, 1, 1, 2, 3], method="equal frequency", bins=3)
    assert len(set(found[:4])) == 1


def test_the_old_column_may_be_replaced(on):
    frame = on.frame([{"x": 1.0}], NUMBERS)
    assert on.rows(bin_node(frame, column="x", name="x", method="edges", edges=[0.5])) == [{"x": "≥ 0.5"}]


@pytest.mark.parametrize(
    "settings", [{"method": "edges"}, {"method": "edges", "edges": [2, 1]}, {"bins": 3, "labels": ["a"]}]
)
def test_settings_that_make_no_sense(on, settings):
    with pytest.raises(SettingError):
        binned(on, [1], **settings)
