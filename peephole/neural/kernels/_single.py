"""What the simple network and the GRU on the CPU have in common around their compiled loops."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from peephole.neural.kernels import _parallel, _single_loops
from peephole.neural.kernels._plan import Chunk, Plan

CHUNK, MOST_ROWS, LEAST_ROWS, LEAST_ROWS_BACKWARD = 1 << 17, 1024, 64, 512


def chunks(plan: Plan, width: int, *, backward: bool) -> list[Chunk]:
    """Chunks of steps whose bars stay in the cache."""
    least = LEAST_ROWS_BACKWARD if backward else LEAST_ROWS
    return plan.chunks(max(least, min(MOST_ROWS, CHUNK // width)))


class Loop:
    """A compiled loop and its block of arguments."""

    def __init__(self, name: str, plan: Plan, like: Tensor, H: int) -> None:
        bounds = plan.bounds(torch.get_num_threads())
        self.threads = len(bounds) - 1
        scratch = like.new_empty(self.threads, H)
        self.address = _single_loops.address(name, like.dtype == torch.float32)
        self.block: Any = _single_loops.ARGUMENTS.block(
            units=H,
            offsets=plan.offsets.ctypes.data,
            bounds=bounds.ctypes.data,
            blocks=self.threads,
            scratch=scratch.data_ptr(),
        )
        self.kept = bounds, plan, scratch  # the block holds their addresses

    def run(self, chunk: Chunk) -> None:
        """Do the steps of a chunk."""
        self.block.first, self.block.last = chunk.first, chunk.last
        _parallel.run(self.address, self.block, self.threads)


def at_row_zero(values: Tensor, chunk: Chunk) -> int:
    """Where row 0 of the whole would be, for a tensor (n, ·) that holds a chunk's rows alone."""
    return values.data_ptr() - chunk.start * values.shape[1] * values.element_size()
