"""Cross-validation: the same folds and measures as scikit-learn by hand."""

from __future__ import annotations

import json
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict, cross_val_score
from sklearn.tree import DecisionTreeClassifier

from peephole.core.checked import declared_at
from peephole.core.errors import DataError, SettingError
from peephole.engine.catalog import catalog
from peephole.nodes.mining._choices import LEARNERS, LearnerName
from peephole.nodes.mining.validation import cross_validation
from peephole.nodes.views.evaluation import roc_curve
from peephole.workflow.check import check
from peephole.workflow.document import Document


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(150, 3))
    kind = np.where(x[:, 0] + rng.normal(size=150) / 2 > 0.3, "yes", "no")
    return pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "kind": kind, "z": x @ [1, 2, 3] + x[:, 0] ** 2})


def test_classes_agree_with_scikit_learn(data):
    found = cross_validation(data, target="kind", features=["a", "b", "c"], folds=5, seed=2)
    tree = DecisionTreeClassifier(max_depth=10, min_samples_leaf=5, random_state=2)
    folds = StratifiedKFold(5, shuffle=True, random_state=2)
    codes = (data["kind"] == "yes").astype(int)
    expected = cross_val_score(tree, data[["a", "b", "c"]].to_numpy(np.float32), codes, cv=folds)
    np.testing.assert_allclose(found.folds["accuracy"], expected)
    overview = found.metrics.set_index("metric")
    assert overview.loc["accuracy", "mean"] == pytest.approx(expected.mean())
    assert overview.loc["accuracy", "deviation"] == pytest.approx(expected.std(ddof=1))
    right = found.predictions["prediction"] == found.predictions["kind"]
    np.testing.assert_allclose(right.groupby(found.predictions["fold"]).mean(), expected)
    assert found.predictions[data.columns].equals(data)
    shares = cross_val_predict(
        tree, data[["a", "b", "c"]].to_numpy(np.float32), codes, cv=folds, method="predict_proba"
    )
    np.testing.assert_allclose(found.predictions[["prediction P(no)", "prediction P(yes)"]], shares)
    auc = roc_auc_score(codes, found.predictions["prediction P(yes)"])
    assert f"AUC {auc:.3f}" in json.dumps(roc_curve(found.predictions, target="kind").option)


def test_numbers_agree_with_scikit_learn(data):
    found = cross_validation(data, target="z", features=["a", "b"], learner="linear regression", folds=4, seed=1)
    folds = KFold(4, shuffle=True, random_state=1)
    expected = cross_val_score(LinearRegression(), data[["a", "b"]], data["z"], cv=folds, scoring="r2")
    np.testing.assert_allclose(found.folds["R2"], expected)


@pytest.mark.parametrize("learner", sorted(set(LEARNERS) - {"linear regression", "decision tree"}))
def test_every_learner_can_be_validated(data, learner):
    found = cross_validation(data.drop(columns="z"), target="kind", learner=learner, folds=2)
    assert found.metrics.set_index("metric").loc["accuracy", "mean"] > 0.6
    assert found.folds["rows"].tolist() == [75, 75]


def test_a_rare_class_is_said(data, heard):
    data.loc[0, "kind"] = "maybe"
    found = cross_validation(data, target="kind", features=["a"], folds=3)
    assert "not stratified" in heard.text
    assert found.folds["rows"].sum() == 150


def test_what_cannot_be_is_named(data):
    with pytest.raises(DataError, match="5 rows for 10 folds"):
        cross_validation(data.head(5), target="z")
    with pytest.raises(SettingError, match="naive Bayes is for classification"):
        cross_validation(data, target="kind", learner="naive Bayes", task="regression")
    with pytest.raises(SettingError, match="already has a column fold"):
        cross_validation(data.assign(fold=1), target="kind")


def test_the_learners_that_may_be_chosen_are_declared():
    assert get_args(LearnerName) == tuple(LEARNERS)
    for place in LEARNERS.values():
        assert {"target", "features"} <= set(declared_at(place).settings.model_fields)


WRONG = [
    ({"settings": {"dept": 3}}, "settings.dept", 'decision tree: there is no setting "dept". Did you mean "depth"?'),
    ({"learner": "random forest", "settings": {"trees": 0}}, "settings.trees", "random forest: trees cannot be 0"),
    ({"settings": {"seed": 3}}, "settings.seed", 'there is no setting "seed"'),
]


@pytest.mark.parametrize(("more", "setting", "words"), WRONG)
def test_a_wrong_setting_of_the_learner_is_told_before_anything_runs(more, setting, words):
    block = {"type": "cross_validation", "settings": {"target": "kind", **more}}
    found = [f for f in check(Document.model_validate({"nodes": {"v": block}}), catalog().specs) if f.setting]
    assert [(f.node, f.setting) for f in found] == [("v", setting)]
    assert words in str(found[0])
