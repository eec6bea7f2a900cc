"""Train a simple RNN or a peephole LSTM on a memory task, and see how far its error travels before and after."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict, dataclass
from time import process_time
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor, nn

from benchmarks._memory_tasks import COPY, Task, recalled
from peephole.neural import LSTM, RNN, ErrorFlow, clip_by_norm, stop_if_diverged, unfold

CARRIED = {"RNN": "h", "LSTM": "c"}  # the variable by which each cell remembers
PROBED = 8  # examples whose error is followed
EVERY = 50  # updates from one look at the held-out examples to the next
HELD_OUT = 256
TO_SPARE = 0.8  # training ends at this share of the loss to be reached, so that fresh sequences agree
LEAST = 1e-300  # below it a share of the error is told as this


@dataclass(frozen=True)
class Settings:
    """hidden: units.  learning_rate: Adam's.  batch: sequences an update.  updates: at most.  threshold: of the norm.

    decays: whether the learning rate goes down to 0 along a cosine.
    """

    hidden: int
    learning_rate: float
    batch: int
    updates: int
    threshold: float = 1.0
    decays: bool = False


class Network(nn.Module):
    """A recurrent layer and a linear readout."""

    def __init__(self, cell: str, task: Task, T: int, hidden: int) -> None:
        super().__init__()
        self.layer = RNN(task.inputs, hidden) if cell == "RNN" else chrono_lstm(task.inputs, hidden, T)
        self.readout = nn.Linear(hidden, task.outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs of every step."""
        outputs: Tensor = self.readout(self.layer(x)[0])
        return outputs


def chrono_lstm(inputs: int, hidden: int, T: int) -> LSTM:
    """A peephole LSTM whose cells begin to forget after 1 to T - 1 steps: b_for = ln U(1, T - 1), b_in = -b_for.

    Source: Tallec & Ollivier, "Can recurrent neural networks warp time?" (ICLR 2018).
    """
    layer = LSTM(inputs, hidden, forget_bias=0.0)
    with torch.no_grad():
        layer.b_for.copy_(torch.log(torch.empty(hidden).uniform_(1, T - 1)))
        layer.b_in.copy_(-layer.b_for)
    return layer


@dataclass(frozen=True)
class Flow:
    """Shares of the error of the answer at t that arrive at k, mean over the examples, and how much reaches step 1.

    shares, bound: (rows, T); NaN where k > t.  kept, kept_bound: of the last answer's error, what arrives at the first
    step, geometric mean.  Bounds: the simple RNN's, else None.
    """

    shares: np.ndarray
    bound: np.ndarray | None
    kept: float
    kept_bound: float | None


def run(task: Task, cell: str, T: int, seed: int, settings: Settings) -> tuple[dict[str, Any], dict[str, Flow]]:
    """Train one network; its record, and the error's flow at the start and after training."""
    began = process_time()
    torch.manual_seed(seed)
    network = Network(cell, task, T, settings.hidden)
    flows = {"start": flow(network, task, T)}
    updates = _train(network, task, T, seed, settings)
    flows["end"] = flow(network, task, T)
    with torch.no_grad():
        x, targets = task.make(T, 2 * HELD_OUT, Generator().manual_seed(1_000_003))
        outputs = network(x)
        loss = task.loss(outputs, targets).mean().item()
    record = {
        "settings": asdict(settings),
        "loss": loss,
        "updates": updates,
        "solved": loss <= task.reach * task.baseline(T),
        "recalled": recalled(outputs, targets) if task is COPY else None,
        "kept": {when: found.kept for when, found in flows.items()},
        "kept_bound": {when: found.kept_bound for when, found in flows.items()},
        "seconds": process_time() - began,
    }
    return record, flows


def flow(network: Network, task: Task, T: int, rows: int = 64) -> Flow:
    """Follow the error of the answers back to the variable that carries the memory."""
    x, targets = task.make(T, PROBED, Generator().manual_seed(1_000_001))
    exact = deepcopy(network).double()
    cell = type(network.layer).__name__
    trace = unfold(exact.layer, x.double(), lambda y: task.probe(exact.readout(y), targets))
    found = trace.error_flow(CARRIED[cell], rows=rows)
    return _shares(found)


def _shares(found: ErrorFlow) -> Flow:
    norms = found.norms.numpy()
    steps = found.steps.tolist()
    own = norms[np.arange(len(steps)), steps][:, None]
    later = np.arange(norms.shape[1])[None, :] > np.array(steps)[:, None]

    def mean(values: np.ndarray) -> np.ndarray:
        return np.where(later, np.nan, (values / own).mean(-1))

    def kept(values: np.ndarray) -> float:
        return float(np.exp(np.log((values[-1, 0] / own[-1, 0]).clip(LEAST)).mean()))

    if found.bound is None:
        return Flow(mean(norms), None, kept(norms), None)
    bound = found.bound.numpy()
    return Flow(mean(norms), mean(bound), kept(norms), kept(bound))


def _train(network: Network, task: Task, T: int, seed: int, settings: Settings) -> int:
    """Until the held-out examples are answered well enough, or the updates are used up; how many it took."""
    parameters = list(network.parameters())
    optimizer = torch.optim.Adam(parameters, settings.learning_rate)
    end = 0.0 if settings.decays else settings.learning_rate
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.updates, end)
    fresh = Generator().manual_seed(seed)
    held_out = task.make(T, HELD_OUT, Generator().manual_seed(1_000_002))
    for update in range(1, settings.updates + 1):
        x, targets = task.make(T, settings.batch, fresh)
        loss = task.loss(network(x), targets).mean()
        stop_if_diverged(loss.item(), update)
        optimizer.zero_grad()
        loss.backward()
        clip_by_norm(parameters, settings.threshold)
        optimizer.step()
        schedule.step()
        if update % EVERY == 0 and _loss(network, task, *held_out) <= TO_SPARE * task.reach * task.baseline(T):
            return update
    return settings.updates


def _loss(network: Network, task: Task, x: Tensor, targets: Tensor) -> float:
    with torch.no_grad():
        return task.loss(network(x), targets).mean().item()
