"""Next-step prediction of chorales by one LSTM layer and a logistic output for each key."""

from __future__ import annotations

import math
from collections.abc import Iterator
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


class Training:
    """A model in training: one epoch at a time, until the validation figure gets no better.

    Iterating gives (epoch, validation figure); after it, or when it is left, `outcome` has the best epoch's figures.
    """

    def __init__(self, variant: str, settings: Settings, chorales: Chorales, seed: int, epochs: int = EPOCHS) -> None:
        self._began = process_time()
        torch.manual_seed(seed)
        self._chorales, self._noise, self._epochs = chorales, settings.noise, epochs
        self._model = Predictor(variant, settings.hidden, chorales.frequencies)
        rates = (settings.momentum, 0.999)
        self._optimizer = torch.optim.Adam(self._model.parameters(), settings.learning_rate, betas=rates)
        self._batches = batches(chorales.train)
        self._valid = packed(chorales.valid)
        self._best, self._best_epoch, self._epoch = math.inf, 0, 0
        self._kept = deepcopy(self._model.state_dict())

    def __iter__(self) -> Iterator[tuple[int, float]]:
        while self._epoch < self._epochs and self._epoch - self._best_epoch < PATIENCE:
            self._epoch += 1
            self._one_epoch()
            now = nll(self._model, self._valid)
            stop_if_diverged(now, self._epoch)
            self._note(now)
            yield self._epoch, now

    def outcome(self) -> Outcome:
        """The figures of the epoch with the best validation figure."""
        self._model.load_state_dict(self._kept)
        test, train = (nll(self._model, packed(part)) for part in (self._chorales.test, self._chorales.train))
        seconds = process_time() - self._began
        return Outcome(self._best, test, train, self._epoch, self._best_epoch, seconds)

    def _note(self, now: float) -> None:
        if now < self._best:
            self._best, self._best_epoch, self._kept = now, self._epoch, deepcopy(self._model.state_dict())
        elif self._epoch - self._best_epoch == SLOWER_AFTER:
            for group in self._optimizer.param_groups:
                group["lr"] *= SLOWER

    def _one_epoch(self) -> None:
        parameters = list(self._model.parameters())
        for which in torch.randperm(len(self._batches)).tolist():
            x, target = self._batches[which]
            noisy = x._replace(data=x.data + self._noise * torch.randn_like(x.data))
            loss = _nll_of(self._model(noisy), target)
            self._optimizer.zero_grad()
            loss.backward()
            clip_by_norm(parameters, THRESHOLD)
            self._optimizer.step()


def train(variant: str, settings: Settings, chorales: Chorales, seed: int, epochs: int = EPOCHS) -> Outcome:
    """Train to the end.  Raises DivergedError."""
    training = Training(variant, settings, chorales, seed, epochs)
    for _ in training:
        pass
    return training.outcome()


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
