"""Learning rates from epoch to epoch, of the settings and of what has happened so far, so that a cut changes nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from peephole.neural.training.settings import TrainingSettings


def depends_on_epochs(settings: TrainingSettings) -> bool:
    """Whether the rate of an epoch depends on how many there are in all."""
    return settings.schedule in ("cosine", "linear")


def learning_rate(settings: TrainingSettings, epoch: int, history: Sequence[Mapping[str, Any]]) -> float:
    """The rate of an epoch, counted from 0.  history: the epochs before it."""
    if epoch < settings.warm_up:
        return settings.learning_rate * (epoch + 1) / (settings.warm_up + 1)
    past, whole = epoch - settings.warm_up, max(settings.epochs - settings.warm_up, 1)
    factors: dict[str, Callable[[], float]] = {
        "constant": lambda: 1.0,
        "step": lambda: settings.factor ** (past // settings.every),
        "exponential": lambda: settings.factor**past,
        "cosine": lambda: (1 + math.cos(math.pi * past / whole)) / 2,
        "linear": lambda: 1 - past / whole,
        "plateau": lambda: settings.factor ** _plateaus(settings.every, history),
    }
    return settings.learning_rate * factors[settings.schedule]()


def _plateaus(patience: int, history: Sequence[Mapping[str, Any]]) -> int:
    """How often so many epochs went by without gain."""
    best, waited, times = math.inf, 0, 0
    for entry in history:
        loss = entry.get("validation loss", entry["loss"])
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            times, waited = times + 1, 0
    return times
