"""Which rows belong to which step, and the cutting of a sequence into chunks of steps: shared by every kernel on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


class Plan(NamedTuple):
    """The rows of a batch of sequences, time-major; a padded batch is the case in which every step has B rows."""

    sizes: tuple[int, ...]  # rows of each step, never growing
    offsets: NDArray[np.int64]  # (T + 1,): the first row of each step, and N
    shape: tuple[int, ...]  # the leading shape of what has a value for each step: (T, B) or (N,)

    @classmethod
    def of(cls, x: Tensor, batch_sizes: Sequence[int] | None) -> Plan:
        """The plan for x: (T, B, I), or packed rows (N, I) with their batch sizes."""
        if batch_sizes is None:
            T, B = x.shape[:2]
            return cls((B,) * T, np.arange(T + 1, dtype=np.int64) * B, (T, B))
        sizes = tuple(int(size) for size in batch_sizes)
        return cls(sizes, np.fromiter(accumulate(sizes, initial=0), np.int64, len(sizes) + 1), (x.shape[0],))

    @property
    def batch(self) -> int:
        """How many sequences there are."""
        return self.sizes[0]

    @property
    def count(self) -> int:
        """How many rows there are in all."""
        return int(self.offsets[-1])

    @property
    def even(self) -> bool:
        """Whether all sequences are equally long."""
        return self.sizes[0] == self.sizes[-1]

    def chunks(self, rows: int) -> list[Chunk]:
        """Runs of consecutive steps with at least `rows` rows each, the last one apart."""
        found, first = [], 0
        for t in range(1, len(self.sizes) + 1):
            start, end = int(self.offsets[first]), int(self.offsets[t])
            if end - start >= rows or t == len(self.sizes):
                found.append(Chunk(first, t, start, end))
                first = t
        return found

    def finishing(self, chunk: Chunk) -> tuple[slice, Tensor]:
        """The sequences whose last step lies in a chunk, and their rows there, counted from the whole's first."""
        going_on = self.sizes[chunk.last] if chunk.last < len(self.sizes) else 0
        who = slice(going_on, self.sizes[chunk.first])
        sizes = np.asarray(self.sizes)
        number = np.arange(who.start, who.stop)
        last_step = np.searchsorted(-sizes, -number, side="left") - 1  # the last t with sizes[t] > number
        return who, torch.from_numpy(self.offsets[last_step] + number)

    def rows_before(self, chunk: Chunk) -> slice | Tensor:
        """The rows of the step before, for a chunk's rows except those of step 0."""
        first = max(chunk.first, 1)
        if self.even:
            return slice(int(self.offsets[first - 1]), int(self.offsets[chunk.last - 1]))
        steps = range(first, chunk.last)
        rows = [np.arange(self.offsets[t - 1], self.offsets[t - 1] + self.sizes[t]) for t in steps]
        return torch.from_numpy(np.concatenate(rows)) if rows else slice(0, 0)


class Chunk(NamedTuple):
    """The steps from `first` to before `last`; their rows from `start` to before `end`."""

    first: int
    last: int
    start: int
    end: int

    @property
    def rows(self) -> slice:
        """As a slice of the whole's rows."""
        return slice(self.start, self.end)

    @property
    def size(self) -> int:
        """How many rows."""
        return self.end - self.start


def take(values: Tensor, rows: slice | Tensor) -> Tensor:
    """Rows of (N, ·): a view for a slice, a copy for an index."""
    return values[rows] if isinstance(rows, slice) else values.index_select(0, rows)


def state_or_zeros(state: Tensor | None, like: Tensor, batch: int, units: int) -> Tensor:
    """A given state (B, H), dense in memory; zeros where there is none."""
    return like.new_zeros(batch, units) if state is None else state.contiguous()


def address_of_row_zero(chunk_values: Tensor, chunk: Chunk) -> int:
    """Where row 0 of the whole would be, for a tensor (n, ·) that holds a chunk's rows alone."""
    return chunk_values.data_ptr() - chunk.start * chunk_values.stride(0) * chunk_values.element_size()


def address_before(values: Tensor, chunk: Chunk, plan: Plan) -> int:
    """Where the rows of the step before a chunk begin, in (N, ·)."""
    return values.data_ptr() + int(plan.offsets[chunk.first - 1]) * values.stride(0) * values.element_size()
