"""The rows of a batch of sequences, step by step: padded and packed batches read alike.

Inside a cell every tensor over time is a block of N rows, one row a token, all rows of step t together. A padded batch
(T, B, ·) has B rows a step; a packed batch (N, ·) has `batch_sizes[t]` rows at step t, never growing, longest sequence
first. The state of all B sequences is a (B, ·) tensor: a sequence that has ended keeps its last row, so what is left
after the last step is every sequence's own final state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import torch
from torch import Tensor


@dataclass(frozen=True)
class Steps:
    """Which rows belong to which step.

    sizes: rows at each step.  shape: the leading shape that outputs over time get, (T, B) padded or (N,) packed.
    """

    sizes: tuple[int, ...]
    shape: tuple[int, ...]

    @classmethod
    def of(cls, x: Tensor, batch_sizes: Sequence[int] | None) -> Steps:
        """The steps of x: (T, B, I) with `batch_sizes` None, or packed (N, I) with its batch sizes."""
        if batch_sizes is None:
            return cls((x.shape[1],) * x.shape[0], (x.shape[0], x.shape[1]))
        return cls(tuple(int(size) for size in batch_sizes), (x.shape[0],))

    @property
    def rows(self) -> list[slice]:
        """The slice of rows of each step, first step first."""
        ends = list(accumulate(self.sizes))
        return [slice(end - size, end) for end, size in zip(ends, self.sizes, strict=True)]

    def forward(self) -> Iterator[tuple[slice, int]]:
        """(rows, how many) of each step in time order."""
        return zip(self.rows, self.sizes, strict=True)

    def backward(self) -> Iterator[tuple[slice, int]]:
        """(rows, how many) of each step, last step first."""
        return zip(reversed(self.rows), reversed(self.sizes), strict=True)

    def flat(self, over_time: Tensor) -> Tensor:
        """(T, B, ·) or (N, ·) as (N, ·)."""
        return over_time.reshape(-1, over_time.shape[-1])

    def unflat(self, rows: Tensor) -> Tensor:
        """(N, ·) in the shape that the caller's input had over time."""
        return rows.reshape(*self.shape, rows.shape[-1])

    def before(self, over_time: Tensor, start: Tensor) -> Tensor:
        """The value one step earlier for every row: (N, ·) of `over_time` (N, ·), with `start` (B, ·) before step 0."""
        if len(set(self.sizes)) == 1:
            return torch.cat([start, over_time[: -self.sizes[0]]])
        both = torch.cat([start, over_time])
        first_row = [0, *(len(start) + rows.start for rows in self.rows[:-1])]
        index = [torch.arange(row, row + size) for row, size in zip(first_row, self.sizes, strict=True)]
        return both[torch.cat(index).to(both.device)]


def renewed(state: Tensor, rows: Tensor) -> Tensor:
    """The state (B, ·) with its first rows replaced by `rows` (n, ·), n <= B: the sequences that are still running."""
    return rows if len(rows) == len(state) else torch.cat([rows, state[len(rows) :]])
