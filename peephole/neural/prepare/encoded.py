"""Columns of a table as tensors, for any rows asked for: each form keeps no more than the table has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from peephole.neural.parts.flow import Flow
from peephole.neural.prepare.rows import Flags, Whole

Shown = Callable[[int], list[str]]


class Encoded(Protocol):
    """What an input or a target is for each row of a table."""

    @property
    def valid(self) -> Flags:
        """The rows that have it."""

    def batch(self, rows: Tensor) -> Flow:
        """These rows, in this order."""

    def shown(self, row: int) -> list[str]:
        """What stands at each step of a row, in words; of what has no steps, each feature's name."""


@dataclass(frozen=True)
class Fixed:
    """The same shape for every row.  x: (rows, ...).  scale: what a stored number is divided by (bytes of images)."""

    x: Tensor
    valid: Flags
    names: list[str]
    scale: float = 1.0

    def batch(self, rows: Tensor) -> Flow:
        """These rows."""
        found = self.x[rows]
        return Flow(found.float() / self.scale if found.dtype == torch.uint8 else found)

    def shown(self, row: int) -> list[str]:  # noqa: ARG002 - the same for every row
        """The columns."""
        return self.names


@dataclass(frozen=True)
class Arrangement:
    """Where the windows over ordered rows lie.

    place: each row's place in the order, (rows).  offsets: of the window's steps from there, (T), the last is 0.
    complete: the rows whose whole window lies in their own series.  labels: what to call a row as a step.
    longest: rows of the longest series.
    """

    place: Tensor
    offsets: Tensor
    complete: Flags
    labels: Callable[[int], str]
    longest: int

    def steps(self, rows: Tensor) -> Tensor:
        """The places of all steps, (B, T)."""
        return self.place[rows].unsqueeze(1) + self.offsets


@dataclass(frozen=True)
class Windows:
    """For each row the rows before it.  x: (rows in order, F) or (rows in order)."""

    x: Tensor
    at: Arrangement
    valid: Flags

    def batch(self, rows: Tensor) -> Flow:
        """The windows that end at these rows, (B, T, F)."""
        return Flow(self.x[self.at.steps(rows)])

    def shown(self, row: int) -> list[str]:
        """Each step's row."""
        return [self.at.labels(place) for place in self.at.steps(torch.tensor([row]))[0].tolist()]


@dataclass(frozen=True)
class Ragged:
    """A sequence of its own length for each row.  flat: all steps one after the other, (N, F) or codes (N)."""

    flat: Tensor
    starts: Whole
    lengths: Whole
    valid: Flags
    label: Callable[[int, int], str]

    def batch(self, rows: Tensor) -> Flow:
        """These rows, padded with zeros to the longest, (B, T, F) or (B, T)."""
        wanted = rows.numpy()
        lengths = torch.from_numpy(self.lengths[wanted])
        steps = torch.arange(int(lengths.max()) if len(lengths) else 0)
        there = steps < lengths.unsqueeze(1)
        at = torch.from_numpy(self.starts[wanted]).unsqueeze(1) + steps
        x = self.flat[torch.where(there, at, 0)]
        x = torch.where(there.unsqueeze(-1) if x.dim() == 3 else there, x, torch.zeros((), dtype=x.dtype))
        return Flow(x, None if bool(there.all()) else lengths)

    def shown(self, row: int) -> list[str]:
        """What stands at each step."""
        return [self.label(row, step) for step in range(int(self.lengths[row]))]


def starts_of(lengths: Whole) -> Whole:
    """Where each sequence begins in the flat steps."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)[:-1]]) if len(lengths) else np.zeros(0, np.int64)
