from __future__ import annotations

from collections import Counter
from statistics import fmean, stdev

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peephole.core.errors import SettingError
from peephole.core.progress import reporting_to
from peephole.nodes.statistics.correlation import correlation_matrix
from peephole.nodes.statistics.counts import value_counts
from peephole.nodes.statistics.describe import describe
from peephole.nodes.statistics.regression import linear_regression


@given(data=st.data())
def test_figures_of_each_column(on, random_rows, data):
    rows = data.draw(random_rows)
    found = {r["column"]: r for r in on.rows(describe(on.frame(rows)))}
    assert list(found) == list("kgvib")
    for name, r in found.items():
        there = [row[name] for row in rows if row[name] is not None]
        assert (r["count"], r["missing"], r["distinct"]) == (len(there), len(rows) - len(there), len(set(there)))
        if name == "k":
            assert (r["lowest"], r["highest"]) == (min(there, default=None), max(there, default=None))
            continue
        of = {
            "mean": fmean,
            "std": lambda v: stdev(v) if len(v) > 1 else None,
            "min": min,
            "max": max,
            **{
                q: lambda v, at=at: float(np.quantile(v, at))
                for q, at in (("q25", 0.25), ("median", 0.5), ("q75", 0.75))
            },
        }
        numbers = [float(v) for v in there]
        assert {q: r[q] for q in of} == {q: pytest.approx(f(numbers)) if numbers else None for q, f in of.items()}
        if len(set(numbers)) > 1:
            assert r["skewness"] == pytest.approx(stats.skew(numbers), abs=1e-6)
            assert r["kurtosis"] == pytest.approx(stats.kurtosis(numbers), abs=1e-6)
        else:
            assert (r["skewness"], r["kurtosis"]) == (None, None)


def test_more_columns_than_go_into_one_query(on):
    names = [f"c{i}" for i in range(95)]
    frame = on.frame([dict.fromkeys(names, 2)], pa.schema({n: pa.int64() for n in names}))
    assert [r["column"] for r in on.rows(describe(frame))] == names


@given(data=st.data())
def test_counts_and_shares(on, random_rows, data):
    rows = data.draw(random_rows)
    found = on.rows(value_counts(on.frame(rows), column="k"))
    counted = Counter(r["k"] for r in rows)
    ordered = sorted(counted.items(), key=lambda c: (-c[1], c[0] is None, c[0] or ""))
    assert found == [{"k": k, "count": n, "share": pytest.approx(n / len(rows))} for k, n in ordered]


@pytest.mark.parametrize("name", ["count", "Share"])
def test_names_that_clash(on, name):
    with pytest.raises(SettingError, match="two columns"):
        value_counts(on.frame([], pa.schema({name: pa.int64()})), column=name)


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
@given(data=st.data())
def test_correlations(on, random_rows, method, data):
    rows = data.draw(random_rows)
    found = on.rows(correlation_matrix(on.frame(rows), columns=["g", "v", "i"], method=method))
    of = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}[method]
    for row in found:
        for name in "gvi":
            both = [r for r in rows if None not in (r[row["column"]], r[name])]
            a, b = [[r[n] for r in both] for n in (row["column"], name)]
            flat = len(set(a)) < 2 or len(set(b)) < 2
            assert row[name] == (None if flat else pytest.approx(of(a, b)[0], abs=1e-9))


class Heard:
    """Keeps what a node tells."""

    def __init__(self):
        self.told = []

    def progress(self, *_args):
        """Nothing is drawn."""

    def metric(self, *_args):
        """Nothing is drawn."""

    def message(self, level, text):
        self.told.append(text)

    def cancelled(self):
        return False


def test_what_missing_values_leave_out_is_told(on):
    numbers = [1.0, 2.0, 4.0, 3.0, 7.0]
    rows = [{"v": v, "i": None if n == 1 else n * n, "g": None if n < 3 else n} for n, v in enumerate(numbers)]
    frame = on.frame(rows)
    heard = Heard()
    with reporting_to(heard):
        found = on.rows(correlation_matrix(frame, columns=["v", "i", "g"]))
        linear_regression(frame, target="v", features=["i"])
    wanted = pd.DataFrame(rows).corr()
    assert found[0]["i"] == pytest.approx(wanted.loc["v", "i"])
    assert found[0]["g"] == pytest.approx(wanted.loc["v", "g"])
    assert heard.told == [
        "3 of 5 rows have missing values: each two columns are compared in the rows that have both.",
        "1 of 5 rows are left out: a column is missing there.",
    ]
