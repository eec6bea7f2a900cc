"""Where each row of a batch stands in time: packed rows, the padded (T, B, ·) of a trace, a cell's own time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from peephole.neural.layers.batch import Batch


@dataclass(frozen=True)
class Layout:
    """The steps of a batch of sequences.

    T: steps.  B: sequences.  batch_sizes: rows a step where lengths differ (then cells work on packed rows), else None.
    sorted_indices, unsorted_indices: from the caller's order of sequences to the packed one, and back; None for the same.
    Padded tensors are (T, B, ·) in the caller's order, zero at padding.
    """

    T: int
    B: int
    batch_sizes: Tensor | None = None
    sorted_indices: Tensor | None = None
    unsorted_indices: Tensor | None = None

    @classmethod
    def of(cls, batch: Batch) -> Layout:
        """The layout of a layer's checked input."""
        if batch.batch_sizes is None:
            return cls(batch.x.shape[0], batch.B)
        T = batch.steps or len(batch.batch_sizes)
        return cls(T, batch.B, batch.batch_sizes, batch.sorted_indices, batch.unsorted_indices)

    @property
    def ragged(self) -> bool:
        """Whether cells work on packed rows."""
        return self.batch_sizes is not None

    @cached_property
    def sizes(self) -> list[int] | None:
        """Rows at each step, if packed."""
        return None if self.batch_sizes is None else [int(size) for size in self.batch_sizes.tolist()]

    @cached_property
    def lengths(self) -> Tensor:
        """Steps of each sequence, (B), on the CPU."""
        if self.batch_sizes is None:
            return torch.full((self.B,), self.T)
        found = (self.batch_sizes.unsqueeze(1) > torch.arange(self.B)).sum(0)
        return found if self.unsorted_indices is None else found[self.unsorted_indices.cpu()]

    @cached_property
    def mask(self) -> Tensor:
        """Which steps of which sequences there are, (T, B), on the CPU."""
        return torch.arange(self.T).unsqueeze(1) < self.lengths

    @cached_property
    def _turning(self) -> Tensor:
        """The step to read at each step for every sequence to run backwards, (T, B); its own inverse."""
        steps = torch.arange(self.T).unsqueeze(1)
        return torch.where(self.mask, self.lengths - 1 - steps, steps)

    def padded(self, rows: Tensor) -> Tensor:
        """A cell's rows as (T, B, ·)."""
        if self.batch_sizes is None:
            return rows.reshape(self.T, self.B, rows.shape[-1])
        packed = PackedSequence(rows, self.batch_sizes, self.sorted_indices, self.unsorted_indices)
        return pad_packed_sequence(packed, total_length=self.T)[0]

    def rows(self, padded: Tensor) -> Tensor:
        """A padded tensor in the form that a cell takes: (T, B, ·), or packed rows (N, ·)."""
        if not self.ragged:
            return padded
        mask, in_order = self.mask, self.sorted_indices
        if in_order is not None:
            padded, mask = padded.index_select(1, in_order), mask[:, in_order.cpu()]
        return padded[mask.to(padded.device)]

    def turned(self, over_time: Tensor) -> Tensor:
        """Every sequence running backwards, from its own last step.  over_time: (T, B, ·) or (T, R, B, ·)."""
        if not self.ragged:
            return over_time.flip(0)
        turning = self._turning.to(over_time.device)
        sequences = torch.arange(self.B, device=over_time.device)
        return over_time.movedim(-2, 1)[turning, sequences].movedim(1, -2)

    def masked(self, padded: Tensor) -> Tensor:
        """A padded tensor with zero at padding."""
        return padded * self.mask.unsqueeze(-1).to(padded) if self.ragged else padded

    def at_end(self, final: Tensor) -> Tensor:
        """Zeros over time (T, B, ·) with `final` (B, ·) at each sequence's own last step."""
        over_time = final.new_zeros(self.T, *final.shape)
        over_time[self.lengths - 1, torch.arange(self.B)] = final
        return over_time

    def in_order(self, state: Tensor) -> Tensor:
        """A state (B, ·) in the order of the packed rows."""
        return state if self.sorted_indices is None else state.index_select(0, self.sorted_indices)

    def restored(self, state: Tensor) -> Tensor:
        """A state (B, ·) in the caller's order."""
        return state if self.unsorted_indices is None else state.index_select(0, self.unsorted_indices)
