"""Learners that ask many trees: random forest, AdaBoost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Model, Table
from peephole.nodes.mining.learners import NEEDS, Categories, Task

if TYPE_CHECKING:
    from peephole.nodes.mining._target import Target


@node(
    family="mining",
    icon="forest",
    says="predicts {target}[ from {features}]",
    needs=NEEDS,
    pack="mining",
    also=("Random Forest", "Forest"),
)
def random_forest_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    task: Task = "auto",
    trees: Annotated[int, Between(1, 10_000)] = 100,
    depth: Annotated[int, Between(1, 64)] | None = None,
    leaf_rows: Annotated[int, Between(1)] = 1,
    columns: Literal["auto", "all", "root", "log2", "third"] = "auto",
    balance: bool = False,
    categories: Categories = 254,
    seed: Seed = 0,
) -> Model:
    """Learn many trees, each on rows drawn by chance, and let them vote: hard to get wrong.

    Missing numbers get the median, a category becomes a column of 0 and 1 for each of its values.

    table: rows with a known target.
    target: the column to predict; text and booleans are learnt as classes, numbers as numbers.
    features: the columns to learn from; none chosen: all others.
    task: learn classes or a number; auto decides by the type of the target.
    trees: how many trees; more are slower and never worse.
    depth: at most so many questions from the root to a leaf; empty: no limit.
    leaf_rows: each leaf keeps at least so many rows.
    columns: how many columns each split looks at; auto: the root of their number for classes, all for numbers.
    balance: give every class the same weight, however rare it is.
    categories: at most so many different texts a column; the rarest are taken together.
    seed: decides which rows and columns each tree sees.
    returns: the fitted forest with its preparation.
    """
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    from peephole.nodes.mining._growing import balanced, grow
    from peephole.nodes.mining._learning import Recipe, learn

    shape = {"n_estimators": trees, "max_depth": depth, "min_samples_leaf": leaf_rows, "random_state": seed}
    looked_at = {"all": 1.0, "root": "sqrt", "log2": "log2", "third": 1 / 3}

    def make(wanted: Target, _categorical: int) -> Any:
        if wanted.task == "regression":
            return RandomForestRegressor(max_features=looked_at.get(columns, 1.0), **shape)
        weights = balanced(wanted.values) if balance else None
        return RandomForestClassifier(max_features=looked_at.get(columns, "sqrt"), class_weight=weights, **shape)

    recipe = Recipe(
        title="Random forest",
        make=make,
        fit=grow,
        settings={"trees": trees, "depth": depth, "leaf_rows": leaf_rows, "columns": columns, "seed": seed},
        order="target",
        dtype="float32",
    )
    return learn(table, recipe, target=target, features=features, task=task, categories=categories)


@node(
    family="mining",
    icon="boosting",
    says="predicts {target}[ from {features}]",
    title="AdaBoost learner",
    needs=NEEDS,
    pack="mining",
    also=("AdaBoost", "Boosting"),
)
def adaboost_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    task: Task = "auto",
    trees: Annotated[int, Between(1, 10_000)] = 50,
    learning_rate: Annotated[float, Between(0.0001, 10)] = 1.0,
    depth: Annotated[int, Between(1, 64)] = 1,
    categories: Categories = 30,
    seed: Seed = 0,
) -> Model:
    """Learn small trees one after the other, each minding most the rows that those before it got wrong.

    Missing numbers get the median, a category becomes a column of 0 and 1 for each of its values.

    table: rows with a known target.
    target: the column to predict; text and booleans are learnt as classes, numbers as numbers.
    features: the columns to learn from; none chosen: all others.
    task: learn classes or a number; auto decides by the type of the target.
    trees: at most so many trees; it stops sooner where nothing is wrong any more.
    learning_rate: how much each tree counts; with a smaller one more trees are needed.
    depth: at most so many questions from the root to a leaf; 1: one question a tree.
    categories: at most so many different texts a column; the rarest are taken together.
    seed: decides between splits that are equally good.
    returns: the fitted trees with their preparation.
    """
    from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    from peephole.nodes.mining._dense import dense, fit_dense
    from peephole.nodes.mining._learning import Recipe, learn

    shape = {"n_estimators": trees, "learning_rate": learning_rate, "random_state": seed}

    def make(wanted: Target, categorical: int) -> Any:
        if wanted.task == "regression":
            small = DecisionTreeRegressor(max_depth=depth)
            return dense(categorical, AdaBoostRegressor(small, **shape), scale=False)
        tiny = DecisionTreeClassifier(max_depth=depth)
        return dense(categorical, AdaBoostClassifier(tiny, **shape), scale=False)

    recipe = Recipe(
        title="AdaBoost",
        make=make,
        fit=fit_dense,
        settings={"trees": trees, "learning_rate": learning_rate, "depth": depth, "seed": seed},
    )
    return learn(table, recipe, target=target, features=features, task=task, categories=categories)
