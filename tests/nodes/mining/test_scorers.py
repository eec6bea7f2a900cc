"""Scores: equal to scikit-learn's and scipy's, and to tables made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy import stats
from sklearn import metrics

from peephole.core.errors import DataError, SettingError
from peephole.nodes.mining._classes import roc
from peephole.nodes.mining.learners import decision_tree_learner
from peephole.nodes.mining.predictors import predict
from peephole.nodes.mining.scorers import numeric_score, score


def of(table: pd.DataFrame, name: str) -> float:
    return table.set_index("metric")["value"][name]


@pytest.fixture
def three() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    shares = rng.dirichlet([1, 1, 1], 500)
    actual = np.array(["ant", "bee", "cat"])[[rng.choice(3, p=p) for p in shares]]
    said = np.array(["ant", "bee", "cat"])[shares.argmax(axis=1)]
    names = [f"prediction P({c})" for c in ("ant", "bee", "cat")]
    return pd.DataFrame({"y": actual, "prediction": said, **dict(zip(names, shares.T, strict=True))})


def test_classes_agree_with_scikit_learn(three):
    found = score(three, target="y")
    y, said = three["y"], three["prediction"]
    np.testing.assert_array_equal(found.confusion.drop(columns="actual"), metrics.confusion_matrix(y, said))
    precision, recall, f1, rows = metrics.precision_recall_fscore_support(y, said)
    np.testing.assert_allclose(found.classes[["precision", "recall", "F1", "rows"]].T, [precision, recall, f1, rows])
    assert of(found.metrics, "accuracy") == pytest.approx(metrics.accuracy_score(y, said))
    assert of(found.metrics, "balanced accuracy") == pytest.approx(metrics.balanced_accuracy_score(y, said))
    assert of(found.metrics, "F1 (macro)") == pytest.approx(metrics.f1_score(y, said, average="macro"))
    assert of(found.metrics, "F1 (weighted)") == pytest.approx(metrics.f1_score(y, said, average="weighted"))
    assert of(found.metrics, "Cohen's kappa") == pytest.approx(metrics.cohen_kappa_score(y, said))
    shares = three.filter(like="P(").to_numpy()
    assert of(found.metrics, "log loss") == pytest.approx(metrics.log_loss(y, shares))
    area = metrics.roc_auc_score(y, shares, multi_class="ovr", average="macro")
    assert of(found.metrics, "AUC (macro, one against the rest)") == pytest.approx(area)


def test_two_classes_by_hand():
    data = pd.DataFrame(
        {
            "y": [True, True, True, False, False, None],
            "p": [True, True, False, False, True, True],
            "p P(true)": [0.9, 0.8, 0.4, 0.3, 0.8, 0.5],
        }
    )
    found = score(data, target="y", prediction="p")
    assert found.confusion.to_numpy().tolist() == [["false", 1, 1], ["true", 1, 2]]
    assert of(found.metrics, "rows") == 5
    assert of(found.metrics, "accuracy") == pytest.approx(3 / 5)
    # pairs (positive, negative): 6; won: .9>.3 .9>.8 .8>.3 .4>.3, tied: .8=.8
    assert of(found.metrics, "AUC") == pytest.approx(4.5 / 6)
    assert found.classes["AUC"].tolist()[1] == pytest.approx(0.75)


def test_the_area_is_that_of_the_rank_sum():
    rng = np.random.default_rng(0)
    positive = rng.random(3000) < 0.2
    value = np.round(rng.normal(size=3000) + positive, 1)  # many ties
    curve = roc(positive, value)
    ranks = stats.mannwhitneyu(value[positive], value[~positive]).statistic
    assert curve.auc == pytest.approx(ranks / (positive.sum() * (~positive).sum()))
    false_rate, true_rate, _ = metrics.roc_curve(positive, value, drop_intermediate=False)
    np.testing.assert_allclose(curve.false_positive_rate, false_rate)
    np.testing.assert_allclose(curve.true_positive_rate, true_rate)
    thin = roc(positive, value + rng.random(3000) / 1e6).thinned(100)
    assert len(thin.true_positive_rate) <= 100
    assert (thin.true_positive_rate[0], thin.false_positive_rate[-1]) == (0, 1)


def test_the_positive_class_can_be_chosen(three):
    found = score(three, target="y", positive="bee")
    area = metrics.roc_auc_score(three["y"] == "bee", three["prediction P(bee)"])
    assert of(found.metrics, "AUC") == pytest.approx(area)
    with pytest.raises(SettingError, match='no class "bear"'):
        score(three, target="y", positive="bear")
    same = score(three, target="y", positive="bee", probabilities=["prediction P(bee)"])
    assert of(same.metrics, "AUC") == pytest.approx(area)
    with pytest.raises(SettingError, match="not clear which class"):
        score(three.rename(columns={"prediction P(ant)": "q"}), target="y", probabilities=["q", "prediction P(bee)"])


def test_without_probabilities_there_is_no_curve(heard):
    found = score(pd.DataFrame({"y": ["a", "b"], "prediction": ["a", "a"]}), target="y")
    assert "no ROC curve" in heard.text
    assert found.roc.data.num_rows == 0
    assert found.classes["precision"].tolist() == [0.5, 0.0]


def test_numbers_and_texts_of_the_same_class_meet():
    data = pa.table({"y": [1, 2, 1], "prediction": ["1", "2", "2"]})
    assert score(data, target="y").confusion.to_pylist() == [
        {"actual": "1", "predicted 1": 1, "predicted 2": 1},
        {"actual": "2", "predicted 1": 0, "predicted 2": 1},
    ]


def test_nothing_to_score_is_said():
    with pytest.raises(DataError, match="No row has both"):
        score(pa.table({"y": pa.nulls(2, pa.string()), "prediction": ["a", "b"]}), target="y")
    with pytest.raises(DataError, match="No row has both"):
        numeric_score(pa.table({"y": pa.nulls(2, pa.float64()), "prediction": [1.0, 2.0]}), target="y")
    with pytest.raises(DataError, match="more than 200"):
        score(pd.DataFrame({"y": range(1000), "prediction": range(1000)}), target="y")


def test_a_tree_is_scored_as_scikit_learn_scores_it(titanic):
    found = predict(titanic, decision_tree_learner(titanic, target="survived"))
    result = score(found, target="survived")
    area = metrics.roc_auc_score(found["survived"], found["prediction P(1)"])
    assert of(result.metrics, "AUC") == pytest.approx(area)
    assert (
        result.matrix.data.column("rows").to_pylist()
        == result.confusion.drop(columns="actual").to_numpy().ravel().tolist()
    )


def test_numbers_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    y = rng.normal(10, 3, 9000)
    said = y + rng.normal(0.3, 1, 9000)
    found = numeric_score(pd.DataFrame({"y": y, "prediction": said}), target="y")
    assert of(found.metrics, "mean absolute error") == pytest.approx(metrics.mean_absolute_error(y, said))
    assert of(found.metrics, "root mean squared error") == pytest.approx(metrics.root_mean_squared_error(y, said))
    assert of(found.metrics, "R2") == pytest.approx(metrics.r2_score(y, said))
    assert of(found.metrics, "median absolute error") == pytest.approx(metrics.median_absolute_error(y, said))
    assert of(found.metrics, "largest error") == pytest.approx(metrics.max_error(y, said))
    assert of(found.metrics, "mean error (bias)") == pytest.approx((said - y).mean())
    assert 2000 <= found.figure.data.num_rows <= 4000


def test_a_constant_target_has_no_r2(heard):
    found = numeric_score(pd.DataFrame({"y": [2.0, 2.0], "prediction": [1.0, 3.0]}), target="y")
    assert np.isnan(of(found.metrics, "R2"))
    assert "R2 says nothing" in heard.text
