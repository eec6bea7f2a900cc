"""Using a model: predictions for new rows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.core.node import node
from peephole.core.types import Model, Table


@node(
    family="mining",
    icon="predict",
    outside=True,
    data_dependent=True,
    needs=("scikit-learn", "skops"),
    pack="mining",
    also=("Predictor", "Predictions", "Decision Tree Predictor", "Random Forest Predictor", "Apply Model"),
)
def predict(
    table: Table,
    model: Model,
    *,
    name: Annotated[str, Field(min_length=1)] = "prediction",
    probabilities: bool = True,
) -> Table:
    """Add what a model predicts to each row.

    Every row and column is kept. Missing values and categories that the model has never seen are no error.

    table: rows with the columns that the model was learnt from.
    model: what a learner gave.
    name: the new column; probabilities are called `name P(class)`.
    probabilities: for classes, add the probability of each.
    returns: the table with the predictions.
    """
    from peephole.nodes.mining._applying import add_predictions

    return add_predictions(table, model, name, probabilities)
