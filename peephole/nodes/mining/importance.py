"""What a model has learnt from: the importance of its columns."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from peephole.core.node import node
from peephole.core.settings import Between, Column, Seed
from peephole.core.types import Figure, Model, Table


class FeatureImportance(NamedTuple):
    """What `feature_importance` gives."""

    importance: Table
    figure: Figure


@node(
    family="mining",
    icon="importance",
    says="for {target}",
    needs=("scikit-learn", "skops"),
    pack="mining",
    also=("Permutation Importance", "Rank", "Global Feature Importance"),
)
def feature_importance(
    table: Table,
    model: Model,
    *,
    target: Column,
    method: Literal["permutation", "built-in"] = "permutation",
    measure: Literal["auto", "accuracy", "AUC", "log loss", "R2", "mean absolute error"] = "auto",
    repeats: Annotated[int, Between(1, 100)] = 5,
    rows: Annotated[int, Between(1)] = 20_000,
    seed: Seed = 0,
) -> FeatureImportance:
    """Tell how much a model leans on each column.

    Permutation shuffles one column at a time and sees how much worse the model scores: best on rows it did not learn
    from. Columns that say the same share their importance. Built-in takes what the trees themselves gained from each column.

    table: rows with a known target.
    model: what a learner gave.
    target: the actual class or number.
    method: shuffle the columns, or take what the model itself tells.
    measure: the score that is watched; auto: accuracy for classes, R2 for numbers.
    repeats: how often each column is shuffled.
    rows: a sample of at most so many rows is used.
    seed: of the sample and of the shuffling.
    importance: each column's importance, the highest first; its standard deviation over the repeats.
    figure: the importances as bars.
    """
    from peephole.nodes.mining import _importance as work

    if method == "built-in":
        found = work.built_in(model)
    else:
        found = work.permutation(table, model, target=target, measure=measure, repeats=repeats, seed=seed, rows=rows)
    found = found.ordered()
    title = f"Importance for {model.target or target}"
    return FeatureImportance(work.importance_table(found), work.importance_figure(found, title))
