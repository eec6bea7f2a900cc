"""Ranking and choosing columns: the scores of scikit-learn and scipy, choices that scikit-learn makes too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, entropy, f_oneway
from sklearn.feature_selection import (
    SequentialFeatureSelector,
    f_regression,
    mutual_info_classif,
    mutual_info_regression,
)
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.tree import DecisionTreeClassifier

from peephole.core.errors import SettingError
from peephole.nodes.mining.features import feature_selection, rank_features

X = ["a", "b", "c", "d"]


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(200, 4))
    colour = rng.choice(["red", "green", "blue"], 200)
    score = x[:, 0] + 0.5 * x[:, 1] + (colour == "red") + rng.normal(size=200) / 2
    kind = np.where(score > 0.4, "yes", "no")
    return pd.DataFrame({**dict(zip(X, x.T, strict=True)), "colour": colour, "kind": kind, "z": score})


def scores(found) -> dict[str, float]:
    return dict(zip(found.ranking["feature"], found.ranking["score"], strict=True))


def test_mutual_information_is_that_of_scikit_learn(data):
    found = scores(rank_features(data, target="kind", features=["a", "colour"], seed=2))
    codes = pd.Categorical(data["kind"]).codes
    alone = {"random_state": 2, "n_neighbors": 3}
    assert found["a"] == pytest.approx(mutual_info_classif(data[["a"]], codes, **alone)[0])
    colours = pd.Categorical(data["colour"]).codes.reshape(-1, 1)
    assert found["colour"] == pytest.approx(mutual_info_classif(colours, codes, discrete_features=True)[0])
    numbers = scores(rank_features(data, target="z", features=["a"], seed=2))
    assert numbers["a"] == pytest.approx(mutual_info_regression(data[["a"]], data["z"], **alone)[0])


def test_tests_are_those_of_scipy(data):
    found = rank_features(data, target="kind", features=["a", "colour"], by="F test").ranking.set_index("feature")
    f, p = f_oneway(*(part["a"] for _, part in data.groupby("kind")))
    assert found.loc["a"].tolist() == pytest.approx([f, p])
    chi, p, *_ = chi2_contingency(pd.crosstab(data["colour"], data["kind"]))
    assert found.loc["colour"].tolist() == pytest.approx([chi, p])
    numbers = rank_features(data, target="z", features=["a", "colour"], by="F test").ranking.set_index("feature")
    assert numbers.loc["a"].tolist() == pytest.approx([v[0] for v in f_regression(data[["a"]], data["z"])])
    f, p = f_oneway(*(part["z"] for _, part in data.groupby("colour")))
    assert numbers.loc["colour"].tolist() == pytest.approx([f, p])
    counted = scores(rank_features(data, target="kind", features=["a"], by="chi-square"))
    quarters = pd.crosstab(pd.qcut(data["a"], 4), data["kind"])
    assert counted["a"] == pytest.approx(chi2_contingency(quarters)[0])


@pytest.mark.parametrize(("by", "criterion"), [("information gain", "entropy"), ("Gini", "gini")])
def test_the_best_cut_is_that_of_a_stump(data, by, criterion):
    found = scores(rank_features(data, target="kind", features=["a", "b"], by=by))
    for name in ("a", "b"):
        tree = DecisionTreeClassifier(max_depth=1, criterion=criterion).fit(data[[name]], data["kind"]).tree_
        left, right = tree.n_node_samples[1:] / 200
        gain = tree.impurity[0] - left * tree.impurity[1] - right * tree.impurity[2]
        assert found[name] == pytest.approx(gain, abs=1e-9)


def test_the_gain_of_categories(data):
    found = scores(rank_features(data, target="kind", features=["colour"], by="information gain"))
    table = pd.crosstab(data["colour"], data["kind"])
    inside = sum(part.sum() / 200 * entropy(part, base=2) for _, part in table.iterrows())
    assert found["colour"] == pytest.approx(entropy(table.sum(), base=2) - inside)


def test_the_best_columns_are_kept_with_the_others(data, heard):
    found = rank_features(data.assign(same=1), target="kind", features=[*X, "same"], by="Gini", keep=2)
    assert found.kept.columns.tolist() == ["a", "b", "colour", "kind", "z"]
    assert "same (is always the same)" in heard.text
    assert found.figure.data.column("feature").to_pylist() == found.ranking["feature"].tolist()
    with pytest.raises(SettingError, match="Gini is for classes"):
        rank_features(data, target="z", by="Gini")


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_chosen_columns_are_those_of_scikit_learn(data, direction):
    found = feature_selection(
        data, target="z", features=X, learner="linear regression", direction=direction, count=2, folds=4, seed=3
    )
    folds = KFold(4, shuffle=True, random_state=3)
    wanted = SequentialFeatureSelector(
        LinearRegression(), n_features_to_select=2, direction=direction, cv=folds, scoring="r2"
    ).fit(data[X], data["z"])
    kept = [n for n, there in zip(X, wanted.get_support(), strict=True) if there]
    assert found.kept.columns.tolist() == [*kept, "colour", "kind", "z"]


def test_the_best_number_of_columns_is_kept(data):
    found = feature_selection(data, target="kind", features=[*X, "colour"], settings={"depth": 4}, folds=5, seed=3)
    steps = found.steps
    assert steps["columns"].tolist() == [1, 2, 3, 4, 5]
    best = int(steps["accuracy"].idxmax())
    assert set(found.kept.columns) == {*steps["added"][: best + 1], "kind", "z"}
    folds = StratifiedKFold(5, shuffle=True, random_state=3)
    tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, random_state=3)
    one = SequentialFeatureSelector(tree, n_features_to_select=1, cv=folds).fit(
        data[X].to_numpy(np.float32), data["kind"]
    )
    if steps["added"][0] in X:
        assert steps["added"][0] == X[int(np.flatnonzero(one.get_support())[0])]
    assert found.figure.data.column("columns").to_pylist() == [1, 2, 3, 4, 5]


def test_a_column_that_cannot_be_learnt_from_alone_comes_last(data):
    rare = np.zeros(200)
    rare[0] = 1
    found = feature_selection(data.assign(rare=rare), target="kind", features=["a", "rare"], folds=5)
    assert found.steps["added"].tolist() == ["a", "rare"]


def test_what_cannot_be_is_named(data):
    with pytest.raises(SettingError, match="There are 2 columns"):
        feature_selection(data, target="kind", features=["a", "b"], count=3)
