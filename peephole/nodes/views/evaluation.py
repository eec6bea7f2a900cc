"""How good probabilities are, drawn: ROC, precision and recall, calibration, gains and lift, of one model or of several."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.node import node
from peephole.core.settings import Between, Column, NumberColumns
from peephole.core.types import Figure, Table

NEEDS = ("numpy", "matplotlib")


@node(
    family="views",
    icon="score",
    title="ROC curve",
    needs=NEEDS,
    pack="views",
    also=("ROC Curve", "ROC Analysis", "Receiver operating characteristic"),
)
def roc_curve(
    table: Table,
    *,
    target: Column,
    probabilities: NumberColumns = [],  # noqa: B006 - validated and frozen
    positive: str | None = None,
    title: str = "",
) -> Figure:
    """Draw how many of the rows sought are found against how many others are taken for them; a line for each model.

    Put several predictors one after the other, each with its own name for the prediction, to compare their models.
    The area under a line (AUC) is the chance that a row sought has a higher probability than another.

    table: rows with the actual class and probabilities.
    target: the actual class.
    probabilities: a line for each; none chosen: those that predictors added for the positive class.
    positive: the class sought; empty: the second of two.
    title: of the figure; empty: made from the target.
    """
    from peephole.nodes.mining._probabilities import judged
    from peephole.nodes.views import _evaluation as work

    return work.roc_lines(judged(table, target, probabilities, positive), title)


@node(family="views", icon="score", needs=NEEDS, pack="views", also=("Precision-Recall Curve", "Performance Curve"))
def precision_recall_curve(
    table: Table,
    *,
    target: Column,
    probabilities: NumberColumns = [],  # noqa: B006 - validated and frozen
    positive: str | None = None,
    title: str = "",
) -> Figure:
    """Draw how many of the rows taken are right (precision) against how many of those sought are found (recall).

    Tells more than ROC where the rows sought are rare.

    table: rows with the actual class and probabilities.
    target: the actual class.
    probabilities: a line for each; none chosen: those that predictors added for the positive class.
    positive: the class sought; empty: the second of two.
    title: of the figure; empty: made from the target.
    """
    from peephole.nodes.mining._probabilities import judged
    from peephole.nodes.views import _evaluation as work

    return work.precision_lines(judged(table, target, probabilities, positive), title)


@node(family="views", icon="score", needs=NEEDS, pack="views", also=("Calibration Plot", "Reliability diagram"))
def calibration_plot(
    table: Table,
    *,
    target: Column,
    probabilities: NumberColumns = [],  # noqa: B006 - validated and frozen
    positive: str | None = None,
    bins: Annotated[int, Between(2, 100)] = 10,
    cut: Literal["equal width", "equal rows"] = "equal width",
    title: str = "",
) -> Figure:
    """Draw whether probabilities keep their word: of the rows given 30 %, 30 % should be of the class.

    On the dashed line they do; below it the model is too sure, above it too careful.

    table: rows with the actual class and probabilities.
    target: the actual class.
    probabilities: a line for each; none chosen: those that predictors added for the positive class.
    positive: the class sought; empty: the second of two.
    bins: into how many ranges the probabilities are cut; a point for each that has rows.
    cut: ranges of the same width, or with the same number of rows.
    title: of the figure; empty: made from the target.
    """
    from peephole.nodes.mining._probabilities import judged
    from peephole.nodes.views import _evaluation as work

    found = judged(table, target, probabilities, positive)
    return work.calibration_lines(found, bins, cut == "equal rows", title)


@node(family="views", icon="score", needs=NEEDS, pack="views", also=("Lift Chart", "Gain chart", "Cumulative gains"))
def lift_chart(
    table: Table,
    *,
    target: Column,
    probabilities: NumberColumns = [],  # noqa: B006 - validated and frozen
    positive: str | None = None,
    show: Literal["gains", "lift"] = "gains",
    title: str = "",
) -> Figure:
    """Draw what asking the likeliest rows first brings: how many of those sought are among the first tenth, fifth ...

    table: rows with the actual class and probabilities.
    target: the actual class.
    probabilities: a line for each; none chosen: those that predictors added for the positive class.
    positive: the class sought; empty: the second of two.
    show: the share of all that are found (gains), or how many times more than by chance (lift).
    title: of the figure; empty: made from the target.
    """
    from peephole.nodes.mining._probabilities import judged
    from peephole.nodes.views import _evaluation as work

    found = judged(table, target, probabilities, positive)
    return work.gain_lines(found, lift=show == "lift", title=title)
