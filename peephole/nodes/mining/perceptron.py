"""A small neural network for tables: the multilayer perceptron."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Model, Table
from peephole.nodes.mining.learners import NEEDS, Categories, Task

if TYPE_CHECKING:
    from peephole.nodes.mining._target import Target

Width = Annotated[int, Between(1, 10_000)]


@node(
    family="mining",
    icon="dense",
    says="predicts {target}[ from {features}]",
    title="Multilayer perceptron learner",
    needs=NEEDS,
    pack="mining",
    also=("MLP", "RProp MLP Learner", "Neural Network", "Feedforward network"),
)
def perceptron_learner(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    task: Task = "auto",
    layers: Annotated[list[Width], Field(min_length=1, max_length=20)] = [100],  # noqa: B006
    activation: Literal["relu", "tanh", "logistic"] = "relu",
    shrinkage: Annotated[float, Between(0)] = 0.0001,
    learning_rate: Annotated[float, Between(1e-6, 1)] = 0.001,
    epochs: Annotated[int, Between(1, 100_000)] = 200,
    patience: Annotated[int, Between(1, 10_000)] = 10,
    categories: Categories = 30,
    seed: Seed = 0,
) -> Model:
    """Learn layers of weighted sums, each bent a little: a small neural network for tables.

    Numbers are brought to mean 0 and deviation 1, missing ones get the median and a column that says so, categories
    become columns of 0 and 1. For networks of your own design use the neural nodes.

    table: rows with a known target.
    target: the column to predict; text and booleans are learnt as classes, numbers as numbers.
    features: the columns to learn from; none chosen: all others.
    task: learn classes or a number; auto decides by the type of the target.
    layers: how many units each hidden layer has, from the first to the last.
    activation: how each sum is bent: cut at zero (relu), or to an S (tanh from -1 to 1, logistic from 0 to 1).
    shrinkage: penalty on the squared weights; more keeps the network smoother.
    learning_rate: how far each step goes (Adam).
    epochs: at most so many times through all rows.
    patience: stop after so many epochs that brought nothing.
    categories: at most so many different texts a column; the rarest are taken together.
    seed: decides the first weights and the order of the rows.
    returns: the fitted network with its preparation.
    """
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    from peephole.nodes.mining._dense import dense
    from peephole.nodes.mining._epochs import fit_epochs
    from peephole.nodes.mining._learning import Recipe, learn

    shape = {
        "hidden_layer_sizes": list(layers),
        "activation": activation,
        "alpha": shrinkage,
        "learning_rate_init": learning_rate,
        "max_iter": epochs,
        "n_iter_no_change": patience,
        "random_state": seed,
    }

    def make(wanted: Target, categorical: int) -> Any:
        kind = MLPRegressor if wanted.task == "regression" else MLPClassifier
        return dense(categorical, kind(**shape))

    recipe = Recipe(
        title="Multilayer perceptron",
        make=make,
        fit=fit_epochs,
        settings={"layers": list(layers), "activation": activation, "epochs": epochs, "seed": seed},
    )
    return learn(table, recipe, target=target, features=features, task=task, categories=categories)
