"""How good predictions are: for classes, for numbers."""

from __future__ import annotations

from typing import NamedTuple

from peephole.core.node import node
from peephole.core.settings import Column, NumberColumn, NumberColumns
from peephole.core.types import Figure, Table

NEEDS = ("numpy",)


class Scores(NamedTuple):
    """What `score` gives."""

    metrics: Table
    classes: Table
    confusion: Table
    matrix: Figure
    roc: Figure


class NumericScores(NamedTuple):
    """What `numeric_score` gives."""

    metrics: Table
    figure: Figure


@node(
    family="mining",
    icon="score",
    says="{prediction} against {target}",
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Scorer", "Confusion Matrix", "ROC", "Accuracy", "Test and Score"),
)
def score(
    table: Table,
    *,
    target: Column,
    prediction: Column = "prediction",
    probabilities: NumberColumns = [],  # noqa: B006 - validated and frozen
    positive: str | None = None,
) -> Scores:
    """Compare predicted classes with the actual ones: accuracy, confusion matrix, ROC curves.

    A class that is never predicted has precision 0. The area under a curve is exact; the drawn curve is thinned.

    table: rows with the actual and the predicted class.
    target: the actual class.
    prediction: the predicted class.
    probabilities: the classes' probabilities; none chosen: those that Predict added for this prediction.
    positive: the class that the ROC curve is about; empty: the second of two, or each against the rest.
    metrics: accuracy, balanced accuracy, precision, recall, F1, kappa, AUC and log loss over all rows.
    classes: rows, precision, recall, F1 and AUC of each class.
    confusion: how often each actual class (rows) was taken for each class (columns).
    matrix: the confusion matrix as a figure.
    roc: the ROC curves.
    """
    from peephole.nodes.mining import _scoring as scoring

    counts = scoring.count(table, target, prediction)
    found, loss = scoring.curves(table, counts, target, prediction, probabilities, positive)
    return Scores(
        scoring.metrics_table(counts, found, loss),
        scoring.classes_table(counts, found),
        scoring.confusion_table(counts),
        scoring.confusion_figure(counts, f"Confusion matrix: {target}"),
        scoring.roc_figure(counts, found, f"ROC curve: {target}"),
    )


@node(
    family="mining",
    icon="score",
    says="{prediction} against {target}",
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Numeric Scorer", "Regression errors", "RMSE", "R2", "MAE"),
)
def numeric_score(
    table: Table,
    *,
    target: NumberColumn,
    prediction: NumberColumn = "prediction",
) -> NumericScores:
    """Compare predicted numbers with the actual ones: mean error, squared error, R2.

    table: rows with the actual and the predicted number.
    target: the actual number.
    prediction: the predicted number.
    metrics: mean and median absolute error, root mean squared error, R2, bias and largest error.
    figure: predicted against actual numbers.
    """
    from peephole.nodes.mining import _numeric as numeric

    found = numeric.errors(table, target, prediction)
    return NumericScores(
        numeric.errors_table(found), numeric.scatter(table, target, prediction, int(found["rows"] or 0))
    )
