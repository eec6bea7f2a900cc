"""Importance: near scikit-learn's own, and right where the answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.inspection import permutation_importance
from threadpoolctl import threadpool_limits

from peephole.core.errors import DataError
from peephole.nodes.mining.importance import feature_importance
from peephole.nodes.mining.learners import decision_tree_learner, gradient_boosting_learner


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 3))
    kind = rng.choice(["u", "v", "w"], 2000)
    y = np.where(2 * x[:, 0] + x[:, 1] + (kind == "v") > 0.3, "yes", "no")
    return pd.DataFrame({"strong": x[:, 0], "weak": x[:, 1], "noise": x[:, 2], "kind": kind, "y": y})


@pytest.mark.parametrize("learner", [decision_tree_learner, gradient_boosting_learner])
def test_permutation_is_near_that_of_scikit_learn(learner, data):
    model = learner(data, target="y")
    found = feature_importance(data, model, target="y", repeats=10).importance.set_index("feature")["importance"]
    rows = pa.Table.from_pandas(data, preserve_index=False)
    codes = np.searchsorted(["no", "yes"], data["y"])
    with threadpool_limits(1):
        by_hand = permutation_importance(
            model.estimator[-1], model.estimator[0].transform(rows), codes, n_repeats=10, random_state=0
        )
    expected = pd.Series(by_hand.importances_mean, model.estimator[0].names())
    np.testing.assert_allclose(found[expected.index], expected, atol=0.02)
    assert found.index[0] == "strong"


def test_built_in_is_the_trees_own(data):
    tree = decision_tree_learner(data, target="y")
    found = feature_importance(data, tree, target="y", method="built-in").importance.set_index("feature")["importance"]
    own = pd.Series(tree.estimator[-1].feature_importances_, tree.estimator[0].names())
    np.testing.assert_allclose(found[own.index], own)
    boosted = gradient_boosting_learner(data, target="y")
    gains = feature_importance(data, boosted, target="y", method="built-in").importance
    assert gains["feature"].tolist()[0] == "strong"
    assert gains["importance"].sum() == pytest.approx(1)


@pytest.mark.parametrize("measure", ["accuracy", "AUC", "log loss"])
def test_each_measure_finds_the_strong_column(data, measure):
    model = gradient_boosting_learner(data, target="y", trees=20)
    found = feature_importance(data, model, target="y", measure=measure, repeats=2)
    assert found.importance["feature"].tolist()[0] == "strong"
    assert measure in found.figure.option["xAxis"]["name"]


def test_dates_are_shuffled_as_one_column(mixed):
    model = gradient_boosting_learner(mixed, target="amount", trees=30)
    found = feature_importance(mixed, model, target="amount", measure="mean absolute error").importance
    assert sorted(found.column("feature").to_pylist()) == sorted(model.features)


def test_a_sample_is_drawn_with_the_seed(data, heard):
    model = decision_tree_learner(data, target="y")
    first, again = (feature_importance(data, model, target="y", rows=300, seed=9).importance for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert "A sample of 300 of 2000 rows" in heard.text


def test_what_does_not_fit_is_said(data):
    model = decision_tree_learner(data, target="y")
    with pytest.raises(DataError, match="R2 does not fit"):
        feature_importance(data, model, target="y", measure="R2")
    with pytest.raises(DataError, match="is a class of the model"):
        feature_importance(data, model, target="kind")
    with pytest.raises(DataError, match="No row has a value"):
        feature_importance(data.head(0), model, target="y")
