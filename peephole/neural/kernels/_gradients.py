"""The gradients of the weights: products summed over the rows of a chunk of steps."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from peephole.neural.kernels import _parallel
from peephole.neural.kernels._blocks import tile
from peephole.neural.kernels._denormals import denormals_flushed, denormals_restored
from peephole.neural.kernels._jit import entry, source_stamp, subroutine
from peephole.neural.kernels._memory import Arguments, record
from peephole.neural.kernels._parallel import thread_count, thread_number
from peephole.neural.kernels._plan import Chunk, Plan
from peephole.neural.kernels._product import ROOM, add_outer

# C (m, n) <- Aᵀ B + beta C; room: a panel for each thread
ARGUMENTS = Arguments("stamp", "m", "n", "k", "a", "b", "beta", "c", "room")
MOST_NUMBERS = 1 << 18  # of a gradient that is summed up here


@subroutine
def _gradient_share(a: Any, real: Any, rows: int, size: int) -> None:
    """The rows of C that fall to this thread."""
    strips, number, count = (a.m + rows - 1) // rows, thread_number(), thread_count()
    first, last = strips * number // count * rows, min(strips * (number + 1) // count * rows, a.m)
    if last > first:
        room, to = a.room + number * ROOM, a.c + first * a.n * size
        add_outer(real, last - first, a.n, a.k, a.a + first * size, a.m, a.b, a.beta, to, room)


@cache
def _address(single: bool) -> int:
    _parallel.bind()
    stamp, kind, real = source_stamp(), ARGUMENTS.kind, np.float32 if single else np.float64
    size, rows = 4 if single else 8, tile().rows

    def weight_gradient(pointer: Any) -> None:
        a = record(pointer, kind)
        a.stamp = stamp
        before = denormals_flushed()
        _gradient_share(a, real, rows, size)
        denormals_restored(before)

    return entry(weight_gradient, f"weight gradient {'float32' if single else 'float64'}")


def add_gradient(gradient: Tensor, so_far: int, bars: Tensor, seen: Tensor) -> None:
    """gradient (m, n) <- so_far * gradient + barsᵀ @ seen; bars (k, m) and seen (k, n), all dense.

    so_far: 0 or 1.  Large ones are left to torch, whose products reuse what lies in the caches better.
    """
    (k, m), n = bars.shape, seen.shape[1]
    if m * n > MOST_NUMBERS or not k:
        gradient.addmm_(bars.t(), seen, beta=so_far)
        return
    threads = _parallel.threads_for(k * m)
    room = bars.new_empty(threads * ROOM // bars.element_size())
    block = ARGUMENTS.block(
        m=m,
        n=n,
        k=k,
        a=bars.data_ptr(),
        b=seen.data_ptr(),
        beta=so_far,
        c=gradient.data_ptr(),
        room=room.data_ptr(),
    )
    _parallel.run(_address(bars.dtype == torch.float32), block, threads)


def add_recurrent_gradient(
    gradient: Tensor, so_far: int, bars: Tensor, plan: Plan, chunk: Chunk, y: Tensor, y0: Tensor | None
) -> None:
    """gradient <- so_far * gradient + Σ δ(t) y(t-1)ᵀ over the steps of a chunk; bars (n, G*H), y (N, H), y0 (B, H) or None."""
    first_rows = plan.batch if chunk.first == 0 else 0
    add_gradient(gradient, so_far, bars[first_rows:], plan.before(y, chunk))  # of no rows at all it is zero
    if first_rows and y0 is not None:
        add_gradient(gradient, 1, bars[:first_rows], y0.contiguous())
