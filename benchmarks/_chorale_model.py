"""Next-step prediction of chorales by one LSTM layer and a logistic output for each key."""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass
from time import process_time

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from benchmarks._chorales import KEYS, Chorale, Chorales
from peephole.neural import LSTM, clip_by_norm, stop_if_diverged

BATCH = 8
THRESHOLD = 10.0  # of the gradient's norm
EPOCHS = 40  # at most
SLOWER_AFTER, SLOWER = 2, 0.3  # epochs without a better validation figure, then the learning rate's factor
PATIENCE = 5  # the same, then training ends

Packed = tuple[PackedSequence, Tensor]  # the inputs; in the same order, the steps that follow them


@dataclass(frozen=True)
class Settings:
    """What the search chooses.  momentum: Adam's first decay rate.  noise: standard deviation, on the training inputs."""

    hidden: int
    learning_rate: float
    momentum: float
    noise: float


@dataclass(frozen=True)
class Outcome:
    """Negative log-likelihoods per step at the epoch with the best validation figure, and what it took."""

    valid: float
    test: float
    train: float
    epochs: int
    best_epoch: int
    seconds: float  # of processor time


class Predictor(nn.Module):
    """x(t) -> logits of the keys that sound at t + 1."""

    def __init__(self, variant: str, hidden: int, frequencies: Tensor) -> None:
        super().__init__()
        self.lstm = LSTM(KEYS, hidden, variant=variant)
        self.readout = nn.Linear(hidden, KEYS)
        with torch.no_grad():  # begin at how often each key sounds
            self.readout.bias.copy_(_log_odds(frequencies))

    def forward(self, x: PackedSequence) -> Tensor:
        """Logits for every step of the packed sequences, in the packed order."""
        logits: Tensor = self.readout(self.lstm(x)[0].data)
        return logits


class _Training:
    """A model in training, and its best epoch so far."""

    def __init__(self, variant: str, settings: Settings, chorales: Chorales) -> None:
        self.model = Predictor(variant, settings.hidden, chorales.frequencies)
        rates = (settings.momentum, 0.999)
        self._optimizer = torch.optim.Adam(self.model.parameters(), settings.learning_rate, betas=rates)
        self._noise, self._batches = settings.noise, batches(chorales.train)
        self.best, self.best_epoch = math.inf, 0
        self._kept = deepcopy(self.model.state_dict())

    def one_epoch(self) -> None:
        """All batches once, in random order."""
        parameters = list(self.model.parameters())
        for which in torch.randperm(len(self._batches)).tolist():
            x, target = self._batches[which]
            noisy = x._replace(data=x.data + self._noise * torch.randn_like(x.data))
            loss = _nll_of(self.model(noisy), target)
            self._optimizer.zero_grad()
            loss.backward()
            clip_by_norm(parameters, THRESHOLD)
            self._optimizer.step()

    def judge(self, epoch: int, valid: float) -> bool:
        """Note an epoch's validation figure; whether to go on."""
        stop_if_diverged(valid, epoch)
        if valid < self.best:
            self.best, self.best_epoch, self._kept = valid, epoch, deepcopy(self.model.state_dict())
        elif epoch - self.best_epoch == SLOWER_AFTER:
            for group in self._optimizer.param_groups:
                group["lr"] *= SLOWER
        return epoch - self.best_epoch < PATIENCE

    def back_to_best(self) -> None:
        """Give the model the parameters of its best epoch."""
        self.model.load_state_dict(self._kept)


def train(variant: str, settings: Settings, chorales: Chorales, seed: int, epochs: int = EPOCHS) -> Outcome:
    """Train with early stopping; the figures of the best epoch.  Raises DivergedError."""
    began = process_time()
    torch.manual_seed(seed)
    training = _Training(variant, settings, chorales)
    valid, epoch = packed(chorales.valid), 0
    for epoch in range(1, epochs + 1):
        training.one_epoch()
        if not training.judge(epoch, nll(training.model, valid)):
            break
    training.back_to_best()
    test, fit = (nll(training.model, packed(part)) for part in (chorales.test, chorales.train))
    return Outcome(training.best, test, fit, epoch, training.best_epoch, process_time() - began)


def nll(model: nn.Module, batch: Packed) -> float:
    """Negative log-likelihood: summed over the keys, mean over the predicted steps of all chorales together."""
    x, target = batch
    with torch.no_grad():
        return _nll_of(model(x), target).item()


def frequency_nll(chorales: Chorales) -> float:
    """The test figure of a model without input: each key sounds as often as in the training chorales."""
    target = torch.cat([chorale[1:] for chorale in chorales.test])
    return _nll_of(_log_odds(chorales.frequencies).expand_as(target), target).item()


def packed(chorales: list[Chorale]) -> Packed:
    """All steps but each chorale's last, and the steps that follow them."""
    x = pack_sequence([chorale[:-1] for chorale in chorales], enforce_sorted=False)
    return x, pack_sequence([chorale[1:] for chorale in chorales], enforce_sorted=False).data


def batches(chorales: list[Chorale]) -> list[Packed]:
    """Chorales in random company, packed once for the whole training."""
    order = torch.randperm(len(chorales)).tolist()
    return [packed([chorales[i] for i in order[start : start + BATCH]]) for start in range(0, len(order), BATCH)]


def _nll_of(logits: Tensor, target: Tensor) -> Tensor:
    return binary_cross_entropy_with_logits(logits, target, reduction="sum") / len(target)


def _log_odds(frequencies: Tensor) -> Tensor:
    return frequencies.clamp(min=1e-4).logit()
