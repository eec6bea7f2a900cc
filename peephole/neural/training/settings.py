"""The settings of a training, checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from peephole.core.errors import SettingError

Optimiser = Literal["adam", "adamw", "rmsprop", "sgd"]
Schedule = Literal["constant", "step", "exponential", "cosine", "linear", "plateau"]


@dataclass(frozen=True)
class TrainingSettings:
    """How a network learns.

    learning_rate: at the start; the schedule changes it from epoch to epoch.  momentum: of SGD and RMSprop.
    decay: weight decay (L2; decoupled in AdamW).  warm_up: epochs in which the rate rises.  factor, every: of the schedules
    step (times factor every so many epochs), exponential (times factor each epoch) and plateau (times factor after `every`
    epochs without gain).  hold_back: share of the rows for validation, if no validation table is given.
    patience: stop after so many epochs without gain on the validation rows (0: never).  clip_norm, clip_value: 0 for none.
    truncate: update every so many steps of long sequences (k1), the error going back over truncate_back steps (k2); 0: no.
    """

    optimiser: Optimiser = "adam"
    learning_rate: float = 0.001
    momentum: float = 0.0
    decay: float = 0.0
    schedule: Schedule = "constant"
    warm_up: int = 0
    factor: float = 0.5
    every: int = 10
    batch: int = 32
    epochs: int = 20
    hold_back: float = 0.1
    patience: int = 0
    clip_norm: float = 0.0
    clip_value: float = 0.0
    truncate: int = 0
    truncate_back: int = 0
    shuffle: bool = True
    seed: int = 0
    device: str = "auto"

    def __post_init__(self) -> None:
        for name in ("learning_rate", "batch", "epochs", "factor", "every"):
            if not getattr(self, name) > 0:
                raise SettingError(f"Train: {name} must be above 0, got {getattr(self, name)}.", setting=name)
        if not 0 <= self.hold_back < 1:
            raise SettingError(
                f"Train: hold_back must be from 0 to below 1, got {self.hold_back}.", setting="hold_back"
            )
        if self.truncate_back and not self.truncate:
            raise SettingError(
                "Train: truncate_back says how far the error goes back, and truncate is not set.",
                remedy="Set truncate, the steps from one update to the next.",
                setting="truncate_back",
            )
