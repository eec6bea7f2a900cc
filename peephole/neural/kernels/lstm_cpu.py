"""LSTM on the CPU, every variant but FGR: the compiled time loop and the big matrix products around it.

The products that need no recurrence (x Wᵀ before, δx and the weights' gradients after) are torch's, a chunk of steps at a time, so that
what they write is still in the cache when the loop reads it, and the δ of the bars never exist for the whole sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from peephole.neural.cells.variants import VARIANTS as KINDS
from peephole.neural.kernels import _blas, _lstm_loops, _parallel
from peephole.neural.kernels._plan import (
    Chunk,
    Plan,
    address_before,
    address_of_row_zero,
    state_or_zeros,
    take,
)

VARIANTS = frozenset(name for name, kind in KINDS.items() if not kind.gate_recurrence)

INFERENCE_ROWS, FORWARD_ROWS, BACKWARD_ROWS = 256, 512, 1024  # rows of a chunk, at least


class Saved(NamedTuple):
    """What the backward pass needs: (G + 1) H numbers a token besides x and y, which exist anyway."""

    variant: str
    plan: Plan
    x: Tensor  # as given
    W: Tensor
    R: Tensor
    p: Tensor | None
    b: Tensor | None
    y0: Tensor | None
    c0: Tensor | None
    y: Tensor  # (N, H)
    c: Tensor  # (N, H)
    activations: Tensor  # (N, G*H)


class Gradients(NamedTuple):
    """∂J/∂ of every tensor that `forward` takes, in its shapes; None where that was None."""

    x: Tensor | None
    W: Tensor
    R: Tensor
    p: Tensor | None
    b: Tensor | None
    y0: Tensor | None
    c0: Tensor | None


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
    plan = Plan.of(x, batch_sizes)
    H = R.shape[1]
    flat = x.reshape(plan.count, -1)
    y, cT = x.new_empty(plan.count, H), x.new_empty(plan.batch, H)
    chunks = plan.chunks(_rows(FORWARD_ROWS if save else INFERENCE_ROWS))
    kept = plan.count if save else max(chunk.size for chunk in chunks)
    activations, c = x.new_empty(kept, R.shape[0]), x.new_empty(kept if save else 2 * kept, H)
    y_start, c_start = state_or_zeros(y0, x, plan.batch, H), state_or_zeros(c0, x, plan.batch, H)
    call = _Call(_lstm_loops.FORWARD, "forward", variant, plan, x, H, p)
    weight = R.t().contiguous()
    call.set(weight=weight.data_ptr(), y=y.data_ptr(), y_before=y_start.data_ptr() if y0 is not None else 0)
    call.set(c_before=c_start.data_ptr())
    for number, chunk in enumerate(chunks):
        bars = activations[chunk.rows if save else slice(chunk.size)]
        cells = c[chunk.rows] if save else c[number % 2 * kept :][: chunk.size]  # the last chunk's are still needed
        _input_product(bars, flat[chunk.rows], W, b)
        if chunk.first > 0:
            call.set(y_before=address_before(y, chunk, plan))
        if not _blas.bind():
            before = y_start if chunk.first == 0 else y[int(plan.offsets[chunk.first - 1]) :]
            bars.addmm_(before[: chunk.size], weight)
        call.set(activations=address_of_row_zero(bars, chunk), c=address_of_row_zero(cells, chunk))
        call.run(chunk)
        call.set(c_before=cells.data_ptr() + (cells.shape[0] - plan.sizes[chunk.last - 1]) * H * c.element_size())
        if plan.sizes[chunk.first] > (plan.sizes[chunk.last] if chunk.last < len(plan.sizes) else 0):
            who, rows = plan.finishing(chunk)
            cT[who] = cells.index_select(0, rows - chunk.start)
    yT = y.index_select(0, plan.finishing(Chunk(0, len(plan.sizes), 0, plan.count))[1])
    saved = Saved(variant, plan, x, W, R, p, b, y0, c0, y.detach(), c, activations) if save else None
    return y.view(*plan.shape, H), yT, cT, saved


def backward(
    saved: Saved, dy: Tensor | None, dyT: Tensor | None, dcT: Tensor | None, *, needs_dx: bool = True
) -> Gradients:
    """All steps backward.

    dy: ∂J/∂y from outside, shaped like y.  dyT, dcT: ∂J/∂ of the final states (B, H).  None stands for zeros.
    """
    plan, x, W, R, p, y = saved.plan, saved.x, saved.W, saved.R, saved.p, saved.y
    H = R.shape[1]
    flat = x.reshape(plan.count, -1)
    outside = y.new_zeros(1).expand(plan.count, H) if dy is None else dy.reshape(plan.count, H)
    recurrent, dc = (torch.zeros_like(y[: plan.batch]) if d is None else d.clone(memory_format=torch.contiguous_format) for d in (dyT, dcT))
    chunks = plan.chunks(_rows(BACKWARD_ROWS))
    errors = y.new_empty(max(chunk.size for chunk in chunks), R.shape[0])
    dx = torch.empty_like(flat) if needs_dx else None
    dW, dR = torch.empty_like(W, memory_format=torch.contiguous_format), torch.zeros_like(R, memory_format=torch.contiguous_format)
    c_start, weight = state_or_zeros(saved.c0, y, plan.batch, H), R.contiguous()
    call = _Call(_lstm_loops.BACKWARD, "backward", saved.variant, plan, y, H, p)
    db, dp = y.new_zeros(call.threads, 4, H), y.new_zeros(call.threads, 4, H)
    call.set(weight=weight.data_ptr(), recurrent=recurrent.data_ptr(), dc=dc.data_ptr(), db=db.data_ptr(), dp=dp.data_ptr())
    call.set(activations=saved.activations.data_ptr(), c=saved.c.data_ptr(), needs_dy_before=saved.y0 is not None)
    for chunk in reversed(chunks):
        bars = errors[: chunk.size]
        loss = outside[chunk.rows].contiguous()
        call.set(dy=address_of_row_zero(loss, chunk), errors=address_of_row_zero(bars, chunk))
        call.set(c_before=c_start.data_ptr() if chunk.first == 0 else address_before(saved.c, chunk, plan))
        call.run(chunk)
        if not _blas.bind():
            torch.mm(bars, weight, out=recurrent[: chunk.size])
        if dx is not None:
            torch.mm(bars, W, out=dx[chunk.rows])
        dW.addmm_(bars.t(), flat[chunk.rows], beta=0 if chunk is chunks[-1] else 1)
        _add_recurrent_gradient(dR, bars, saved, chunk)
    return Gradients(
        None if dx is None else dx.view(x.shape),
        dW,
        dR,
        None if p is None else dp.sum(0)[: p.shape[0]],
        None if saved.b is None else db.sum(0)[: R.shape[0] // H].reshape(-1),
        None if saved.y0 is None else recurrent,
        None if saved.c0 is None else dc,
    )


class _Call:
    """A record of arguments for a compiled loop, with what holds for the whole sequence filled in."""

    def __init__(
        self, kind: "np.dtype[np.void]", direction: str, variant: str, plan: Plan, like: Tensor, H: int, p: Tensor | None
    ) -> None:
        bounds = np.array(_parallel.blocks(plan.sizes), np.int64)
        self.threads = len(bounds) - 1
        self.scratch = like.new_empty(self.threads, _lstm_loops.SCRATCH_ROWS, H)
        self.scratch[:, _lstm_loops.ONES] = 1
        self.peepholes = None if p is None else p.contiguous()
        self.kept = bounds, plan  # the record holds their addresses
        self.address = _lstm_loops.address(direction, str(like.dtype).removeprefix("torch."))
        self.record = np.zeros(1, kind)
        has = KINDS[variant]
        self.set(units=H, gates=len(has.blocks), offsets=plan.offsets.ctypes.data, multiplies=_blas.bind())
        self.set(bounds=bounds.ctypes.data, blocks=self.threads, scratch=self.scratch.data_ptr())
        self.set(coupled=has.coupled, squash_input=has.input_activation, squash_output=has.output_activation)
        self.set(p=0 if self.peepholes is None else self.peepholes.data_ptr())
        for name in ("in", "for", "out"):
            self.record[0][f"at_{name}"] = has.blocks.index(name) if name in has.blocks else -1
            self.record[0][f"p_{name}"] = has.peepholes.index(name) if name in has.peepholes and p is not None else -1

    def set(self, **values: int) -> None:
        """Fill in fields by name."""
        for name, value in values.items():
            self.record[0][name] = value

    def run(self, chunk: Chunk) -> None:
        """Do the steps of a chunk."""
        self.set(first=chunk.first, last=chunk.last)
        _parallel.run(self.address, self.record, self.threads)


def _rows(wanted: int) -> int:
    """Rows of a chunk; where the loop cannot multiply on its own, a chunk is one step."""
    return wanted if _blas.bind() else 1


def _input_product(bars: Tensor, x: Tensor, W: Tensor, b: Tensor | None) -> None:
    """bars (n, G*H) <- x Wᵀ + b for the rows x (n, I)."""
    if b is None:
        torch.mm(x, W.t(), out=bars)
    else:
        torch.addmm(b, x, W.t(), out=bars)


def _add_recurrent_gradient(dR: Tensor, bars: Tensor, saved: Saved, chunk: Chunk) -> None:
    """∂J/∂R★ += Σ δ★̄(t) y(t-1)ᵀ over the steps of a chunk; bars (n, G*H)."""
    first_rows = saved.plan.batch if chunk.first == 0 else 0
    if first_rows and saved.y0 is not None:
        dR.addmm_(bars[:first_rows].t(), saved.y0)
    if chunk.size > first_rows:
        dR.addmm_(bars[first_rows:].t(), take(saved.y, saved.plan.rows_before(chunk)))
