"""Learners with one plain idea: naive Bayes, nearest neighbours, support vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from peephole.core.node import node
from peephole.core.progress import message
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Model, Table
from peephole.nodes.mining.learners import NEEDS, Categories, Task

if TYPE_CHECKING:
    from peephole.nodes.mining._target import Target

MANY_FOR_SVM = 20_000  # rows: the time grows with their square and more


@node(
    family="mining",
    icon="bayes",
    says="predicts {target}[ from {features}]",
    needs=NEEDS,
    pack="mining",
    also=("Naive Bayes", "Bayes"),
)
def naive_bayes_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    smoothing: Annotated[float, Between(1e-9)] = 1.0,
    categories: Categories = 254,
) -> Model:
    """Learn how each column by itself goes with the classes, and multiply: very fast, often good enough.

    Numbers are taken as normally distributed in each class, categories by their shares; a missing value is left out.

    table: rows with a known target.
    target: the class to predict.
    features: the columns to learn from; none chosen: all others.
    smoothing: added to each count of a category, so that what was never seen is not impossible (Laplace).
    categories: at most so many different texts a column; the rarest are taken together.
    returns: the fitted model with its preparation.
    """
    from peephole.nodes.mining._bayes import MixedNaiveBayes
    from peephole.nodes.mining._learning import Recipe, learn

    recipe = Recipe(
        title="Naive Bayes",
        make=lambda _wanted, categorical: MixedNaiveBayes(categorical=categorical, smoothing=smoothing),
        fit=lambda estimator, matrix, values: estimator.fit(matrix, values),
        settings={"smoothing": smoothing},
    )
    return learn(table, recipe, target=target, features=features, task="classification", categories=categories)


@node(
    family="mining",
    icon="neighbours",
    says="predicts {target}[ from {features}]",
    needs=NEEDS,
    pack="mining",
    also=("K Nearest Neighbor", "kNN"),
)
def nearest_neighbours_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    task: Task = "auto",
    neighbours: Annotated[int, Between(1, 10_000)] = 5,
    weights: Literal["same", "nearer more"] = "same",
    distance: Literal["euclidean", "manhattan"] = "euclidean",
    scale: bool = True,
    categories: Categories = 30,
) -> Model:
    """Predict from the rows that are most alike (k nearest neighbours); the model is the rows themselves.

    Missing numbers get the median, a category becomes a column of 0 and 1 for each of its values.

    table: rows with a known target.
    target: the column to predict; text and booleans are learnt as classes, numbers as numbers.
    features: the columns to compare; none chosen: all others.
    task: learn classes or a number; auto decides by the type of the target.
    neighbours: how many rows are asked (k).
    weights: whether all neighbours count the same, or the nearer ones more (1 / distance).
    distance: how far apart two rows are: as the crow flies, or along the axes.
    scale: bring numbers to mean 0 and deviation 1 first, so that no column counts more for its unit.
    categories: at most so many different texts a column; the rarest are taken together.
    returns: the rows with their preparation.
    """
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    from peephole.nodes.mining._dense import dense, fit_dense
    from peephole.nodes.mining._learning import Recipe, learn

    def make(wanted: Target, categorical: int) -> Any:
        asked = min(neighbours, len(wanted.values))
        if asked < neighbours:
            message(f"There are only {asked} rows: all are asked.")
        kind = KNeighborsRegressor if wanted.task == "regression" else KNeighborsClassifier
        how = "uniform" if weights == "same" else "distance"
        # Brute force keeps the plain rows; the trees that are quicker in few dimensions cannot be saved safely.
        return dense(categorical, kind(asked, weights=how, metric=distance, algorithm="brute"), scale=scale)

    recipe = Recipe(
        title="Nearest neighbours",
        make=make,
        fit=fit_dense,
        settings={"neighbours": neighbours, "weights": weights, "distance": distance, "scale": scale},
    )
    return learn(table, recipe, target=target, features=features, task=task, categories=categories)


@node(
    family="mining",
    icon="svm",
    says="predicts {target}[ from {features}]",
    title="SVM learner",
    needs=NEEDS,
    pack="mining",
    also=("SVM", "Support Vector Machine"),
)
def svm_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    task: Task = "auto",
    kernel: Literal["rbf", "linear", "polynomial", "sigmoid"] = "rbf",
    cost: Annotated[float, Between(1e-6, 1e6)] = 1.0,
    gamma: Annotated[float, Between(1e-9, 1e6)] | None = None,
    degree: Annotated[int, Between(1, 10)] = 3,
    epsilon: Annotated[float, Between(0)] = 0.1,
    balance: bool = False,
    probabilities: bool = True,
    categories: Categories = 30,
    seed: Seed = 0,
) -> Model:
    """Learn the widest gap between classes (support vector machine), straight or bent by a kernel; also for numbers.

    Numbers are brought to mean 0 and deviation 1, missing ones get the median, categories become columns of 0 and 1.

    table: rows with a known target; up to some ten thousand.
    target: the column to predict; text and booleans are learnt as classes, numbers as numbers.
    features: the columns to learn from; none chosen: all others.
    task: learn classes or a number; auto decides by the type of the target.
    kernel: how rows are compared; rbf: near rows alike.
    cost: what a row on the wrong side costs (C); more fits the rows closer.
    gamma: how near is near; empty: 1 / (columns * variance).
    degree: of the polynomial kernel.
    epsilon: errors up to this cost nothing, where a number is learnt.
    balance: give every class the same weight, however rare it is.
    probabilities: learn them too, by cross-validation (Platt): takes about five times as long.
    categories: at most so many different texts a column; the rarest are taken together.
    seed: decides which rows the probabilities are learnt from.
    returns: the support vectors with their preparation.
    """
    from sklearn.svm import SVC, SVR

    from peephole.nodes.mining._calibration import calibrated
    from peephole.nodes.mining._dense import dense, fit_dense
    from peephole.nodes.mining._learning import Recipe, learn

    shape = {
        "kernel": {"polynomial": "poly"}.get(kernel, kernel),
        "C": cost,
        "gamma": "scale" if gamma is None else gamma,
        "degree": degree,
    }

    def make(wanted: Target, categorical: int) -> Any:
        if len(wanted.values) > MANY_FOR_SVM:
            message(f"A support vector machine on {len(wanted.values)} rows takes long: a sample may do.", "warning")
        if wanted.task == "regression":
            return dense(categorical, SVR(epsilon=epsilon, **shape))
        plain = SVC(class_weight="balanced" if balance else None, **shape)
        return dense(categorical, calibrated(plain, wanted.values, seed) if probabilities else plain)

    recipe = Recipe(
        title="Support vector machine",
        make=make,
        fit=fit_dense,
        settings={"kernel": kernel, "cost": cost, "gamma": gamma, "degree": degree, "seed": seed},
    )
    return learn(table, recipe, target=target, features=features, task=task, categories=categories)
