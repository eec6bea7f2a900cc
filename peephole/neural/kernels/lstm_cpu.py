"""LSTM on the CPU, every variant but FGR: the compiled time loop and the big matrix products around it.

The products that need no recurrence (x Wᵀ before, δx and the weights' gradients after) are torch's, a chunk of steps at a
time, so that what they write is still in the cache when the loop reads it, and the δ of the bars never exist for the whole
sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from peephole.neural.cells.variants import GATES
from peephole.neural.cells.variants import VARIANTS as KINDS
from peephole.neural.kernels import _lstm_loops, _parallel
from peephole.neural.kernels._gradients import add_gradient, add_recurrent_gradient
from peephole.neural.kernels._memory import Arguments
from peephole.neural.kernels._plan import Chunk, Plan, carried, over_time, state_or_zeros
from peephole.neural.kernels._product import pack
from peephole.neural.kernels._types import Gradients, Saved

VARIANTS = frozenset(name for name, kind in KINDS.items() if not kind.gate_recurrence)

# Numbers of a chunk's bars: few enough for the second-level cache, forward; backward enough for long products.
INFERENCE_CHUNK, FORWARD_CHUNK, BACKWARD_CHUNK = 1 << 17, 1 << 17, 1 << 18
MOST_ROWS, LEAST_ROWS, LEAST_ROWS_BACKWARD = 1024, 64, 512


def forward(
    variant: str,
    x: Tensor,
    W: Tensor,
    R: Tensor,
    p: Tensor | None,
    b: Tensor | None,
    y0: Tensor | None,
    c0: Tensor | None,
    batch_sizes: Sequence[int] | None = None,
    *,
    save: bool = False,
) -> tuple[Tensor, Tensor, Tensor, Saved | None]:
    """All steps forward; see `peephole.neural.kernels` for the arguments.

    Returned: y (T, B, H) or (N, H), y(T) (B, H), c(T) (B, H), and what `backward` needs (None unless `save`).
    """
    plan, H = Plan.of(x, batch_sizes), R.shape[1]
    flat = x.reshape(plan.count, -1).contiguous()
    chunks = plan.chunks(_rows(FORWARD_CHUNK if save else INFERENCE_CHUNK, R.shape[0], LEAST_ROWS))
    y, cT = x.new_empty(plan.count, H), x.new_empty(plan.batch, H)
    kept = plan.count if save else max(chunk.size for chunk in chunks)
    activations, c = x.new_empty(kept, R.shape[0]), x.new_empty(kept if save else 2 * kept, H)
    loop = _Loop(_lstm_loops.FORWARD, "forward", variant, plan, x, H, p)
    y_start = None if y0 is None else y0.contiguous()
    c_start, bias = state_or_zeros(c0, x, plan.batch, H), None if b is None else b.contiguous()
    weight, weight_x = pack(R.t()), pack(W.t())
    block, row = loop.block, H * x.element_size()
    block.features, block.x, block.b, block.y = flat.shape[1], flat.data_ptr(), _address(bias), y.data_ptr()
    block.weight, block.weight_x = weight.data_ptr(), weight_x.data_ptr()
    block.y_before, block.c_before = _address(y_start), c_start.data_ptr()
    for number, chunk in enumerate(chunks):
        bars = activations[chunk.rows] if save else activations[: chunk.size]
        cells = c[chunk.rows] if save else c[number % 2 * kept :][: chunk.size]  # the last chunk's are needed still
        if chunk.first > 0:
            block.y_before = block.y + chunk.before * row
        block.activations = bars.data_ptr() - chunk.start * R.shape[0] * x.element_size()
        block.c = cells.data_ptr() - chunk.start * row
        loop.run(chunk)
        block.c_before = block.c + chunk.last_start * row
        plan.finish(cT, cells, chunk)
    # `y` goes to the caller; a detached twin is kept, so that no cycle of references leads through autograd's node
    saved = Saved(variant, plan, x, W, R, p, b, y0, c0, y.detach(), c, activations) if save else None
    return y.view(*x.shape[:-1], H), plan.final_states(y), cT, saved


def backward(
    saved: Saved, dy: Tensor | None, dyT: Tensor | None, dcT: Tensor | None, *, needs_dx: bool = True
) -> Gradients:
    """All steps backward.

    dy: ∂J/∂y from outside, shaped like y.  dyT, dcT: ∂J/∂ of the final states (B, H).  None stands for zeros.
    """
    plan, x, W, R, p, y = saved.plan, saved.x, saved.W, saved.R, saved.p, saved.y
    H = R.shape[1]
    flat = x.reshape(plan.count, -1).contiguous()
    outside = over_time(dy, y, plan.count, H)
    recurrent, dc = carried(dyT, y, plan.batch, H), carried(dcT, y, plan.batch, H)
    chunks = plan.chunks(_rows(BACKWARD_CHUNK, R.shape[0], LEAST_ROWS_BACKWARD))
    errors = y.new_empty(max(chunk.size for chunk in chunks), R.shape[0])
    dx = y.new_empty(flat.shape) if needs_dx else None
    dW, dR = y.new_empty(W.shape), y.new_empty(R.shape)
    loop = _Loop(_lstm_loops.BACKWARD, "backward", saved.variant, plan, y, H, p)
    c_start, sums = state_or_zeros(saved.c0, y, plan.batch, H), y.new_zeros(2, loop.threads, 4, H)
    weight, weight_x = pack(R), pack(W) if needs_dx else None
    block, row = loop.block, H * y.element_size()
    block.weight, block.recurrent, block.dc = weight.data_ptr(), recurrent.data_ptr(), dc.data_ptr()
    block.features, block.weight_x, block.dx = flat.shape[1], _address(weight_x), _address(dx)
    block.db, block.dp, block.needs_dy_before = sums.data_ptr(), sums[1].data_ptr(), saved.y0 is not None
    block.activations, block.c = saved.activations.data_ptr(), saved.c.data_ptr()
    for chunk in reversed(chunks):
        bars, loss = errors[: chunk.size], outside[chunk.rows].contiguous()
        block.dy = loss.data_ptr() - chunk.start * row
        block.errors = bars.data_ptr() - chunk.start * R.shape[0] * y.element_size()
        block.c_before = block.c + chunk.before * row if chunk.first > 0 else c_start.data_ptr()
        loop.run(chunk)
        so_far = 0 if chunk is chunks[-1] else 1
        add_gradient(dW, so_far, bars, flat[chunk.rows])
        add_recurrent_gradient(dR, so_far, bars, plan, chunk, y, saved.y0)
    db, dp = sums.sum(1) if loop.threads > 1 else sums[:, 0]
    return Gradients(
        None if dx is None else dx.view(x.shape),
        dW,
        dR,
        None if p is None else dp[: p.shape[0]],
        None if saved.b is None else db[: R.shape[0] // H].reshape(-1),
        None if saved.y0 is None else recurrent,
        None if saved.c0 is None else dc,
    )


class _Loop:
    """A compiled loop and its block of arguments, with what holds for the whole sequence filled in."""

    def __init__(
        self, arguments: Arguments, direction: str, variant: str, plan: Plan, like: Tensor, H: int, p: Tensor | None
    ) -> None:
        bounds = plan.bounds(torch.get_num_threads())
        self.threads = len(bounds) - 1
        scratch = like.new_empty(self.threads, _lstm_loops.SCRATCH_ROWS, H)
        p = None if p is None else p.contiguous()
        self.address = _lstm_loops.address(direction, like.dtype == torch.float32)
        self.block = block = arguments.block.from_buffer_copy(_template(arguments, variant))
        block.units, block.offsets, block.bounds = H, plan.address, bounds.ctypes.data
        block.blocks, block.scratch, block.p = self.threads, scratch.data_ptr(), _address(p)
        self.kept = bounds, plan, scratch, p  # the block holds their addresses

    def run(self, chunk: Chunk) -> None:
        """Do the steps of a chunk."""
        self.block.first, self.block.last = chunk.first, chunk.last
        _parallel.run(self.address, self.block, self.threads)


@cache
def _template(arguments: Arguments, variant: str) -> bytes:
    """A block that says what a variant has, as the compiled loops ask for it."""
    has = KINDS[variant]
    gates = {f"at_{name}": has.blocks.index(name) if name in has.blocks else -1 for name in GATES}
    peepholes = {f"p_{name}": has.peepholes.index(name) if name in has.peepholes else -1 for name in GATES}
    squashes = {"squash_input": has.input_activation, "squash_output": has.output_activation}
    return bytes(arguments.block(gates=len(has.blocks), coupled=has.coupled, **gates, **peepholes, **squashes))


def _rows(numbers: int, width: int, least: int) -> int:
    """At least so many rows make a chunk."""
    return max(least, min(MOST_ROWS, numbers // width))


def _address(tensor: Tensor | None) -> int:
    return 0 if tensor is None else int(tensor.data_ptr())
