"""Tests of hypotheses and regression, against scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import statsmodels.api as sm
from scipy import stats

from peephole.core.errors import DataError, SettingError
from peephole.nodes.statistics.counts import crosstab
from peephole.nodes.statistics.means import anova, t_test
from peephole.nodes.statistics.regression import linear_regression

SCHEMA = pa.schema({"x": pa.float64(), "y": pa.float64(), "n": pa.int64(), "s": pa.string(), "w": pa.string()})


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    made = []
    for i in range(200):
        x = float(rng.normal(1000, 2))
        row = {"x": x, "y": 3 * x + float(rng.normal(0, 4)), "n": int(rng.integers(0, 50))}
        made.append({**row, "s": "abc"[int(rng.integers(0, 3))], "w": "uv"[int(x > 1000.5)]})
        made[-1]["xysnw"[i % 5]] = None if i % 11 == 0 else made[-1]["xysnw"[i % 5]]
    return made


def column(rows, name, *others):
    return [r[name] for r in rows if all(r[n] is not None for n in (name, *others))]


def one(on, frame):
    (row,) = on.rows(frame)
    return row


def assert_t(row, expected):
    low, high = expected.confidence_interval(0.95)
    assert (row["t"], row["df"], row["p"]) == pytest.approx(
        (expected.statistic, expected.df, expected.pvalue), rel=1e-7
    )
    return pytest.approx((low, high), rel=1e-7)


def test_one_sample_and_pairs(on, rows):
    row = one(on, t_test(on.frame(rows, SCHEMA), kind="one sample", column="x", mean=999.5))
    limits = assert_t(row, stats.ttest_1samp(column(rows, "x"), 999.5))
    assert (row["low"], row["high"]) == limits
    row = one(on, t_test(on.frame(rows, SCHEMA), kind="paired", column="y", other="x"))
    limits = assert_t(row, stats.ttest_rel(column(rows, "y", "x"), column(rows, "x", "y")))
    assert (row["low"], row["high"]) == limits
    assert row["count"] == len(column(rows, "y", "x"))


@pytest.mark.parametrize("equal", [True, False])
def test_two_samples(on, rows, equal):
    u, v = ([r["x"] for r in rows if r["w"] == w and r["x"] is not None] for w in "uv")
    row = one(on, t_test(on.frame(rows, SCHEMA), column="x", groups="w", equal_variances=equal))
    limits = assert_t(row, stats.ttest_ind(u, v, equal_var=equal))
    assert (row["low"], row["high"]) == limits
    assert row["compared"] == "u - v"


def test_a_t_test_that_cannot_be(on, rows):
    frame = on.frame(rows, SCHEMA)
    with pytest.raises(SettingError, match="two samples of what"):
        t_test(frame, column="x")
    with pytest.raises(SettingError, match="two columns"):
        t_test(frame, column="x", kind="paired")
    with pytest.raises(DataError, match='"s" has 3 values'):
        t_test(frame, column="x", groups="s")
    assert one(on, t_test(on.frame(rows[1:2], SCHEMA), kind="one sample", column="x"))["t"] is None


def test_anova(on, rows):
    parts = [[r["x"] for r in rows if r["s"] == s and r["x"] is not None] for s in "abc"]
    between, within, total = on.rows(anova(on.frame(rows, SCHEMA), column="x", groups="s"))
    expected = stats.f_oneway(*parts)
    assert (between["f"], between["p"]) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-6)
    everything = np.concatenate(parts)
    assert total["sum_of_squares"] == pytest.approx(((everything - everything.mean()) ** 2).sum())
    assert (between["df"], within["df"], total["df"]) == (2, len(everything) - 3, len(everything) - 1)


@pytest.mark.parametrize(("columns", "yates"), [("s", False), ("w", True), ("w", False)])
def test_chi_square(on, rows, columns, yates):
    other = "s" if columns == "w" else "w"
    use = [r for r in rows if r["s"] != "c"]
    counts, test = crosstab(on.frame(use, SCHEMA), rows=other, columns=columns, yates=yates)
    table = on.rows(counts)
    matrix = [[v for n, v in r.items() if n != other] for r in table]
    for r in table:
        for name in list(r)[1:]:
            assert r[name] == sum(u[other] == r[other] and u[columns] == name for u in use)
    expected = stats.chi2_contingency(matrix, correction=yates)
    row = one(on, test)
    assert (row["chi_square"], row["df"], row["p"]) == pytest.approx(
        (expected.statistic, expected.dof, expected.pvalue)
    )
    cramer = stats.contingency.association(np.array(matrix), method="cramer")
    assert yates or row["cramers_v"] == pytest.approx(cramer)


def test_too_many_values_for_a_crosstab(on, rows):
    with pytest.raises(DataError, match='"n" has more than 10') as caught:
        crosstab(on.frame(rows, SCHEMA), rows="s", columns="n", most=10)
    assert caught.value.setting == "columns"


def test_regression_is_that_of_statsmodels(on, rows):
    complete = [r for r in rows if None not in (r["x"], r["y"], r["n"])]
    expected = sm.OLS([r["y"] for r in complete], sm.add_constant([[r["x"], r["n"]] for r in complete])).fit()
    coefficients, fit = linear_regression(on.frame(rows, SCHEMA), target="y", features=["x", "n"])
    found = on.rows(coefficients)
    assert [r["term"] for r in found] == ["(intercept)", "x", "n"]
    limits = expected.conf_int()
    for name, values in {
        "estimate": expected.params,
        "std_error": expected.bse,
        "t": expected.tvalues,
        "p": expected.pvalues,
        "low": limits[:, 0],
        "high": limits[:, 1],
    }.items():
        assert [r[name] for r in found] == pytest.approx(list(values), rel=1e-6)
    row = one(on, fit)
    wanted = (expected.rsquared, expected.rsquared_adj, expected.fvalue, expected.f_pvalue, expected.scale**0.5)
    figures = (row["r_squared"], row["adjusted_r_squared"], row["f"], row["p"], row["std_error"])
    assert figures == pytest.approx(wanted, rel=1e-7)
    assert (row["rows"], row["df"]) == (len(complete), expected.df_resid)


def test_features_that_cannot_be_told_apart(on, rows):
    with pytest.raises(SettingError, match="explain itself"):
        linear_regression(on.frame(rows, SCHEMA), target="y", features=["y"])
    with pytest.raises(DataError, match="too few"):
        linear_regression(on.frame(rows[:2], SCHEMA), target="y", features=["x"])
    twice = [
        {**r, "n": None if r["x"] is None else 2 * int(r["x"]), "x": None if r["x"] is None else int(r["x"])}
        for r in rows
    ]
    with pytest.raises(DataError, match="follows from the others"):
        linear_regression(on.frame(twice, SCHEMA), target="y", features=["x", "n"])
    with pytest.raises(DataError, match="same value in every row"):
        linear_regression(on.frame([{**r, "x": 1.0} for r in rows], SCHEMA), target="y", features=["x", "n"])
