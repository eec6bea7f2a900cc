"""Learners that weigh columns and add up: linear (and polynomial) regression, logistic regression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, NumberColumn
from peephole.core.types import Model, Table
from peephole.nodes.mining.learners import NEEDS, Categories

if TYPE_CHECKING:
    from peephole.nodes.mining._target import Target


class LinearModel(NamedTuple):
    """What the linear learners give."""

    model: Model
    coefficients: Table


@node(
    family="mining",
    icon="line",
    says="predicts {target}[ from {features}]",
    needs=NEEDS,
    pack="mining",
    also=("Linear Regression", "Polynomial Regression Learner", "Ridge"),
)
def linear_regression_learner(
    table: Table,
    *,
    target: NumberColumn,
    features: Columns = [],  # noqa: B006 - validated and frozen
    degree: Annotated[int, Between(1, 6)] = 1,
    shrinkage: Annotated[float, Between(0)] = 0.0,
    categories: Categories = 30,
) -> LinearModel:
    """Learn a number as a weighted sum of the columns: linear, polynomial and ridge regression.

    Missing numbers get the median and a column that says so, categories become columns of 0 and 1.

    table: rows with a known target.
    target: the number to predict.
    features: the columns to learn from; none chosen: all others.
    degree: 1: straight lines; higher: powers and products of the numbers up to it (polynomial regression).
    shrinkage: penalty on the squared weights of the scaled columns (ridge); 0: plain least squares.
    categories: at most so many different texts a column; the rarest are taken together.
    model: the fitted weights with their preparation.
    coefficients: each column's weight in its own unit, and for a change by one standard deviation.
    """
    from sklearn.linear_model import LinearRegression, Ridge

    from peephole.nodes.mining._dense import dense
    from peephole.nodes.mining._learning import Recipe, learn
    from peephole.nodes.mining._linear import coefficients, fit_powers

    def make(_wanted: Target, categorical: int) -> Any:
        # The encoder's matrix is nobody else's: the estimator may work in it.
        plain = Ridge(alpha=shrinkage, copy_X=False) if shrinkage > 0 else LinearRegression(copy_X=False)
        return dense(categorical, plain, degree=degree)

    recipe = Recipe(
        title="Polynomial regression" if degree > 1 else "Linear regression",
        make=make,
        fit=fit_powers,
        settings={"degree": degree, "shrinkage": shrinkage},
    )
    model = learn(table, recipe, target=target, features=features, task="regression", categories=categories)
    return LinearModel(model, coefficients(model))


@node(
    family="mining",
    icon="logistic",
    says="predicts {target}[ from {features}]",
    needs=NEEDS,
    pack="mining",
    version=2,  # a tighter tolerance without a penalty
    migrations={1: dict},
    also=("Logistic Regression", "Logit"),
)
def logistic_regression_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    penalty: Literal["ridge", "none"] = "ridge",
    cost: Annotated[float, Between(1e-9, 1e9)] = 1.0,
    steps: Annotated[int, Between(1, 100_000)] = 1000,
    balance: bool = False,
    categories: Categories = 30,
) -> LinearModel:
    """Learn the odds of classes as a weighted sum of the columns.

    Numbers are brought to mean 0 and deviation 1, missing ones get the median and a column that says so, categories
    become columns of 0 and 1.

    table: rows with a known target.
    target: the class to predict.
    features: the columns to learn from; none chosen: all others.
    penalty: ridge keeps the weights small, which helps with many columns; none: plain maximum likelihood.
    cost: what a wrong row costs against the penalty (C); more fits the rows closer.
    steps: at most so many steps of the solver (L-BFGS).
    balance: give every class the same weight, however rare it is.
    categories: at most so many different texts a column; the rarest are taken together.
    model: the fitted weights with their preparation.
    coefficients: for each class each column's weight in its own unit, and for a change by one standard deviation.
    """
    import math

    from sklearn.linear_model import LogisticRegression

    from peephole.nodes.mining._dense import dense
    from peephole.nodes.mining._learning import Recipe, learn
    from peephole.nodes.mining._linear import coefficients, fit_to_the_end

    weights = "balanced" if balance else None

    def make(_wanted: Target, categorical: int) -> Any:
        # Without a penalty the optimum is flat: at the usual tolerance the second digit of a weight is still open.
        strength, tolerance = (cost, 1e-4) if penalty == "ridge" else (math.inf, 1e-8)
        return dense(categorical, LogisticRegression(C=strength, tol=tolerance, max_iter=steps, class_weight=weights))

    recipe = Recipe(
        title="Logistic regression",
        make=make,
        fit=fit_to_the_end,
        settings={"penalty": penalty, "cost": cost, "steps": steps},
    )
    model = learn(table, recipe, target=target, features=features, task="classification", categories=categories)
    return LinearModel(model, coefficients(model))
