"""Training: epochs of updates, validation, early stopping, checkpoints."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from peephole.core.checkpoint import enough, give_what_is_there
from peephole.core.errors import SettingError
from peephole.core.progress import advance, earlier, message, metric
from peephole.neural.answers import ANSWERS
from peephole.neural.examples import Examples, examples, prepare, require_some, windows_of
from peephole.neural.module import built
from peephole.neural.network import NetworkGraph
from peephole.neural.prepare import as_rows
from peephole.neural.trained import TrainedNetwork, known_features
from peephole.neural.training import checkpoints, further
from peephole.neural.training.alone import alone, mixed, reseed
from peephole.neural.training.checkpoints import MadeFrom, Progress
from peephole.neural.training.optimisers import optimiser
from peephole.neural.training.schedules import depends_on_epochs, learning_rate
from peephole.neural.training.settings import TrainingSettings
from peephole.neural.training.truncation import truncated_update
from peephole.neural.training.updates import Tally, Trainer

SECONDS = 5.0  # between checkpoints
LONG = 1.0  # seconds that whoever has enough waits for the end of an epoch


def train(
    network: NetworkGraph | TrainedNetwork,
    table: Any,
    validation: Any = None,
    settings: TrainingSettings | None = None,
    *,
    checkpoint: Path | None = None,
    every_seconds: float | None = None,
    **changes: Any,
) -> TrainedNetwork:
    """Train a network on the rows of a table.

    network: a drawn one, or a trained one, which learns for so many more epochs: its scales and vocabularies stay, epochs
    and schedule count on, and with the same settings and rows it comes out as if it had been trained in one go.
    table: with the inputs' and the targets' columns (pandas, Polars, Arrow).  validation: other rows, to watch and to stop by.
    settings: or single ones by keyword, `epochs=30`.  checkpoint: folder in which the training is kept, and from which it
    goes on with the same result, after a cut as well as to more epochs.  every_seconds: how often it is kept, 5 unless given.
    Raises DataError, DivergedError, SettingError, Cancelled.
    """
    chosen = settings or TrainingSettings(**changes)
    _device(chosen.device)  # a card that is not there is told before rows are read
    start = network if isinstance(network, TrainedNetwork) else None
    graph = network.graph if isinstance(network, TrainedNetwork) else network
    if not graph.ends:
        raise SettingError("The network has no output layer.", remedy="Put an Output node at its end.")
    rows = as_rows(table)
    advance(0, None, "Reading")
    prepared = start.prepared if start else prepare(graph, rows)
    with alone():
        run = _Run(graph, prepared, chosen, examples(graph, rows, prepared, targets=True))
        if validation is not None:
            run.watch(examples(graph, as_rows(validation), prepared, targets=True))
        if start is not None:
            run.go_on(start)
        return run.train(checkpoint, SECONDS if every_seconds is None else every_seconds)


class _Pace:
    """How fast an epoch goes, but for its first update, which may have to wait for much."""

    def __init__(self) -> None:
        self._first = 0.0

    def takes_longer(self, done: int, of: int) -> bool:
        """Whether what is left takes longer than a person waits."""
        now = time.monotonic()
        if done <= 1:
            self._first = now
        return done > 1 and (now - self._first) / (done - 1) * (of - done) > LONG


class _Run:
    """One training."""

    def __init__(
        self, graph: NetworkGraph, prepared: Mapping[str, Any], settings: TrainingSettings, of: Examples
    ) -> None:
        self.graph, self.settings, self.examples = graph, settings, of
        self.prepared = dict(prepared)
        device = _device(settings.device)
        module = built(graph, known_features(graph, prepared), settings.seed).to(device)
        self.trainer = Trainer(module, optimiser(module.parameters(), settings), settings, self.prepared, device)
        self.rows, self.held = _parted(of, settings)
        self.held_in = of
        self.measure = ANSWERS[graph.layers[graph.output].kind].measure
        self.at, self.began, self.patient_from, self.before = Progress(), "", -1, 0
        self.torso = False  # stopped before its first epoch was whole

    def watch(self, validation: Examples) -> None:
        """Validate on a table of its own, and learn from all rows of the other."""
        self.rows, self.held, self.held_in = self.examples.rows, validation.rows, validation
        require_some(validation, "The validation table has no whole example.")

    def go_on(self, start: TrainedNetwork) -> None:
        """Begin where another training stopped. A training that had waited long enough has its patience back."""
        self.at, self.began = further.progress_of(start), further.fingerprint(start)
        self.before = self.at.epoch
        self.settings = replace(self.settings, epochs=self.at.epoch + self.settings.epochs)
        module = self.trainer.module
        if len(self.held):  # the validation rows may be others than those of then
            module.load_state_dict(start.weights())
            self.at.best_loss, _ = self.trainer.evaluated(self.held_in, self.held)
            self.at.best = {name: value.detach().clone() for name, value in module.state_dict().items()}
        further.stand(start, module, self.trainer.optimiser, self.settings)
        if self._waited_enough(self.at):
            self.patient_from = self.at.epoch - 1
        message(f"Goes on after epoch {self.at.epoch}.")

    def train(self, folder: Path | None, every: float) -> TrainedNetwork:
        """All epochs, from where a checkpoint stands."""
        require_some(self.examples, "No row has every input and its target.")
        if self.settings.patience and not len(self.held):
            message("No rows are held back for validation, so that patience has nothing to go by.")
        made, at = self._made_from(), self.at
        module, optimiser = self.trainer.module, self.trainer.optimiser
        network = {**self.graph.to_json(), "prepared": self.prepared}
        if folder is not None:
            at = checkpoints.take_up(folder, made, self.settings.epochs, module, optimiser) or at
        module.train()
        if at.history:
            earlier("epoch", {name: [entry.get(name) for entry in at.history] for name in _measured(at.history[-1])})
        saved, lasted = time.monotonic(), LONG
        while self._goes_on(at):
            began = time.monotonic()
            whole = self._epoch(at, long=lasted >= LONG)
            lasted = time.monotonic() - began
            if enough() and self._goes_on(at):
                give_what_is_there()
                self.torso = not whole and not at.history
                break
            if folder is not None and time.monotonic() - saved >= every:
                checkpoints.save(folder, made, at, module, optimiser, network)
                saved = time.monotonic()
        if folder is not None and not self.torso:
            checkpoints.settle(folder, made, at, module, optimiser, network)
        return self._finished(at)

    def _goes_on(self, at: Progress) -> bool:
        return at.epoch < self.settings.epochs and not self._waited_enough(at)

    def _epoch(self, at: Progress, *, long: bool) -> bool:
        """One epoch; whether it came to its end: where that is far, it ends at once when the person has enough.

        All then stands as after the epoch before; of the first one what there is stays.  long: the one before was.
        """
        settings, epoch = self.settings, at.epoch
        module, optimiser = self.trainer.module, self.trainer.optimiser
        before = checkpoints.standing(module, optimiser) if long and at.history else {}
        rate = learning_rate(settings, epoch, at.history)
        for group in optimiser.param_groups:
            group["lr"] = rate
        reseed(mixed(settings.seed, epoch))
        rows = self.rows[torch.randperm(len(self.rows))] if settings.shuffle else self.rows
        parts, tally, pace = torch.split(rows, settings.batch), Tally(), _Pace()
        for done, part in enumerate(parts):
            advance(epoch * len(parts) + done, settings.epochs * len(parts), "Training", "batches")
            if pace.takes_longer(done, len(parts)) and (before or not at.history) and enough():
                if before:
                    checkpoints.restore(module, optimiser, before)
                return False
            if settings.truncate:
                truncated_update(self.trainer, self.examples, part, tally, epoch)
            else:
                self.trainer.update(self.examples, part, tally, epoch)
        self._note(at, tally, rate)
        return True

    def _note(self, at: Progress, tally: Tally, rate: float) -> None:
        loss, measure = tally.means()
        entry: dict[str, Any] = {"epoch": at.epoch + 1, "loss": loss, self.measure: measure}
        if len(self.held):
            watched = self.trainer.evaluated(self.held_in, self.held)
            self.trainer.check(torch.tensor(watched[0]), at.epoch, tally)
            entry["validation loss"], entry[f"validation {self.measure}"] = watched
        entry |= {"gradient norm": tally.norm / max(tally.updates, 1), "learning rate": rate}
        if len(self.held) and entry["validation loss"] < at.best_loss:
            at.best_loss, at.best_epoch = entry["validation loss"], at.epoch
            at.best = {name: value.detach().clone() for name, value in self.trainer.module.state_dict().items()}
        at.history.append(entry)
        metric("epoch", **{name: entry[name] for name in _measured(entry)})

    def _waited_enough(self, at: Progress) -> bool:
        patience = self.settings.patience
        waited = at.epoch - 1 - max(at.best_epoch, self.patient_from)
        return bool(patience and len(self.held) and at.epoch and waited >= patience)

    def _finished(self, at: Progress) -> TrainedNetwork:
        module = self.trainer.module
        notes: dict[str, Any] = {
            "rows": len(self.rows),
            "validation rows": len(self.held),
            "best epoch": at.best_epoch + 1 if at.best else at.epoch,
            "settings": asdict(self.settings),
        }
        standing = checkpoints.standing(module, self.trainer.optimiser)
        by_hand = self._goes_on(at)
        if by_hand:
            when = "within the first epoch" if self.torso else f"after epoch {at.epoch}"
            notes["stopped"] = f"by hand {when} of {self.settings.epochs}"
            done = at.epoch - self.before
            if done and not depends_on_epochs(self.settings):
                notes["keep at"] = done
            message(self._stopped(notes))
        if at.best:
            module.load_state_dict(at.best)
            if at.epoch < self.settings.epochs and not by_hand:
                message(
                    f"Stopped after epoch {at.epoch}: no gain on the validation rows for {_epochs(self.settings.patience)}."
                )
            message(f"Kept the weights of epoch {at.best_epoch + 1}, the best on the validation rows.")
        advance(self.settings.epochs, self.settings.epochs, "Training", "epochs")
        return TrainedNetwork(self.graph, module.cpu().eval(), self.prepared, at.history, notes, standing)

    def _stopped(self, notes: Mapping[str, Any]) -> str:
        """What to say of a training that the person had enough of."""
        next_run = "begins anew" if self.torso else "goes on from there"
        told = f"Stopped {notes['stopped']}; the next run {next_run}."
        return f"{told} To leave it at that, set epochs to {notes['keep at']}." if "keep at" in notes else told

    def _made_from(self) -> MadeFrom:
        settings = asdict(self.settings)
        epochs = settings.pop("epochs")
        made = [self.began, self.graph.to_json(), self.prepared, settings, len(self.rows), len(self.held)]
        key = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
        return MadeFrom(key, epochs if depends_on_epochs(self.settings) else None)


def _parted(found: Examples, settings: TrainingSettings) -> tuple[Tensor, Tensor]:
    """Rows to learn from and rows to validate on. Of windows over ordered rows the last in order, since neighbours overlap."""
    count = round(len(found) * settings.hold_back)
    count = min(max(count, 1), len(found) - 1) if settings.hold_back and len(found) > 1 else 0
    if not count:
        return found.rows, found.rows[:0]
    at = windows_of(found.inputs)
    if at is not None:
        order = found.rows[torch.argsort(at.place[found.rows])]
    else:
        generator = torch.Generator().manual_seed(mixed(settings.seed, -1))
        order = found.rows[torch.randperm(len(found), generator=generator)]
    return order[:-count].sort().values, order[-count:].sort().values


def _measured(entry: Mapping[str, Any]) -> list[str]:
    """What was measured in an epoch."""
    return [name for name in entry if name != "epoch"]


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count} epochs"


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        built = "" if torch.version.cuda else f": torch {torch.__version__} is built without CUDA"
        raise SettingError(
            f"There is no graphics card that torch can use{built}.", remedy="Set device to auto.", setting="device"
        )
    return torch.device(name)
