"""Two tasks that only a memory solves: the adding problem and the copy task (Hochreiter & Schmidhuber, 1997)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn.functional import cross_entropy, one_hot

SYMBOLS, LETTERS = 10, 8  # to be remembered; of how many kinds
BLANK, RECALL = LETTERS, LETTERS + 1


@dataclass(frozen=True)
class Task:
    """A task at any length T.

    make: (T, B, generator) -> inputs (steps, B, inputs), targets.  loss: (outputs (steps, B, outputs), targets) -> loss of
    each step, (steps, B); it counts where it is not zero.  baseline: the loss of the best answer without a memory.
    probe: (outputs, targets) -> the answer of each step (steps, B), whose error the maps follow.
    reach: a run succeeds with a loss of at most this share of the baseline.
    """

    name: str
    inputs: int
    outputs: int
    reach: float
    make: Callable[[int, int, Generator], tuple[Tensor, Tensor]]
    loss: Callable[[Tensor, Tensor], Tensor]
    baseline: Callable[[int], float]
    probe: Callable[[Tensor, Tensor], Tensor]


def adding(T: int, B: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Numbers in [0, 1] of which two are marked, one in each half; their sum is wanted after the last step."""
    numbers = torch.rand(T, B, generator=generator)
    marks = torch.zeros(T, B)
    sequence = torch.arange(B)
    marks[torch.randint(0, T // 2, (B,), generator=generator), sequence] = 1
    marks[torch.randint(T // 2, T, (B,), generator=generator), sequence] = 1
    return torch.stack([numbers, marks], -1), (numbers * marks).sum(0)


def adding_loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Squared error after the last step."""
    return (outputs[-1:, :, 0] - targets) ** 2


def adding_probe(outputs: Tensor, _: Tensor) -> Tensor:
    """What the network would answer if the sequence ended here."""
    return outputs[..., 0]


def copy(T: int, B: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Symbols, T - 1 blanks, a signal, and as many blanks as symbols: there the symbols are wanted, before it blanks."""
    symbols = torch.randint(0, LETTERS, (SYMBOLS, B), generator=generator)
    x = torch.full((T + 2 * SYMBOLS, B), BLANK)
    x[:SYMBOLS] = symbols
    x[T + SYMBOLS - 1] = RECALL
    targets = torch.full_like(x, BLANK)
    targets[-SYMBOLS:] = symbols
    return one_hot(x, LETTERS + 2).float(), targets


def copy_loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of every step."""
    return cross_entropy(outputs.flatten(0, 1), targets.flatten(), reduction="none").view_as(targets)


def copy_probe(outputs: Tensor, targets: Tensor) -> Tensor:
    """The logit of the right symbol."""
    return outputs.gather(-1, targets.unsqueeze(-1)).squeeze(-1)


def recalled(outputs: Tensor, targets: Tensor) -> float:
    """Share of the symbols that are recalled."""
    return (outputs[-SYMBOLS:].argmax(-1) == targets[-SYMBOLS:]).float().mean().item()


ADDING = Task("adding", 2, 1, 0.06, adding, adding_loss, lambda _: 1 / 6, adding_probe)  # 0.06/6 = 0.01
COPY = Task(
    "copy",
    LETTERS + 2,
    LETTERS + 1,
    0.9,
    copy,
    copy_loss,
    lambda T: SYMBOLS * math.log(LETTERS) / (T + 2 * SYMBOLS),
    copy_probe,
)
TASKS = {task.name: task for task in (ADDING, COPY)}
