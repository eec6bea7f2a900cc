"""Customer churn: its figures are those it says; cleaning, test and AUC are those of pandas, scipy and scikit-learn."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import chi2_contingency
from sklearn.metrics import brier_score_loss, roc_auc_score

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def done(ran):
    return ran("customer-churn", "classical/telco_churn_train5635.csv.gz")


def test_the_figures_are_the_expected_ones(done):
    done.check()


def test_blank_charges_are_those_of_new_customers(done):
    rows = done.table("paint.table").to_pandas()
    blank = rows[rows["TotalCharges"] == 0]
    assert len(blank) == 10
    assert (blank["tenure"] == 0).all()
    assert set(rows["SeniorCitizen"]) == {"Yes", "No"}


def test_the_test_is_that_of_scipy(done):
    rows = done.table("paint.table").to_pandas()
    wanted = chi2_contingency(pd.crosstab(rows["Contract"], rows["Churn"]), correction=False)
    assert done.table("by_contract.test").to_pandas()["chi_square"][0] == pytest.approx(wanted.statistic)


def test_models_are_compared_on_rows_that_none_has_seen(done):
    judged = done.table("say_mended.table").to_pandas()
    left = judged["Churn"] == "Yes"
    areas = {n: roc_auc_score(left, judged[f"{n} P(Yes)"]) for n in ("logistic", "boosting", "naive Bayes")}
    assert areas["logistic"] > 0.82
    assert areas["boosting"] > 0.82
    before, after = (brier_score_loss(left, judged[f"{n} P(Yes)"]) for n in ("naive Bayes", "calibrated Bayes"))
    assert after < 0.16 < before
    learnt = {tuple(r) for r in done.table("parts.train").to_pandas().drop(columns="__row__").itertuples(index=False)}
    there = judged[done.table("parts.train").to_pandas().drop(columns="__row__").columns]
    assert (
        sum(tuple(r) in learnt for r in there.itertuples(index=False)) <= 3
    )  # a few customers are alike in all columns


def test_the_threshold_goes_over_the_wire(done):
    judged = done.table("decide.decided").to_pandas()
    chosen = done.table("choose.thresholds").to_pandas()
    used = chosen.loc[chosen["cost"].idxmin(), "threshold"]
    assert (judged["call"] == (judged["boosting P(Yes)"] >= used)).all()
    reached = judged["call"][judged["Churn"] == "Yes"].mean()
    assert reached > 0.85
