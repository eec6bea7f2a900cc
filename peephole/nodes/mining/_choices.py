"""The settings that nodes share which run a learner of one's choice."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.settings import Between, SettingsOf

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
LEARNERS = {
    "decision tree": "peephole.nodes.mining.learners:decision_tree_learner",
    "random forest": "peephole.nodes.mining.ensembles:random_forest_learner",
    "gradient boosting": "peephole.nodes.mining.learners:gradient_boosting_learner",
    "AdaBoost": "peephole.nodes.mining.ensembles:adaboost_learner",
    "linear regression": "peephole.nodes.mining.linear_models:linear_regression_learner",
    "logistic regression": "peephole.nodes.mining.linear_models:logistic_regression_learner",
    "naive Bayes": "peephole.nodes.mining.simple_learners:naive_bayes_learner",
    "nearest neighbours": "peephole.nodes.mining.simple_learners:nearest_neighbours_learner",
    "support vector machine": "peephole.nodes.mining.simple_learners:svm_learner",
    "multilayer perceptron": "peephole.nodes.mining.perceptron:perceptron_learner",
}
OURS = ("target", "features", "task", "seed")  # settings that the node gives the learner itself
Value = bool | int | float | str | list[int] | None
LearnerSettings = Annotated[dict[str, Value], SettingsOf("learner", tuple(LEARNERS.items()), OURS)]
LearnerSetting = Annotated[str, SettingsOf("learner", tuple(LEARNERS.items()), OURS)]
OfThatSetting = SettingsOf("learner", tuple(LEARNERS.items()), OURS, named="name")
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
