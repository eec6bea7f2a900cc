"""What a model has learnt, read off its estimator, against what the estimator itself does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from peephole.nodes.mining.clustering import k_means
from peephole.nodes.mining.ensembles import random_forest_learner as random_forest
from peephole.nodes.mining.learners import decision_tree_learner as decision_tree
from peephole.nodes.mining.learners import gradient_boosting_learner
from peephole.nodes.mining.linear_models import linear_regression_learner, logistic_regression_learner
from peephole.ports.model_contents import contents


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "size": random.normal(size=400),
            "colour": random.choice(["red", "green", "blue"], 400),
            "age": random.integers(0, 90, 400),
        }
    )
    frame["price"] = 3 * frame["size"] + (frame["colour"] == "red") * 2 + 0.1 * frame["age"]
    frame["kind"] = np.where((frame["colour"] == "red") & (frame["age"] > 40), "old red", "other")
    return frame


def follow(node: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """The leaf that a row comes to by answering the questions as a person would."""
    while node["left"] is not None:
        name, _, rest = node["question"].partition(" ")
        if rest.startswith("≤ "):
            yes = row[name] <= float(rest.removeprefix("≤ "))
        else:
            listed = rest.removeprefix("is not ").removeprefix("is ").replace(" or ", ", ").split(", ")
            yes = (row[name] in listed) != rest.startswith("is not ")
        node = node["left"] if yes else node["right"]
    return node


def test_a_tree_answers_as_its_estimator_does(rows: pd.DataFrame) -> None:
    features = ["size", "colour", "age"]
    model = decision_tree(rows, target="kind", features=features, depth=4)
    told = contents(model)
    assert (told["title"], told["task"], told["target"]) == (model.title, "classification", "kind")
    assert told["classes"] == ["old red", "other"]
    assert dict(told["features"]) == {"size": "number", "colour": "text", "age": "integer"}
    tree = told["tree"]
    assert tree["depth"] <= 4
    assert tree["root"]["rows"] == 400
    shares = rows["kind"].value_counts(normalize=True)
    assert tree["root"]["shares"] == pytest.approx([shares["old red"], shares["other"]])
    leaves = [follow(tree["root"], row) for row in rows[features].to_dict("records")]
    assert [leaf["value"] for leaf in leaves] == rows["kind"].tolist()
    assert sum(i["value"] for i in told["importance"]) == pytest.approx(1.0)
    assert {i["feature"] for i in told["importance"]} == {"size", "colour", "age"}


def test_a_deep_tree_is_shown_in_part(rows: pd.DataFrame) -> None:
    tree = contents(decision_tree(rows, target="price", features=["size", "age"], depth=20, leaf_rows=1))["tree"]
    assert tree["depth"] > tree["shown"] == 8

    def depth(node: dict[str, Any]) -> int:
        return 1 + max(depth(node["left"]), depth(node["right"])) if node["left"] else 0

    assert depth(tree["root"]) == 8
    assert tree["root"]["shares"] is None
    assert tree["root"]["value"] == pytest.approx(rows["price"].mean())


def test_weights_of_a_line_give_its_predictions(rows: pd.DataFrame) -> None:
    model, _ = linear_regression_learner(rows, target="price", features=["size", "colour", "age"])
    told = contents(model)
    weights = {c["feature"]: c["value"] for c in told["coefficients"]}
    assert {"(intercept)", "size", "age", "colour = red", "colour = green", "colour = blue"} == set(weights)
    assert weights["colour = red"] - weights["colour = green"] == pytest.approx(2.0, abs=1e-6)
    ones = [rows["colour"] == colour for colour in ("red", "green", "blue")]
    line = weights["(intercept)"] + weights["size"] * rows["size"] + weights["age"] * rows["age"]
    line += sum(one * weights[f"colour = {c}"] for one, c in zip(ones, ("red", "green", "blue"), strict=True))
    assert line.tolist() == pytest.approx(rows["price"].tolist())
    assert told["tree"] is None


def test_weights_of_two_classes_speak_for_the_second(rows: pd.DataFrame) -> None:
    model, _ = logistic_regression_learner(rows, target="kind", features=["age", "colour"])
    found = contents(model)["coefficients"]
    assert {c["target"] for c in found} == {"other"}
    assert next(c["value"] for c in found if c["feature"] == "age") < 0  # the older, the less "other"


def test_a_forest_has_no_single_tree_but_importance(rows: pd.DataFrame) -> None:
    told = contents(random_forest(rows, target="price", features=["size", "age"], trees=10))
    assert told["tree"] is None
    assert told["importance"][0]["feature"] in ("size", "age")
    assert told["facts"]["trees"] == "10"


def test_the_kind_is_told_as_people_say_it(rows: pd.DataFrame) -> None:
    asked = {"target": "kind", "features": ["size", "age"]}
    kinds = {
        "Gradient boosting, 12 trees": gradient_boosting_learner(rows, **asked, trees=12),
        "Random forest, 7 trees": random_forest(rows, **asked, trees=7),
        "Decision tree, 2 leaves": decision_tree(rows, **asked, depth=1),
        "Logistic regression": logistic_regression_learner(rows, **asked).model,
        "k-Means, 4 clusters": k_means(rows, columns=["size", "age"], clusters=4).model,
    }
    for kind, model in kinds.items():
        told = contents(model)
        assert told["estimator"] == kind
        assert told["facts"]["rows"] == "400"
        assert "learner" not in told["facts"]
    bare = replace(kinds["Logistic regression"], notes={})
    assert contents(bare)["estimator"] == "Logistic regression"
