"""Stacking and calibration: the columns and curves of scikit-learn, models that are saved and loaded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, StackingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from peephole.core.errors import DataError, SettingError
from peephole.nodes.mining.importance import feature_importance
from peephole.nodes.mining.meta_learners import calibrated_learner, stacking_learner
from peephole.nodes.mining.predictors import predict
from peephole.ports.model import ModelCodec

X = ["a", "b", "c"]
MEMBERS = [{"learner": "decision tree", "settings": {"depth": 3}}, {"learner": "naive Bayes"}]


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(240, 3))
    score = x[:, 0] + x[:, 1] ** 2 + rng.normal(size=240) / 2
    three = np.select([score > 1.5, score > 0.3], ["high", "middle"], "low")
    return pd.DataFrame(
        {**dict(zip(X, x.T, strict=True)), "y": np.where(score > 0.7, "yes", "no"), "three": three, "z": score}
    )


@pytest.mark.parametrize("target", ["y", "three"])
def test_a_stack_of_classes_is_that_of_scikit_learn(data, target):
    found = predict(data, stacking_learner(data, target=target, features=X, members=MEMBERS, folds=4, seed=5))
    codes = pd.Categorical(data[target]).codes
    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=5, random_state=5)
    wanted = StackingClassifier(
        [("t", tree), ("b", GaussianNB())],
        LogisticRegression(max_iter=1000),
        cv=StratifiedKFold(4, shuffle=True, random_state=5),
    ).fit(data[X].to_numpy(np.float32).astype(float), codes)
    shares = wanted.predict_proba(data[X].to_numpy(np.float32).astype(float))
    names = sorted(data[target].unique())
    for i, name in enumerate(names):
        np.testing.assert_allclose(found[f"prediction P({name})"], shares[:, i], atol=2e-3)


def test_a_stack_of_numbers_is_that_of_scikit_learn(data):
    members = [{"learner": "linear regression"}, {"learner": "nearest neighbours", "settings": {"neighbours": 3}}]
    found = predict(data, stacking_learner(data, target="z", features=X, members=members, folds=4, seed=5))
    near = make_pipeline(StandardScaler(), KNeighborsRegressor(3))
    wanted = StackingRegressor(
        [("l", LinearRegression()), ("k", near)], LinearRegression(), cv=KFold(4, shuffle=True, random_state=5)
    ).fit(data[X], data["z"])
    np.testing.assert_allclose(found["prediction"], wanted.predict(data[X]))


@pytest.mark.parametrize("target", ["y", "three"])
@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
def test_calibration_is_that_of_scikit_learn(data, target, method):
    model = calibrated_learner(data, target=target, features=X, learner="naive Bayes", method=method, folds=4, seed=5)
    found = predict(data, model)
    wanted = CalibratedClassifierCV(
        GaussianNB(), method=method, cv=StratifiedKFold(4, shuffle=True, random_state=5), ensemble=False
    ).fit(data[X], data[target])
    shares = wanted.predict_proba(data[X])
    for i, name in enumerate(sorted(data[target].unique())):
        np.testing.assert_allclose(found[f"prediction P({name})"], shares[:, i], atol=1e-6)


def test_support_vectors_are_calibrated_from_their_decisions(data):
    found = predict(data, calibrated_learner(data, target="y", features=X, learner="support vector machine"))
    assert found["prediction P(yes)"].between(0, 1).all()
    assert (found["prediction"] == data["y"]).mean() > 0.8


@pytest.mark.parametrize(
    "learn",
    [
        lambda t: stacking_learner(t, target="kind"),
        lambda t: stacking_learner(t, target="amount", members=MEMBERS[:1]),
        lambda t: calibrated_learner(t, target="kind", learner="gradient boosting"),
        lambda t: calibrated_learner(t, target="kind", learner="decision tree", method="isotonic"),
    ],
    ids=["stack", "numbers", "sigmoid", "isotonic"],
)
def test_gaps_and_categories_travel_with_the_saved_model(learn, mixed, tmp_path):
    codec = ModelCodec()
    model = learn(mixed)
    codec.save(model, tmp_path)
    loaded = codec.load(tmp_path)
    said = predict(mixed, loaded)
    assert said.equals(predict(mixed, model))
    assert said.column("prediction").null_count == 0
    new = pa.table({n: pa.nulls(2, mixed.schema.field(n).type) for n in model.features})
    assert predict(new, loaded).num_rows == 2
    (tmp_path / "again").mkdir()
    codec.save(learn(mixed), tmp_path / "again")
    assert codec.content_key(tmp_path) == codec.content_key(tmp_path / "again")


def test_a_stacks_importance_is_that_of_its_columns(data):
    model = stacking_learner(data, target="y", features=X, members=MEMBERS)
    found = feature_importance(data, model, target="y").importance
    assert found["feature"].iloc[-1] == "c"
    assert found["importance"].iloc[0] > 0.1
    with pytest.raises(DataError, match="no importance of its own"):
        feature_importance(data, model, target="y", method="built-in")


def test_what_cannot_be_is_named(data):
    with pytest.raises(SettingError, match="naive Bayes is for classification") as caught:
        stacking_learner(data, target="z", members=[{"learner": "naive Bayes"}], task="regression")
    assert caught.value.setting
    with pytest.raises(SettingError, match='no setting "dept"'):
        stacking_learner(data, target="y", members=[{"learner": "decision tree", "settings": {"dept": 1}}])
    with pytest.raises(SettingError, match="linear regression is for regression"):
        calibrated_learner(data, target="y", learner="linear regression")
    data.loc[0, "y"] = "once"
    with pytest.raises(DataError, match="all rows of the class once"):
        stacking_learner(data, target="y", features=X, members=MEMBERS)
