"""Graduate admission: its figures are those it says, and those of scikit-learn and statsmodels on the same rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import ttest_ind
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import KFold, cross_val_score

TARGET = "Chance of Admit"


@pytest.fixture(scope="module")
def done(ran):
    return ran("graduate-admission", "admission/admission_rows1-400.csv")


@pytest.fixture(scope="module")
def rows(done) -> pd.DataFrame:
    return done.table("columns.table").to_pandas().drop(columns="__row__", errors="ignore")


def test_the_figures_are_the_expected_ones(done):
    done.check()


def test_ten_folds_are_those_of_scikit_learn(done, rows):
    folds = KFold(10, shuffle=True, random_state=0)
    scores = cross_val_score(
        LinearRegression(), rows.drop(columns=TARGET), rows[TARGET], cv=folds, scoring="neg_root_mean_squared_error"
    )
    found = done.table("ten_linear.metrics").to_pandas().set_index("metric")
    assert found.loc["root mean squared error", "mean"] == pytest.approx(-scores.mean())


def test_weights_are_those_of_statsmodels(done, rows):
    wanted = sm.OLS(rows[TARGET], sm.add_constant(rows.drop(columns=TARGET))).fit()
    found = done.table("weights.coefficients").to_pandas().sort_values("__row__")
    np.testing.assert_allclose(found["estimate"], wanted.params, rtol=1e-6)
    np.testing.assert_allclose(found["p"], wanted.pvalues, rtol=1e-5)


def test_the_difference_is_that_of_scipy(done, rows):
    parts = [rows[TARGET][rows["Research"] == r] for r in (0, 1)]
    found = done.table("difference.table").to_pandas().iloc[0]
    assert found["t"] == pytest.approx(ttest_ind(*parts, equal_var=False).statistic)


def test_the_readme_tells_every_node(done):
    text = (done.file.parent / "README.md").read_text(encoding="utf-8")
    assert "0.0637" in text
