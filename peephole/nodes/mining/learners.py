"""Learners: from a table with a known target to a model that predicts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Model, Table

if TYPE_CHECKING:
    from peephole.nodes.mining._target import Target

Task = Literal["auto", "classification", "regression"]
Categories = Annotated[int, Between(2, 254)]
NEEDS = ("scikit-learn", "skops")


@node(
    family="mining",
    icon="tree",
    says="predicts {target}[ from {features}]",
    needs=NEEDS,
    pack="mining",
    also=("Decision Tree", "Tree", "CART"),
)
def decision_tree_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    task: Task = "auto",
    depth: Annotated[int, Between(1, 64)] = 10,
    leaf_rows: Annotated[int, Between(1)] = 5,
    quality: Literal["gini", "entropy"] = "gini",
    pruning: Annotated[float, Between(0)] = 0.0,
    balance: bool = False,
    categories: Categories = 254,
    seed: Seed = 0,
) -> Model:
    """Learn a decision tree that predicts one column from the others.

    Missing values, text, booleans and dates are handled inside: a split sends missing values to the better side,
    categories are ordered by what the target is like in them, dates are taken apart (year, month, day, weekday, hour).

    table: rows with a known target.
    target: the column to predict; text and booleans are learnt as classes, numbers as numbers.
    features: the columns to learn from; none chosen: all others.
    task: learn classes or a number; auto decides by the type of the target.
    depth: at most so many questions from the root to a leaf.
    leaf_rows: each leaf keeps at least so many rows.
    quality: what makes a good split between classes: Gini impurity or entropy.
    pruning: cost of a leaf; above 0 branches that gain less are cut (cost-complexity pruning).
    balance: give every class the same weight, however rare it is.
    categories: at most so many different texts a column; the rarest are taken together.
    seed: decides between splits that are equally good.
    returns: the fitted tree with its preparation.
    """
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    from peephole.nodes.mining._learning import Recipe, learn

    shape = {"max_depth": depth, "min_samples_leaf": leaf_rows, "ccp_alpha": pruning, "random_state": seed}

    def make(wanted: Target, _categorical: int) -> Any:
        if wanted.task == "regression":
            return DecisionTreeRegressor(**shape)
        return DecisionTreeClassifier(criterion=quality, class_weight="balanced" if balance else None, **shape)

    recipe = Recipe(
        title="Decision tree",
        make=make,
        fit=lambda estimator, matrix, values: estimator.fit(matrix, values),
        settings={"depth": depth, "leaf_rows": leaf_rows, "quality": quality, "pruning": pruning, "seed": seed},
        order="target",
        dtype="float32",
    )
    return learn(table, recipe, target=target, features=features, task=task, categories=categories)


@node(
    family="mining",
    icon="boosting",
    says="predicts {target}[ from {features}]",
    needs=NEEDS,
    pack="mining",
    also=("Gradient Boosted Trees Learner", "XGBoost", "Gradient Boosting"),
)
def gradient_boosting_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    task: Task = "auto",
    trees: Annotated[int, Between(1, 10_000)] = 100,
    learning_rate: Annotated[float, Between(0.0001, 1)] = 0.1,
    leaves: Annotated[int, Between(2, 10_000)] = 31,
    depth: Annotated[int, Between(1, 64)] | None = None,
    leaf_rows: Annotated[int, Between(1)] = 20,
    shrinkage: Annotated[float, Between(0)] = 0.0,
    stop_early: bool = False,
    balance: bool = False,
    categories: Categories = 254,
    seed: Seed = 0,
) -> Model:
    """Learn many small trees, each mending the errors of those before it: often the best model for tables.

    Missing values, text, booleans and dates are handled inside. Fast on many rows: it sorts numbers into 255 bins first.

    table: rows with a known target.
    target: the column to predict; text and booleans are learnt as classes, numbers as numbers.
    features: the columns to learn from; none chosen: all others.
    task: learn classes or a number; auto decides by the type of the target.
    trees: how many trees (for each class, where there are more than two).
    learning_rate: how much of each tree's correction is taken; with a smaller one more trees are needed.
    leaves: at most so many leaves a tree.
    depth: at most so many questions from the root to a leaf; empty: no limit.
    leaf_rows: each leaf keeps at least so many rows.
    shrinkage: L2 penalty that keeps the leaves' values small.
    stop_early: hold back a tenth of the rows and stop when ten trees brought nothing for them.
    balance: give every class the same weight, however rare it is.
    categories: at most so many different texts a column; the rarest are taken together.
    seed: decides which rows are held back or sampled for the bins.
    returns: the fitted trees with their preparation.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    from peephole.nodes.mining._boosting import can_hold_back, fit_watched
    from peephole.nodes.mining._learning import Recipe, learn

    shape = {
        "max_iter": trees,
        "learning_rate": learning_rate,
        "max_leaf_nodes": leaves,
        "max_depth": depth,
        "min_samples_leaf": leaf_rows,
        "l2_regularization": shrinkage,
        "random_state": seed,
    }

    def make(wanted: Target, categorical: int) -> Any:
        given = {
            **shape,
            "early_stopping": stop_early and can_hold_back(wanted),
            "categorical_features": list(range(categorical)) or None,
        }
        if wanted.task == "regression":
            return HistGradientBoostingRegressor(**given)
        return HistGradientBoostingClassifier(class_weight="balanced" if balance else None, **given)

    recipe = Recipe(
        title="Gradient boosting",
        make=make,
        fit=fit_watched,
        settings={"trees": trees, "learning_rate": learning_rate, "leaves": leaves, "depth": depth, "seed": seed},
    )
    return learn(table, recipe, target=target, features=features, task=task, categories=categories)
