"""Searching settings and learning curves: the same scores as scikit-learn's own, wrong settings named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.tree import DecisionTreeClassifier

from peephole.core.errors import DataError, SettingError
from peephole.nodes.mining._search import drawn, grid
from peephole.nodes.mining.predictors import predict
from peephole.nodes.mining.search import Parameter, learning_curve, parameter_search
from peephole.nodes.mining.validation import cross_validation

X = ["a", "b", "c"]


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 3))
    kind = np.where(x[:, 0] + rng.normal(size=200) / 2 > 0.3, "yes", "no")
    return pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "kind": kind, "z": x @ [1, 2, 3] + x[:, 0] ** 2})


def test_a_grid_agrees_with_scikit_learn(data):
    parameters = [{"name": "depth", "values": [1, 2, 4]}, {"name": "leaf_rows", "values": [2, 10]}]
    found = parameter_search(data, target="kind", features=X, parameters=parameters, folds=5, seed=4)
    folds = StratifiedKFold(5, shuffle=True, random_state=4)
    wanted = GridSearchCV(
        DecisionTreeClassifier(random_state=4), {"max_depth": [1, 2, 4], "min_samples_leaf": [2, 10]}, cv=folds
    ).fit(data[X].to_numpy(np.float32), data["kind"])
    results = found.results.sort_values(["depth", "leaf_rows"])
    np.testing.assert_allclose(results["accuracy"], wanted.cv_results_["mean_test_score"])
    assert found.results["accuracy"].is_monotonic_decreasing
    assert found.results["rank"].tolist() == list(range(1, 7))
    best = found.results.iloc[0]
    assert best["accuracy"] == pytest.approx(wanted.best_score_)
    assert found.model.notes["settings"]["depth"] == best["depth"]
    said = predict(data, found.model, probabilities=False)["prediction"]
    tree = DecisionTreeClassifier(max_depth=int(best["depth"]), min_samples_leaf=int(best["leaf_rows"]), random_state=4)
    assert (said == tree.fit(data[X].to_numpy(np.float32), data["kind"]).predict(data[X].to_numpy(np.float32))).all()
    assert found.figure.option["series"][0]["type"] == "heatmap"


def test_errors_should_be_small_and_fixed_settings_hold(data):
    found = parameter_search(
        data,
        target="z",
        features=X,
        learner="linear regression",
        parameters=[{"name": "degree", "low": 1, "high": 3, "steps": 3}],
        settings={"shrinkage": 0.5},
        measure="root mean squared error",
        folds=4,
        seed=1,
    )
    assert found.results["root mean squared error"].is_monotonic_increasing
    assert sorted(found.results["degree"]) == [1, 2, 3]
    assert found.model.notes["settings"] == {"degree": 2, "shrinkage": 0.5}
    by_hand = cross_validation(
        data,
        target="z",
        features=X,
        learner="linear regression",
        settings={"degree": 2, "shrinkage": 0.5},
        folds=4,
        seed=1,
    )
    mean = by_hand.metrics.set_index("metric").loc["root mean squared error", "mean"]
    assert found.results["root mean squared error"].iloc[0] == pytest.approx(mean)
    assert found.figure.option["series"][0]["type"] == "line"
    assert found.figure.data.column("degree").to_pylist() == [1, 2, 3]


def test_chance_is_seeded_and_stays_within_limits():
    parameters = [
        Parameter(name="cost", low=0.01, high=100.0, by_factors=True),
        Parameter(name="neighbours", low=1, high=9),
        Parameter(name="kernel", values=["rbf", "linear"]),
    ]
    tries = drawn(parameters, 30, 7)
    assert tries == drawn(parameters, 30, 7) != drawn(parameters, 30, 8)
    assert len({repr(t) for t in tries}) == 30
    assert all(0.01 <= t["cost"] <= 100 and t["neighbours"] in range(1, 10) for t in tries)
    assert 0.3 < np.mean([t["cost"] < 1 for t in tries]) < 0.7  # as many below the middle factor as above
    assert len(drawn(parameters[2:], 30, 0)) == 2


def test_steps_of_a_grid():
    assert [g["c"] for g in grid([Parameter(name="c", low=0.1, high=1000.0, by_factors=True)])] == [
        0.1,
        1,
        10,
        100,
        1000,
    ]
    assert [g["k"] for g in grid([Parameter(name="k", low=1, high=4, steps=9)])] == [1, 2, 3, 4]


def test_many_combinations_are_drawn_as_bars(data):
    parameters = [
        {"name": n, "values": v} for n, v in {"trees": [2, 4], "depth": [2, None], "leaf_rows": [1, 9]}.items()
    ]
    found = parameter_search(data, target="kind", features=X, learner="random forest", parameters=parameters, folds=2)
    assert len(found.results) == 8
    assert found.results["depth"].isna().sum() == 4
    assert "trees 4, depth none, leaf_rows 1" in found.figure.data.column("tried").to_pylist()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"parameters": [{"name": "dept", "values": [1]}]}, 'no setting "dept".*Did you mean "depth"'),
        ({"parameters": [{"name": "depth", "values": [0]}]}, "depth cannot be 0"),
        ({"parameters": [{"name": "depth"}]}, "no values to try"),
        ({"parameters": [{"name": "depth", "low": 5, "high": 2}]}, "no values to try"),
        ({"parameters": [{"name": "pruning", "low": 0, "high": 2, "by_factors": True}]}, "starts at 0"),
        ({"parameters": [{"name": "depth", "values": [1]}, {"name": "depth", "values": [2]}]}, "there twice"),
        ({"parameters": [{"name": "depth", "values": [1]}], "measure": "R2"}, "does not measure"),
        ({"parameters": [{"name": "target", "values": ["b"]}]}, 'no setting "target"'),
    ],
)
def test_what_cannot_be_searched_is_named(data, more, words):
    with pytest.raises(SettingError, match=words):
        parameter_search(data, target="kind", features=X, **more)


def test_a_measure_that_needs_probabilities(data):
    with pytest.raises(DataError, match="No fold has AUC"):
        parameter_search(
            data,
            target="kind",
            features=X,
            learner="support vector machine",
            settings={"probabilities": False},
            parameters=[{"name": "cost", "values": [1]}],
            measure="AUC",
        )


def test_a_learning_curve_rises_and_ends_at_cross_validation(data):
    found = learning_curve(data, target="kind", features=X, learner="logistic regression", shares=[1.0, 0.05], seed=2)
    assert found.curve["share"].tolist() == [0.05, 1.0]
    assert found.curve["rows"].tolist() == [8, 160]
    whole = cross_validation(data, target="kind", features=X, learner="logistic regression", folds=5, seed=2)
    expected = whole.metrics.set_index("metric").loc["accuracy", "mean"]
    assert found.curve["rows held back"].iloc[1] == pytest.approx(expected)
    assert found.curve["rows they learnt from"].iloc[0] >= found.curve["rows held back"].iloc[0]
