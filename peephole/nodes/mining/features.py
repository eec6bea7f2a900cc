"""Which columns are worth learning from: ranked by themselves, or chosen together."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns, Seed
from peephole.core.types import Figure, Table
from peephole.nodes.mining._choices import Folds, LearnerName, LearnerSettings, Measure
from peephole.nodes.mining.learners import NEEDS, Categories, Task


class Ranking(NamedTuple):
    """What `rank_features` gives."""

    ranking: Table
    kept: Table
    figure: Figure


class Selected(NamedTuple):
    """What `feature_selection` gives."""

    kept: Table
    steps: Table
    figure: Figure


@node(
    family="mining",
    icon="rank",
    says="for {target}[, of {features}]",
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Rank", "Information gain", "ANOVA F", "Mutual information", "Select by score"),
)
def rank_features(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    by: Literal["mutual information", "F test", "chi-square", "information gain", "Gini"] = "mutual information",
    keep: Annotated[int, Between(1)] | None = None,
    task: Task = "auto",
    categories: Categories = 30,
    seed: Seed = 0,
) -> Ranking:
    """Order columns by how much each by itself tells of the target.

    Two columns that say the same have the same rank: Feature selection looks at columns together.

    table: rows with a known target.
    target: the column that is to be told.
    features: the columns to order; none chosen: all others.
    by: mutual information (any dependence, numbers too), F test (differences of means, straight lines), chi-square of counts,
        or what the best single cut into two groups takes from the entropy (information gain) or impurity (Gini) of the
        classes; the last three are for classes.
    keep: how many of the best go into `kept`; empty: all.
    task: take the target as classes or as a number; auto decides by its type.
    categories: at most so many different texts a column; the rarest are taken together.
    seed: of the noise that mutual information of numbers adds to tell equal ones apart.
    ranking: each column with its score, and for tests the probability of such a score by chance (p), the best first.
    kept: the table with the best columns and the target.
    figure: the scores as bars.
    """
    from peephole.nodes.mining import _ranking as work

    return Ranking(*work.rank(table, target, features, by=by, keep=keep, task=task, categories=categories, seed=seed))


@node(
    family="mining",
    icon="columns",
    says="{learner} predicts {target}[ from {features}]",
    data_dependent=True,
    needs=NEEDS,
    pack="mining",
    also=("Feature Selection Loop", "Forward Feature Selection", "Backward Feature Elimination", "Wrapper"),
)
def feature_selection(
    table: Table,
    *,
    target: Column,
    features: Columns = [],  # noqa: B006 - validated and frozen
    learner: LearnerName = "decision tree",
    settings: LearnerSettings = {},  # noqa: B006
    direction: Literal["forward", "backward"] = "forward",
    count: Annotated[int, Between(1)] | None = None,
    measure: Measure = "auto",
    task: Task = "auto",
    folds: Folds = 5,
    stratify: bool = True,
    seed: Seed = 0,
) -> Selected:
    """Choose columns that are good together: add the best next one again and again, or drop the least missed.

    table: rows with a known target.
    target: the column to predict.
    features: the columns to choose from; none chosen: all others.
    learner: what learns from them; each try is a cross-validation.
    settings: of the learner, by name; what is not named has the learner's own default.
    direction: forward: from no column to all; backward: from all to one.
    count: how many columns to end with; empty: as many as scored best on the way.
    measure: what makes the best; auto: accuracy for classes, R2 for numbers.
    task: learn classes or a number; auto decides by the type of the target.
    folds: into how many parts the rows are cut.
    stratify: each fold gets the same share of each class.
    seed: decides the folds, and goes to the learner.
    kept: the table with the chosen columns and the target.
    steps: the column added or dropped at each step, how many there then are, and the measure.
    figure: the measure over the number of columns.
    """
    from peephole.nodes.mining import _search, _selecting

    plan = _search.Plan(learner, settings, target, tuple(features), measure, folds, stratify, seed)
    return Selected(*_selecting.select(table, plan, forward=direction == "forward", count=count, task=task))
