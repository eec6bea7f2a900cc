"""An input in any of the forms a recurrent layer takes, as the rows that a cell works on, and back again.

Forms: unbatched (T, I); padded (T, B, I) or (B, T, I); padded with `lengths`; PackedSequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

Lengths = Tensor | Sequence[int]


@dataclass(frozen=True)
class Batch:
    """Sequences as a cell reads them.

    x: (T, B, I), or packed rows (N, I).  batch_sizes: rows a step if packed, as a tensor.  B: number of sequences.
    sorted_indices, unsorted_indices: from the caller's order of sequences to the packed one, and back; or None.
    steps: T of the padded input that was packed because it came with lengths; None otherwise.
    """

    x: Tensor
    B: int
    batch_first: bool = False
    unbatched: bool = False
    batch_sizes: Tensor | None = None
    sorted_indices: Tensor | None = None
    unsorted_indices: Tensor | None = None
    steps: int | None = None

    @classmethod
    def unpacked(cls, x: Tensor, *, batch_first: bool) -> Batch:
        """From a tensor: (T, I), (T, B, I) or, batch first, (B, T, I)."""
        if x.dim() == 2:
            return cls(x.unsqueeze(1), 1, unbatched=True)
        rows = x.transpose(0, 1) if batch_first else x
        return cls(rows, rows.shape[1], batch_first)

    @classmethod
    def packed(cls, sequence: PackedSequence) -> Batch:
        """From a PackedSequence."""
        data, sizes, in_order, back = sequence
        return cls(data, int(sizes[0]), batch_sizes=sizes, sorted_indices=in_order, unsorted_indices=back)

    def with_lengths(self, lengths: Tensor) -> Batch:
        """Only the steps that each sequence has: padding takes no part.  lengths: (B), on the CPU."""
        T = self.x.shape[0]
        if bool((lengths == T).all()):
            return self
        packed = Batch.packed(pack_padded_sequence(self.x, lengths, enforce_sorted=False))
        return replace(packed, steps=T, batch_first=self.batch_first, unbatched=self.unbatched)

    @cached_property
    def sizes(self) -> list[int] | None:
        """Rows at each step, if packed."""
        return None if self.batch_sizes is None else [int(size) for size in self.batch_sizes.tolist()]

    @cached_property
    def _reversal(self) -> Tensor:
        """For each packed row the row that stands there when every sequence runs backwards; its own inverse."""
        sizes = torch.tensor(self.sizes)
        starts = torch.tensor([0, *accumulate(self.sizes or [])])
        step = torch.repeat_interleave(torch.arange(len(sizes)), sizes)
        sequence = torch.arange(len(step)) - starts[step]
        lengths = (sizes.unsqueeze(1) > torch.arange(self.B)).sum(0)
        return (starts[lengths[sequence] - 1 - step] + sequence).to(self.x.device)

    def reversed(self, over_time: Tensor) -> Tensor:
        """A tensor over time with each sequence running backwards, from its own last step to its first."""
        return over_time.flip(0) if self.batch_sizes is None else over_time[self._reversal]

    def sorted_state(self, state: Tensor) -> Tensor:
        """A state (·, B, H) in the order of the rows."""
        return state if self.sorted_indices is None else state.index_select(1, self.sorted_indices)

    def restored_state(self, state: Tensor) -> Tensor:
        """A state (·, B, H) in the caller's order and form: (·, H) for unbatched input."""
        if self.unsorted_indices is not None:
            state = state.index_select(1, self.unsorted_indices)
        return state.squeeze(1) if self.unbatched else state

    def restored(self, y: Tensor) -> Tensor | PackedSequence:
        """An output over time in the form that the input had; padding is zero."""
        if self.batch_sizes is not None:
            packed = PackedSequence(y, self.batch_sizes, self.sorted_indices, self.unsorted_indices)
            if self.steps is None:
                return packed
            y = pad_packed_sequence(packed, total_length=self.steps)[0]
        if self.unbatched:
            return y.squeeze(1)
        return y.transpose(0, 1) if self.batch_first else y
