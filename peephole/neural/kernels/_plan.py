"""Which rows belong to which step, and the cutting of a sequence into chunks of steps: shared by every kernel on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from peephole.neural.kernels import _parallel


class Chunk(NamedTuple):
    """The steps from `first` to before `last`; their rows from `start` to before `end`, and those of the step before `first`."""

    first: int
    last: int
    start: int
    end: int
    before: int  # the first row of step first - 1 (0 for step 0)
    last_start: int  # the first row of step last - 1

    @property
    def rows(self) -> slice:
        """As a slice of the whole's rows."""
        return slice(self.start, self.end)

    @property
    def size(self) -> int:
        """How many rows."""
        return self.end - self.start


@dataclass(frozen=True, eq=False)
class Plan:
    """The rows of a batch of sequences, time-major; a padded batch is the case in which every step has B rows.

    sizes: rows of each step, never growing.  offsets: (T + 1,) the first row of each step, and N.
    """

    sizes: tuple[int, ...]
    offsets: NDArray[np.int64]
    _chunks: dict[int, list[Chunk]] = field(default_factory=dict)
    _bounds: dict[int, NDArray[np.int64]] = field(default_factory=dict)

    @staticmethod
    def of(x: Tensor, batch_sizes: Sequence[int] | None) -> Plan:
        """The plan for x: (T, B, I), or packed rows (N, I) with their batch sizes."""
        if batch_sizes is None:
            return _plan((x.shape[1],) * x.shape[0])
        return _plan(tuple(map(int, batch_sizes)))

    @property
    def batch(self) -> int:
        """How many sequences there are."""
        return self.sizes[0]

    @cached_property
    def count(self) -> int:
        """How many rows there are in all."""
        return int(self.offsets[-1])

    @cached_property
    def address(self) -> int:
        """Where the offsets lie."""
        return int(self.offsets.ctypes.data)

    @property
    def even(self) -> bool:
        """Whether all sequences are equally long."""
        return self.sizes[0] == self.sizes[-1]

    def chunks(self, rows: int) -> list[Chunk]:
        """Runs of consecutive steps with at least `rows` rows each, the last one apart."""
        if rows not in self._chunks:
            self._chunks[rows] = self._cut(rows)
        return self._chunks[rows]

    def _cut(self, rows: int) -> list[Chunk]:
        offsets, found, first = self.offsets.tolist(), [], 0
        for t in range(1, len(self.sizes) + 1):
            if offsets[t] - offsets[first] >= rows or t == len(self.sizes):
                found.append(Chunk(first, t, offsets[first], offsets[t], offsets[max(first, 1) - 1], offsets[t - 1]))
                first = t
        return found

    def bounds(self, threads: int) -> NDArray[np.int64]:
        """Boundaries of the threads' blocks of rows of a step."""
        if threads not in self._bounds:
            self._bounds[threads] = np.array(_parallel.blocks(self.sizes, threads), np.int64)
        return self._bounds[threads]

    @cached_property
    def last_rows(self) -> Tensor:
        """The row of each sequence's last step, (B,)."""
        number = np.arange(self.batch)
        last_step = (
            np.searchsorted(-np.asarray(self.sizes), -number, side="left") - 1
        )  # the last t with sizes[t] > number
        return torch.from_numpy(self.offsets[last_step] + number)

    @cached_property
    def earlier_rows(self) -> Tensor:
        """For every row after step 0: the same sequence's row one step before, (N - B,)."""
        rows = np.arange(self.batch, self.count)
        return torch.from_numpy(rows - np.repeat(self.sizes[:-1], self.sizes[1:]))

    def final_states(self, values: Tensor) -> Tensor:
        """Every sequence's own last row of (N, ·), as a new tensor (B, ·)."""
        return values[self.count - self.batch :].clone() if self.even else values.index_select(0, self.last_rows)

    def finish(self, states: Tensor, values: Tensor, chunk: Chunk) -> None:
        """Copy the final states of the sequences that end in a chunk: from `values` (n, ·), the chunk's rows, to (B, ·)."""
        if self.even:
            if chunk.last == len(self.sizes):
                states.copy_(values[chunk.last_start - chunk.start :])
            return
        going_on = self.sizes[chunk.last] if chunk.last < len(self.sizes) else 0
        ending = self.sizes[chunk.first]
        if ending > going_on:
            states[going_on:ending] = values.index_select(0, self.last_rows[going_on:ending] - chunk.start)

    def before(self, values: Tensor, chunk: Chunk) -> Tensor:
        """Of (N, ·), the rows of one step before, for a chunk's rows except those of step 0."""
        if self.even:
            return values[chunk.before : chunk.last_start]
        return values.index_select(
            0, self.earlier_rows[max(chunk.start, self.batch) - self.batch : chunk.end - self.batch]
        )


@lru_cache(maxsize=32)
def _plan(sizes: tuple[int, ...]) -> Plan:
    return Plan(sizes, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))


def state_or_zeros(state: Tensor | None, like: Tensor, batch: int, units: int) -> Tensor:
    """A given state (B, H), dense in memory; zeros where there is none."""
    return like.new_zeros(batch, units) if state is None else state.contiguous()


def carried(error: Tensor | None, like: Tensor, batch: int, units: int) -> Tensor:
    """A copy of the error of a final state (B, H), to be carried backwards; zeros where there is none."""
    if error is None:
        return like.new_zeros(batch, units)
    return error.clone(memory_format=torch.contiguous_format)


def over_time(error: Tensor | None, like: Tensor, count: int, units: int) -> Tensor:
    """∂J/∂ of the outputs as rows (N, H); zeros, which take no memory, where there is none."""
    return like.new_zeros(1).expand(count, units) if error is None else error.reshape(count, units)
