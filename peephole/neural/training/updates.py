"""One update of the weights: forward, backward, clipping, a step of the optimiser."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from peephole.neural.answers import ANSWERS, losses, mean_loss
from peephole.neural.clipping import clip_by_norm, clip_by_value, gradient_norm
from peephole.neural.errors import DivergedError
from peephole.neural.examples import Examples, Prepared
from peephole.neural.module import NetworkModule
from peephole.neural.parts.flow import Flow
from peephole.neural.training.settings import TrainingSettings


@dataclass
class Tally:
    """Sums over an epoch: of loss and measure, over how many; of the gradient norm, over updates."""

    loss: float = 0.0
    weight: int = 0
    measure: float = 0.0
    count: int = 0
    norm: float = 0.0
    updates: int = 0

    def add(self, loss: float, weight: int, measured: tuple[float, int]) -> None:
        """One batch."""
        self.loss += loss * weight
        self.weight += weight
        self.measure += measured[0]
        self.count += measured[1]

    def means(self) -> tuple[float, float]:
        """Mean loss and measure."""
        return self.loss / max(self.weight, 1), self.measure / max(self.count, 1)


@dataclass(frozen=True)
class Trainer:
    """What every update needs."""

    module: NetworkModule
    optimiser: torch.optim.Optimizer
    settings: TrainingSettings
    prepared: Prepared
    device: torch.device

    def update(self, examples: Examples, rows: Tensor, tally: Tally, epoch: int) -> None:
        """Learn from a batch. Raises DivergedError where the loss is no longer a number."""
        target = examples.targets(rows, self.device)
        flow = self.module.flow(examples.batch(rows, self.device))[self.module.graph.output]
        loss = self.loss(flow, target)
        self.optimiser.zero_grad(set_to_none=True)
        self.check(loss, epoch, tally)
        loss.backward()  # type: ignore[no-untyped-call]
        self.step(tally)
        tally.add(loss.item(), _weight(flow), self.measured(flow, target))

    def loss(self, flow: Flow, target: Flow) -> Tensor:
        """What is made small. Raises where sequences and their targets differ in length."""
        output = self.module.graph.layers[self.module.graph.output]
        return mean_loss(losses(output, self.prepared["output"], flow, target), flow)

    def measured(self, flow: Flow, target: Flow) -> tuple[float, int]:
        """The measure's sum over a batch, and over how many."""
        output = self.module.graph.layers[self.module.graph.output]
        with torch.no_grad():
            return ANSWERS[output.kind].errors(dict(output.settings), self.prepared["output"], flow, target)

    def step(self, tally: Tally) -> None:
        """Clip the gradients and change the weights."""
        parameters, settings = list(self.module.parameters()), self.settings
        norm = gradient_norm(parameters)
        if not math.isfinite(norm):
            raise DivergedError(
                f"The gradients became {norm}, though the loss is a number still.",
                remedy="Take a smaller learning_rate, or look for very large numbers in the inputs.",
            )
        if settings.clip_value:
            clip_by_value(parameters, settings.clip_value)
        if settings.clip_norm:
            clip_by_norm(parameters, settings.clip_norm)
        self.optimiser.step()
        tally.norm += norm
        tally.updates += 1

    def check(self, loss: Tensor, epoch: int, tally: Tally) -> None:
        """Stop where the loss is no number any more, with what may have led there."""
        if math.isfinite(loss.item()):
            return
        rate, clipped = self.optimiser.param_groups[0]["lr"], self.settings.clip_norm or self.settings.clip_value
        norm = f" Its gradients had a norm of {tally.norm / tally.updates:.3g} on average." if tally.updates else ""
        advice = "" if clipped else " clip the gradients (clip_norm: 1),"
        raise DivergedError(
            f"The loss became {loss.item()} in epoch {epoch + 1}, after {tally.updates} updates.{norm}",
            remedy=f"Take a smaller learning_rate (it was {rate:.3g}),{advice} or look for very large numbers in the inputs.",
        )

    def evaluated(self, examples: Examples, rows: Tensor) -> tuple[float, float]:
        """Mean loss and measure over rows, in evaluation mode."""
        tally = Tally()
        self.module.eval()
        with torch.no_grad():
            for part in torch.split(rows, max(self.settings.batch, 256)):
                target = examples.targets(part, self.device)
                flow = self.module.flow(examples.batch(part, self.device))[self.module.graph.output]
                tally.add(self.loss(flow, target).item(), _weight(flow), self.measured(flow, target))
        self.module.train()
        return tally.means()


def _weight(flow: Flow) -> int:
    """How many examples, or steps, a batch's mean loss is taken over."""
    if flow.x.dim() != 3:
        return len(flow.x)
    return flow.x.shape[0] * flow.x.shape[1] if flow.lengths is None else int(flow.lengths.sum())
