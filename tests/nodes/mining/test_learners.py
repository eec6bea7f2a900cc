"""Learners: the same trees as scikit-learn by hand, bad input named, the same seed the same model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from threadpoolctl import threadpool_limits

from peephole.core.errors import Cancelled, ColumnError, DataError, SettingError
from peephole.nodes.mining.learners import decision_tree_learner, gradient_boosting_learner
from peephole.nodes.mining.predictors import predict

LEARNERS = pytest.mark.parametrize("learner", [decision_tree_learner, gradient_boosting_learner])


def numbers(rows: int = 400, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4))
    y = (x[:, 0] + x[:, 1] ** 2 > 0.5).astype(int)
    return pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "d": x[:, 3], "y": y, "z": x[:, 0] * 3 + x[:, 3]})


def test_a_tree_of_numbers_is_the_one_that_scikit_learn_grows():
    data = numbers()
    model = decision_tree_learner(data, target="y", features=["a", "b", "c", "d"], depth=6, leaf_rows=3, seed=5)
    by_hand = DecisionTreeClassifier(max_depth=6, min_samples_leaf=3, random_state=5)
    by_hand.fit(data[["a", "b", "c", "d"]].to_numpy(), data["y"])
    assert model.task == "classification"
    assert model.classes == [0, 1]
    found = predict(data, model)
    np.testing.assert_array_equal(found["prediction"], by_hand.predict(data[["a", "b", "c", "d"]].to_numpy()))
    np.testing.assert_allclose(found["prediction P(1)"], by_hand.predict_proba(data[list("abcd")].to_numpy())[:, 1])


def test_a_numeric_target_is_learnt_as_a_number():
    data = numbers()
    model = decision_tree_learner(data, target="z", features=["a", "d"], depth=4)
    by_hand = DecisionTreeRegressor(max_depth=4, min_samples_leaf=5, random_state=0).fit(data[["a", "d"]], data["z"])
    assert model.task == "regression"
    np.testing.assert_allclose(predict(data, model)["prediction"], by_hand.predict(data[["a", "d"]]))


def test_boosting_with_categories_is_that_of_scikit_learn(adult):
    data = adult.head(4000)
    model = gradient_boosting_learner(data, target="income", trees=20, seed=3)
    coded = data.drop(columns="income").apply(lambda c: c.astype("category") if c.dtype == "str" else c)
    by_hand = HistGradientBoostingClassifier(
        max_iter=20, early_stopping=False, categorical_features="from_dtype", random_state=3
    )
    with threadpool_limits(1):
        shares = by_hand.fit(coded, data["income"]).predict_proba(coded)[:, 1]
    found = predict(data, model)
    np.testing.assert_allclose(found["prediction P(>50K)"], shares, atol=0.02)
    assert ((found["prediction"] == ">50K") == (shares > 0.5)).mean() > 0.998


def test_accuracy_on_adult_is_near_the_published(adult):
    train, test = adult[adult.index % 2 == 0], adult[adult.index % 2 == 1]
    for learner, least in ((decision_tree_learner, 0.84), (gradient_boosting_learner, 0.86)):
        found = predict(test, learner(train, target="income"))
        assert (found["prediction"] == found["income"]).mean() > least  # C4.5: 0.845, from adult.names


@LEARNERS
@pytest.mark.parametrize("target", ["kind", "amount", "flag", "count"])
def test_every_kind_of_column_is_learnt_from(learner, target, mixed):
    model = learner(mixed, target=target)
    assert set(model.features) == set(mixed.column_names) - {target}
    assert model.features.get("day", "date") == "date"
    assert model.features.get("moment", "datetime") == "datetime"
    found = predict(mixed, model)
    assert found.num_rows == mixed.num_rows
    assert found.column("prediction").null_count == 0
    assert found.schema.field("prediction").type == mixed.schema.field(target).type


def test_dates_and_categories_carry_what_they_say(mixed):
    """The target hangs on the weekday: a tree that sees only the date can tell."""
    week = [None if d is None else d.weekday() > 4 for d in mixed.column("day").to_pylist()]
    data = mixed.select(["day", "colour"]).append_column("free", pa.array(week))
    found = predict(data, decision_tree_learner(data, target="free", features=["day"]))
    pairs = [(r["free"], r["prediction"]) for r in found.to_pylist() if r["free"] is not None]
    assert all(actual == said for actual, said in pairs)


def test_one_split_finds_the_best_two_groups_of_categories():
    """Target rates 0.9, 0.1, 0.8, 0.2 for a, b, c, d: the best question is {a, c} against {b, d}."""
    rates = {"a": 9, "b": 1, "c": 8, "d": 2}
    rows = [(k, "yes" if i < r else "no") for k, r in rates.items() for i in range(10)]
    data = pd.DataFrame(rows, columns=["k", "y"])
    found = predict(data, decision_tree_learner(data, target="y", depth=1))
    assert set(found["k"][found["prediction"] == "yes"]) == {"a", "c"}
    assert found["prediction P(yes)"].round(3).unique().tolist() == [0.85, 0.15]


@LEARNERS
def test_the_same_seed_gives_the_same_model(learner, mixed):
    first, again = (predict(mixed, learner(mixed, target="kind", seed=4)) for _ in range(2))
    assert first.equals(again)


@LEARNERS
def test_unseen_categories_and_missing_values_are_no_error(learner, mixed):
    model = learner(mixed, target="kind", features=["colour", "size", "flag", "day"])
    new = pa.table(
        {
            "colour": pa.array(["violet", None, "red"]),
            "size": pa.array([None, float("nan"), float("inf")], pa.float64()),
            "flag": pa.array([None, None, True]),
            "day": pa.nulls(3, pa.date32()),
        }
    )
    assert predict(new, model).column("prediction").null_count == 0
    without_types = pa.table({name: pa.nulls(2) for name in new.column_names})
    assert predict(without_types, model).num_rows == 2


def test_a_missing_or_changed_column_is_named(mixed):
    model = decision_tree_learner(mixed, target="kind", features=["colour", "size"])
    with pytest.raises(DataError, match="needs the columns size"):
        predict(mixed.drop_columns(["size"]), model)
    wrong = mixed.set_column(1, "size", pa.array(["x"] * mixed.num_rows))
    with pytest.raises(DataError, match=r'"size" was of type number .* now of type text'):
        predict(wrong, model)
    assert predict(mixed.set_column(1, "size", pa.array([1] * 300)), model).num_rows == 300  # integers are numbers


def test_rows_and_columns_are_kept_in_order(mixed):
    model = decision_tree_learner(mixed, target="kind")
    found = predict(mixed, model, name="tree", probabilities=False)
    assert found.column_names == [*mixed.column_names, "tree"]
    assert found.select(mixed.column_names).equals(mixed)
    with pytest.raises(SettingError, match="already has the columns tree"):
        predict(found, model, name="tree")
    assert predict(mixed.slice(0, 0), model).num_rows == 0


@LEARNERS
def test_one_class_is_refused(learner):
    with pytest.raises(DataError, match="one class only: 'a'"):
        learner(pd.DataFrame({"x": [1, 2, 3], "y": ["a", "a", "a"]}), target="y")


@LEARNERS
def test_nothing_to_learn_from_is_said(learner):
    for data, what in [
        (pd.DataFrame({"x": [1.0], "y": ["a"]}).head(0), "no rows|type"),
        (pd.DataFrame({"x": [1, 1, 1], "y": ["a", "b", "a"]}), "no column to learn from: x is always the same"),
        (pd.DataFrame({"y": ["a", "b"]}), "no column to learn from"),
        (pa.table({"x": [1, 2], "y": pa.nulls(2, pa.string())}), "has no values"),
        (pa.table({"x": [[1], [2]], "y": ["a", "b"]}), "no column to learn from"),
        (pd.DataFrame({"x": range(2000), "y": [f"id{i}" for i in range(2000)]}), "2000 classes in 2000 rows"),
        (pd.DataFrame({"x": [1.0], "y": [2.5]}), "one row"),
        (pd.DataFrame({"x": [1, 2], "y": pd.to_datetime(["2020-01-01", "2020-01-02"])}), "of type datetime"),
    ]:
        with pytest.raises(DataError, match=what) as caught:
            learner(data, target="y")
        assert caught.value.remedy


def test_wrong_settings_are_named(mixed):
    with pytest.raises(SettingError, match="among the features"):
        decision_tree_learner(mixed, target="kind", features=["kind", "size"])
    with pytest.raises(ColumnError, match='Did you mean "size"'):
        decision_tree_learner(mixed, target="kind", features=["sise"])
    with pytest.raises(DataError, match="regression learns numbers"):
        decision_tree_learner(mixed, target="kind", task="regression")
    lists = mixed.append_column("l", pa.array([[1]] * 300))
    with pytest.raises(DataError, match=r"Cannot learn from l \(list\)"):
        decision_tree_learner(lists, target="kind", features=["l"])
    assert "l" not in decision_tree_learner(lists, target="kind").features


def test_the_person_is_told(heard):
    rng = np.random.default_rng(0)
    rows = 120
    data = pd.DataFrame({f"x{i}": rng.normal(size=rows) for i in range(150)})
    data["name"] = [f"person {i}" for i in range(rows)]
    data["same"] = 1
    data["code"] = [f"c{i % 40}" for i in range(rows)]
    data["y"] = rng.choice(["a", "b"], rows)
    data.loc[0, "y"] = None
    model = decision_tree_learner(data, target="y", categories=10)
    assert "1 of 120 rows are left out" in heard.text
    assert "name (has 119 different values in 119 rows)" in heard.text
    assert "same (is always the same)" in heard.text
    assert "code (40 different)" in heard.text
    assert any(level == "warning" and "more columns (151) than rows (119)" in text for level, text in heard.messages)
    assert {"name", "same"}.isdisjoint(model.features)


def test_a_constant_number_is_learnt_with_a_warning(heard):
    data = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [5.5, 5.5, 5.5]})
    assert predict(data, decision_tree_learner(data, target="y"))["prediction"].tolist() == [5.5] * 3
    assert ("warning", 'The target "y" is always 5.5: there is nothing to learn.') in heard.messages


def test_integers_say_how_they_are_learnt(heard):
    data = pd.DataFrame({"x": range(50), "few": [i % 3 for i in range(50)], "many": range(50)})
    assert decision_tree_learner(data, target="few", features=["x"]).task == "classification"
    assert decision_tree_learner(data, target="many", features=["x"]).task == "regression"
    assert decision_tree_learner(data, target="few", features=["x"], task="regression").task == "regression"
    assert '"few" has 3 different whole numbers and is learnt as classes' in heard.text


def test_boosting_shows_its_progress_and_its_losses(heard, mixed):
    gradient_boosting_learner(mixed, target="kind", trees=40, stop_early=True)
    assert heard.steps[-1][0] == heard.steps[-1][1]
    assert heard.points[-1]["loss"] < heard.points[0]["loss"]
    assert len(heard.points) == heard.steps[-1][0], "a point for each tree"


def test_boosting_stops_when_asked(heard):
    data = numbers(20_000)
    heard.stop_after = 5
    with pytest.raises(Cancelled):
        gradient_boosting_learner(data, target="y", features=["a", "b", "c", "d"], trees=5000, leaves=200)
    assert len(heard.steps) < 12


def test_too_few_rows_to_hold_back_is_said(heard):
    data = pd.DataFrame({"x": range(40), "y": ["a"] * 39 + ["b"]})
    gradient_boosting_learner(data, target="y", stop_early=True, trees=3)
    assert "too few rows of some class" in heard.text


def test_titanic_with_missing_ages_and_decks(titanic):
    model = gradient_boosting_learner(titanic, target="survived")
    found = predict(titanic, model)
    assert (found["prediction"] == found["survived"]).mean() > 0.9
    assert len(found) == 891


def test_the_hidden_row_number_is_kept_and_never_learnt_from(mixed):
    from peephole.core.schema import ROW

    numbered = mixed.append_column(ROW, pa.array(range(mixed.num_rows)))
    model = decision_tree_learner(numbered, target="kind")
    assert ROW not in model.features
    assert predict(numbered, model).column(ROW).to_pylist() == list(range(mixed.num_rows))
