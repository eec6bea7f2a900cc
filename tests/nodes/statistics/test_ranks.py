"""Tests by ranks agree with scipy, ties and all; a describing histogram with numpy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import kruskal, mannwhitneyu

from peephole.core.errors import DataError, SettingError
from peephole.nodes.statistics.describe import BLOCKS, describe
from peephole.nodes.statistics.ranks import rank_test

FRAMES = pytest.mark.parametrize("frame", [pd.DataFrame, pl.from_pandas])


@pytest.fixture(params=["ties", "none"])
def data(request) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    value = rng.normal(size=120) + np.arange(120) % 3 / 3
    value = value.round(1) if request.param == "ties" else value
    return pd.DataFrame({"v": value, "two": np.where(np.arange(120) % 3 == 0, "a", "b"), "three": np.arange(120) % 3})


def rows(table) -> list[dict]:
    return table.to_dict("records") if isinstance(table, pd.DataFrame) else table.to_dicts()


@FRAMES
def test_two_groups_agree_with_scipy(data, frame):
    found = rank_test(frame(data), column="v", groups="two")
    parts = [data["v"][data["two"] == k] for k in "ab"]
    wanted = mannwhitneyu(*parts, method="asymptotic")
    (test,) = rows(found.test)
    assert test["test"] == "Mann-Whitney"
    assert test["statistic"] == pytest.approx(wanted.statistic)
    assert test["p"] == pytest.approx(wanted.pvalue)
    larger = np.mean([(a > b) + (a == b) / 2 for a in parts[0] for b in parts[1]])
    assert test["effect"] == pytest.approx(larger)
    each = rows(found.groups)
    assert [g["median"] for g in each] == pytest.approx([p.median() for p in parts])
    assert [g["mean rank"] for g in each] == pytest.approx([data["v"].rank()[data["two"] == k].mean() for k in "ab"])


@FRAMES
def test_three_groups_agree_with_scipy(data, frame):
    data.loc[3, "v"] = None
    found = rank_test(frame(data), column="v", groups="three")
    wanted = kruskal(*(part["v"].dropna() for _, part in data.groupby("three")))
    (test,) = rows(found.test)
    assert (test["test"], test["count"], test["df"]) == ("Kruskal-Wallis", 119, 2)
    assert [test["statistic"], test["p"]] == pytest.approx([wanted.statistic, wanted.pvalue])


def test_what_cannot_be_tested(data):
    same = rank_test(data.assign(v=1.0), column="v", groups="two").test
    assert same["p"].isna().all()
    with pytest.raises(DataError, match="has 1 values"):
        rank_test(data.assign(two="a"), column="v", groups="two")
    with pytest.raises(SettingError, match="the numbers themselves"):
        rank_test(data, column="v", groups="v")


@FRAMES
def test_a_small_histogram_has_the_counts_of_numpy(frame):
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"v": rng.exponential(size=500), "i": rng.integers(0, 80, 500), "k": "text", "flat": 1.0})
    found = {r["column"]: r["histogram"] for r in rows(describe(frame(data)))}
    for name in ("v", "i"):
        counts = np.histogram(data[name], 8)[0]
        heights = [BLOCKS.index(c) for c in found[name]]
        np.testing.assert_array_equal(heights, np.ceil(counts / counts.max() * 8))
    assert not isinstance(found["k"], str)
    assert not isinstance(found["flat"], str)
