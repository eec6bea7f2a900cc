from __future__ import annotations

from collections import Counter
from math import inf

import numpy as np
import pandas as pd
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
    assert binned(on, [3, 3, None], bins=2) == ["[3, 3]", "[3, 3]", None]


@given(
    values=st.lists(st.integers(-60, 60).map(lambda n: n / 10), min_size=2, unique=True),
    bins=st.integers(2, 9),
    closed=st.sampled_from(["left", "right"]),
)
def test_equal_width_is_what_pandas_cuts(on, values, bins, closed):
    low, high = min(values), max(values)
    edges = pd.cut(values, bins, retbins=True)[1]
    edges[0], edges[-1] = low, high  # pandas moves an end by a thousandth, so that it is included
    if closed == "left":
        edges[-1] = np.nextafter(high, np.inf)
    wanted = pd.cut(values, edges, right=closed == "right", include_lowest=True, labels=False)
    labels = [str(n) for n in range(bins)]
    assert binned(on, values, bins=bins, closed=closed, labels=labels) == [str(n) for n in wanted]


def test_equal_width_says_which_end_belongs_to_it(on):
    assert binned(on, [1, 7, 13, 19], bins=3) == ["[1, 7)", "[7, 13)", "[13, 19]", "[13, 19]"]
    assert binned(on, [1, 7, 13, 19], bins=3, closed="right") == ["[1, 7]", "[1, 7]", "(7, 13]", "(13, 19]"]


def test_infinite_numbers_leave_the_ranges_of_the_others_alone(on):
    assert binned(on, [0, inf, 4, -inf, None], bins=2) == ["[0, 2)", None, "[2, 4]", None, None]
    ranks = binned(on, [0, inf, 4, -inf], bins=2, method="equal frequency")
    assert ranks == ["[-inf, 0]", "[4, inf]", "[4, inf]", "[-inf, 0]"]
    assert binned(on, [-inf, 0, inf], method="edges", edges=[0]) == ["< 0", "≥ 0", "≥ 0"]


@pytest.mark.parametrize("method", ["equal width", "equal frequency"])
@pytest.mark.parametrize("values", [[1_000_001, 1_000_004, 1_000_007], [100_000.1, 100_000.2, 100_000.3]])
def test_neighbouring_bins_of_large_numbers_have_different_names(on, values, method):
    assert len(set(binned(on, values, bins=3, method=method))) == 3


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
