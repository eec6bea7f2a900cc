"""What every learner does around its estimator: read, check, prepare, fit, and wrap it all up as one Model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sklearn.pipeline import Pipeline

from peephole.core.errors import DataError, SettingError, listing
from peephole.core.progress import advance, check_cancelled, message
from peephole.core.types import Model, Table
from peephole.nodes.mining._features import ROLES
from peephole.nodes.mining._preparation import TableMatrix
from peephole.nodes.mining._reading import reading
from peephole.nodes.mining._rows import words
from peephole.nodes.mining._target import Target, Task, encode_target, with_target


@dataclass(frozen=True)
class Recipe:
    """What one learner brings.

    title: as "Decision tree".  make: the unfitted estimator for a target, told how many of the matrix's first columns
    are categories.  fit: fits it.  settings: kept in the model's notes.  order, dtype: see TableMatrix.
    """

    title: str
    make: Callable[[Target, int], Any]
    fit: Callable[[Any, Any, Any], None]
    settings: dict[str, Any]
    order: Literal["frequency", "target"] = "frequency"
    dtype: str = "float64"


def learn(table: Table, recipe: Recipe, *, target: str, features: Sequence[str], task: Task, categories: int) -> Model:
    """Fit a recipe's estimator on a table, from these features (none named: all other columns)."""
    chosen = chosen_features(table, target, features)
    advance(0, None, "Reading")
    rows = with_target(reading(table, [target, *chosen]), target)
    wanted = encode_target(rows.column(target), target, task)
    check_cancelled()
    advance(0, None, "Preparing")
    preparation = TableMatrix(most=categories, order=recipe.order, dtype=recipe.dtype)
    matrix = preparation.fit_transform(rows, wanted.values, classes=len(wanted.classes), columns=chosen)
    del rows  # the matrix says it all; the estimator needs the memory
    _tell(preparation, matrix.shape)
    estimator = recipe.make(wanted, preparation.categorical_)
    advance(0, None, "Learning")
    recipe.fit(estimator, matrix, wanted.values)
    return Model(
        estimator=Pipeline([("prepare", preparation), ("learn", estimator)]),
        task=wanted.task,
        target=target,
        features=dict(preparation.features),
        classes=wanted.classes,
        title=f"{recipe.title} for {target}",
        notes={
            "learner": recipe.title,
            "rows": int(matrix.shape[0]),
            "target_type": wanted.word,
            "settings": recipe.settings,
            "left_out": preparation.left_out_,
        },
    )


def chosen_features(table: Table, target: str, features: Sequence[str]) -> list[str]:
    """The columns to learn from, those that cannot be taken out. Raises where one was asked for that cannot be."""
    known = words(table)
    if target in features:
        raise SettingError(
            f'"{target}" is the target and among the features.', remedy="Take it off one.", setting="features"
        )
    wrong = [name for name in features if known[name] not in ROLES and known[name] != "unknown"]
    if wrong:
        raise DataError(
            f"Cannot learn from {listing(f'{name} ({known[name]})' for name in wrong)}.",
            remedy="Turn them into numbers, text or dates first, or take them off the features.",
            setting="features",
        )
    wanted = list(features) or [name for name in known if name != target]
    strange = [name for name in wanted if known[name] not in ROLES and known[name] != "unknown"]
    if strange:
        message(f"Not learnt from: {listing(f'{name} ({known[name]})' for name in strange)}.")
    chosen = [name for name in wanted if name not in strange]
    if not chosen:
        raise DataError("There is no column to learn from.", remedy="Bring columns besides the target.")
    return chosen


def _tell(preparation: TableMatrix, shape: tuple[int, int]) -> None:
    """Say what the preparation did that the person should know."""
    if preparation.left_out_:
        message(f"Not learnt from: {listing(f'{name} ({why})' for name, why in preparation.left_out_.items())}.")
    if preparation.pooled_:
        pooled = [f"{name} ({different} different)" for name, different in preparation.pooled_.items()]
        message(f"The rarest values are taken together, {preparation.most - 1} are kept: {listing(pooled)}.")
    if shape[1] > shape[0]:
        message(
            f"There are more columns ({shape[1]}) than rows ({shape[0]}): the model may only remember the rows.",
            "warning",
        )
