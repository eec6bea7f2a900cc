"""The settings that nodes share which run a learner of one's choice."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.settings import Between

LearnerName = Literal[
    "decision tree",
    "random forest",
    "gradient boosting",
    "AdaBoost",
    "linear regression",
    "logistic regression",
    "naive Bayes",
    "nearest neighbours",
    "support vector machine",
    "multilayer perceptron",
]
Value = bool | int | float | str | list[int] | None
LearnerSettings = dict[str, Value]
Folds = Annotated[int, Between(2, 100)]
Measure = Literal[
    "auto",
    "accuracy",
    "balanced accuracy",
    "F1 (macro)",
    "AUC",
    "log loss",
    "R2",
    "root mean squared error",
    "mean absolute error",
]
