"""The optimisers by name."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn

from peephole.neural.training.settings import TrainingSettings


def optimiser(parameters: Iterable[nn.Parameter], settings: TrainingSettings) -> torch.optim.Optimizer:
    """The optimiser that the settings name. Source: torch.optim."""
    given = list(parameters)
    rate, decay, momentum = settings.learning_rate, settings.decay, settings.momentum
    match settings.optimiser:
        case "adam":
            return torch.optim.Adam(given, rate, weight_decay=decay)
        case "adamw":
            return torch.optim.AdamW(given, rate, weight_decay=decay)
        case "rmsprop":
            return torch.optim.RMSprop(given, rate, weight_decay=decay, momentum=momentum)
        case "sgd":
            return torch.optim.SGD(given, rate, weight_decay=decay, momentum=momentum)
