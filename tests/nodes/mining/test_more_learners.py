"""The other learners: the same predictions as scikit-learn by hand, gaps and categories inside, bad input named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn import datasets
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import CategoricalNB, GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier

from peephole.core.errors import Cancelled, DataError, SettingError, StoreError
from peephole.nodes.mining.ensembles import adaboost_learner, random_forest_learner
from peephole.nodes.mining.linear_models import linear_regression_learner, logistic_regression_learner
from peephole.nodes.mining.perceptron import perceptron_learner
from peephole.nodes.mining.predictors import predict
from peephole.nodes.mining.simple_learners import naive_bayes_learner, nearest_neighbours_learner, svm_learner
from peephole.ports.model import ModelCodec

X = ["a", "b", "c", "d"]


def forest(table, **settings):
    return random_forest_learner(table, **{"trees": 15, **settings})


def boost(table, **settings):
    return adaboost_learner(table, **{"trees": 8, **settings})


def logistic(table, **settings):
    return logistic_regression_learner(table, **settings).model


def linear(table, **settings):
    return linear_regression_learner(table, **settings).model


def network(table, **settings):
    return perceptron_learner(table, **{"layers": [8, 4], "epochs": 400, "learning_rate": 0.01, **settings})


CLASSIFIERS = [forest, boost, logistic, naive_bayes_learner, nearest_neighbours_learner, svm_learner, network]
REGRESSORS = [forest, boost, linear, nearest_neighbours_learner, svm_learner, network]
FOR_CLASSES = pytest.mark.parametrize("learner", CLASSIFIERS)
FOR_NUMBERS = pytest.mark.parametrize("learner", REGRESSORS)


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(240, 4)) * [1, 5, 0.2, 30]
    y = (x[:, 0] + (x[:, 1] / 5) ** 2 > 0.5).astype(int)
    return pd.DataFrame({**dict(zip(X, x.T, strict=True)), "y": y, "z": x[:, 0] * 3 + x[:, 3] + rng.normal(size=240)})


def scaled(data: pd.DataFrame):
    return StandardScaler().fit_transform(data[X].to_numpy())


def by_hand(kind: str, data: pd.DataFrame):
    """Probabilities of class 1 from scikit-learn itself."""
    x, s, y = data[X].to_numpy(), scaled(data), data["y"]
    folds = StratifiedKFold(5, shuffle=True, random_state=3)
    made = {
        "forest": (RandomForestClassifier(15, random_state=3), x),
        "boost": (AdaBoostClassifier(DecisionTreeClassifier(max_depth=1), n_estimators=8, random_state=3), x),
        "logistic": (LogisticRegression(max_iter=1000), s),
        "naive_bayes_learner": (GaussianNB(), x),
        "nearest_neighbours_learner": (KNeighborsClassifier(5), s),
        "svm_learner": (CalibratedClassifierCV(SVC(), cv=folds, ensemble=False), s),
        "network": (MLPClassifier((8, 4), max_iter=400, learning_rate_init=0.01, random_state=3), s),
    }
    estimator, matrix = made[kind]
    return estimator.fit(matrix, y).predict_proba(matrix)[:, 1]


def name_of(learner) -> str:
    return getattr(learner, "__name__", "") or learner.spec.type


SEEDED = ("network", "forest", "boost", "svm_learner")


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@FOR_CLASSES
def test_classes_are_those_of_scikit_learn(learner, data):
    seed = {"seed": 3} if name_of(learner) in SEEDED else {}
    found = predict(data, learner(data, target="y", features=X, **seed))
    shares = by_hand(name_of(learner), data)
    np.testing.assert_allclose(found["prediction P(1)"], shares, atol=1e-4)
    clear = np.abs(shares - 0.5) > 1e-3
    np.testing.assert_array_equal(found["prediction"][clear], (shares > 0.5)[clear])


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@FOR_NUMBERS
def test_numbers_are_those_of_scikit_learn(learner, data):
    x, s, z = data[X].to_numpy(), scaled(data), data["z"]
    estimator, matrix = {
        "forest": (RandomForestRegressor(15, random_state=0), x.astype(np.float32)),
        "boost": (AdaBoostRegressor(n_estimators=8, random_state=0).set_params(estimator=None), x),
        "linear": (LinearRegression(), x),
        "nearest_neighbours_learner": (KNeighborsRegressor(5), s),
        "svm_learner": (SVR(), s),
        "network": (MLPRegressor(hidden_layer_sizes=(8, 4), max_iter=400, learning_rate_init=0.01, random_state=0), s),
    }[name_of(learner)]
    settings = {"depth": 3} if learner is boost else {}  # AdaBoostRegressor's own trees have three questions
    found = predict(data, learner(data, target="z", features=X, **settings))
    np.testing.assert_allclose(found["prediction"], estimator.fit(matrix, z).predict(matrix), atol=1e-6)


@FOR_CLASSES
def test_gaps_and_categories_are_handled_inside(learner, mixed):
    model = learner(mixed, target="kind")
    assert set(model.features) == set(mixed.column_names) - {"kind"}
    found = predict(mixed, model)
    assert found.column("prediction").null_count == 0
    right = np.mean([r["kind"] == r["prediction"] for r in found.to_pylist()])
    assert right > 0.75
    new = pa.table({n: pa.nulls(2, mixed.schema.field(n).type) for n in model.features})
    assert predict(new, model).column("prediction").null_count == 0
    unseen = mixed.set_column(0, "colour", pa.array(["violet"] * 300))
    assert predict(unseen, model).num_rows == 300


@FOR_NUMBERS
def test_numbers_with_gaps_and_categories(learner, mixed):
    found = predict(mixed, learner(mixed, target="amount", features=["colour", "size", "day"]))
    assert found.column("prediction").null_count == 0
    only_text = predict(mixed, learner(mixed, target="amount", features=["colour"]))
    assert len(set(only_text.column("prediction").to_pylist())) <= 5


@FOR_CLASSES
def test_bad_rows_are_named(learner):
    for rows, what in [
        (pd.DataFrame({"x": [1, 2, 3], "y": ["a", "a", "a"]}), "one class only"),
        (pd.DataFrame({"x": [1, 1, 1], "y": ["a", "b", "a"]}), "x is always the same"),
        (pa.table({"x": [1, 2], "y": pa.nulls(2, pa.string())}), "has no values"),
    ]:
        with pytest.raises(DataError, match=what):
            learner(rows, target="y")


@FOR_CLASSES
def test_few_rows_and_many_columns(learner, heard):
    rng = np.random.default_rng(0)
    rows = pd.DataFrame(rng.normal(size=(6, 20)), columns=[f"x{i}" for i in range(20)]).assign(y=list("aababb"))
    assert len(predict(rows, learner(rows, target="y"))) == 6
    assert "more columns (20) than rows (6)" in heard.text
    two = pd.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]})
    assert len(predict(two, learner(two, target="y"))) == 2


@pytest.mark.parametrize("learner", {name_of(f): f for f in (*CLASSIFIERS, *REGRESSORS)}.values(), ids=name_of)
def test_models_are_saved_and_loaded_and_keep_their_key(learner, mixed, tmp_path):
    target = "amount" if learner is linear else "kind"
    codec, predicted, keys = ModelCodec(), [], set()
    model = learner(mixed, target=target)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        codec.save(model, tmp_path / name)
        keys.add(codec.content_key(tmp_path / name))
        model = codec.load(tmp_path / name)
        predicted.append(predict(mixed, model))
    assert len(keys) == 1
    assert predicted[0].equals(predicted[1])
    assert predicted[0].equals(predict(mixed, learner(mixed, target=target)))


def test_bayes_of_categories_is_that_of_scikit_learn():
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 4, (200, 2))
    y = np.where((codes[:, 0] + rng.integers(0, 2, 200)) > 2, "high", "low")
    rows = pd.DataFrame({"a": [f"k{c}" for c in codes[:, 0]], "b": [f"k{c}" for c in codes[:, 1]], "y": y})
    shares = CategoricalNB(alpha=0.5).fit(codes, y).predict_proba(codes)
    found = predict(rows, naive_bayes_learner(rows, target="y", smoothing=0.5))
    np.testing.assert_allclose(found[["prediction P(high)", "prediction P(low)"]], shares)


def test_bayes_leaves_out_what_is_missing(data):
    """A row without `b` gets what a model without `b` says."""
    without = predict(data.assign(b=np.nan), naive_bayes_learner(data, target="y", features=X))
    plain = predict(data, naive_bayes_learner(data, target="y", features=["a", "c", "d"]))
    np.testing.assert_allclose(without["prediction P(1)"], plain["prediction P(1)"])


def test_coefficients_are_in_the_columns_own_units(data):
    found = linear_regression_learner(data, target="z", features=X).coefficients
    plain = LinearRegression().fit(data[X], data["z"])
    assert found["term"].tolist() == ["(intercept)", *X]
    np.testing.assert_allclose(found["coefficient"], [plain.intercept_, *plain.coef_])
    np.testing.assert_allclose(found["standardised"][1:], plain.coef_ * data[X].std(ddof=0))


def test_coefficients_of_classes_name_categories_and_gaps(mixed):
    found = logistic_regression_learner(mixed, target="kind", features=["colour", "size"]).coefficients.to_pylist()
    assert {r["class"] for r in found} == {"yes"}
    weights = {r["term"]: r["coefficient"] for r in found}
    assert {"colour = red", "colour = missing", "size", "size is missing"} < set(weights)
    assert weights["colour = red"] > weights["colour = blue"]
    assert weights["size"] > 0


def test_polynomials_and_shrinkage_are_those_of_scikit_learn(data):
    found = linear_regression_learner(data, target="z", features=["a", "b"], degree=2, shrinkage=2.0)
    powers = PolynomialFeatures(2, include_bias=False).fit_transform(data[["a", "b"]].to_numpy())
    matrix = StandardScaler().fit_transform(powers)
    expected = Ridge(2.0).fit(matrix, data["z"]).predict(matrix)
    np.testing.assert_allclose(predict(data, found.model)["prediction"], expected)
    assert found.coefficients["term"].tolist() == ["(intercept)", "a", "b", "a^2", "a b", "b^2"]


def test_too_many_powers_are_refused():
    rng = np.random.default_rng(0)
    wide = pd.DataFrame(rng.normal(size=(50, 40)), columns=[f"x{i}" for i in range(40)])
    with pytest.raises(SettingError, match="39 numbers have 11479 powers") as caught:
        linear_regression_learner(wide, target="x0", features=[f"x{i}" for i in range(1, 40)], degree=3)
    assert caught.value.setting == "degree"


def test_a_forest_grown_in_steps_is_the_one_grown_at_once(data, heard):
    model = random_forest_learner(data, target="y", features=X, trees=25, balance=True, seed=1)
    plain = RandomForestClassifier(25, random_state=1, class_weight="balanced").fit(data[X].to_numpy(), data["y"])
    np.testing.assert_allclose(predict(data, model)["prediction P(1)"], plain.predict_proba(data[X].to_numpy())[:, 1])
    assert (25, 25, "Growing trees") in heard.steps


def test_a_forest_with_a_damaged_tree_is_refused(data, tmp_path):
    model = forest(data, target="y")
    nodes = model.estimator[-1].estimators_[3].tree_
    nodes.children_left[0] = 10_000
    ModelCodec().save(model, tmp_path)
    with pytest.raises(StoreError, match="damaged tree"):
        ModelCodec().load(tmp_path)


def test_a_forest_stops_when_asked(data, heard):
    heard.stop_after = 6
    with pytest.raises(Cancelled):
        random_forest_learner(data, target="y", features=X, trees=5000)


def test_svm_without_probabilities(data, heard):
    plain = svm_learner(data, target="y", features=X, probabilities=False, kernel="linear")
    found = predict(data, plain)
    np.testing.assert_array_equal(
        found["prediction"], SVC(kernel="linear").fit(scaled(data), data["y"]).predict(scaled(data))
    )
    assert "prediction P(1)" not in found
    assert "gives no probabilities" in heard.text


def test_weights_without_a_penalty_are_those_of_maximum_likelihood(heard):
    iris = datasets.load_iris(as_frame=True).frame
    table = iris[iris.target > 0].astype({"target": str})
    found = logistic_regression_learner(table, target="target", penalty="none").coefficients
    # R: glm(family = binomial)
    np.testing.assert_allclose(found["coefficient"], [-42.638, -2.4652, -6.6809, 9.4294, 18.2861], rtol=1e-4)
    assert "still moving" not in heard.text


def test_classes_that_columns_part_wholly_have_no_weights_without_a_penalty_and_that_is_said(heard):
    table = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": ["a", "a", "b", "b"]})
    logistic_regression_learner(table, target="y", penalty="none", steps=10)
    assert "penalty ridge" in heard.text


def test_a_solver_that_ran_out_of_steps_says_so(data, heard):
    logistic_regression_learner(data, target="y", steps=1)
    assert "allow more steps" in heard.text


def test_fewer_rows_than_neighbours(heard):
    rows = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": ["a", "b", "a"]})
    assert predict(rows, nearest_neighbours_learner(rows, target="y"))["prediction"].tolist() == ["a"] * 3
    assert "only 3 rows" in heard.text
