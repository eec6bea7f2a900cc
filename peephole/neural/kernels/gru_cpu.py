"""The GRU on the CPU: the compiled time loop and the big matrix products around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from peephole.neural.kernels import _single
from peephole.neural.kernels._gradients import add_gradient, add_recurrent_gradient
from peephole.neural.kernels._plan import Plan, carried, over_time, state_or_zeros
from peephole.neural.kernels._product import pack

VARIANTS = frozenset({""})


class Saved(NamedTuple):
    """What the backward pass needs. gates: r, u, n (N, 3H); m, h: (N, H)."""

    plan: Plan
    x: Tensor
    W: Tensor
    R: Tensor
    b: Tensor | None
    h0: Tensor | None
    gates: Tensor
    m: Tensor
    h: Tensor


class Gradients(NamedTuple):
    """∂J/∂ of every tensor that `forward` takes, in its shapes."""

    x: Tensor | None
    W: Tensor
    R: Tensor
    b: Tensor | None
    h0: Tensor | None


def forward(
    x: Tensor,
    W: Tensor,
    R: Tensor,
    b: Tensor | None,
    h0: Tensor | None,
    batch_sizes: Sequence[int] | None = None,
    *,
    save: bool = False,
) -> tuple[Tensor, Tensor, Saved | None]:
    """All steps forward: h (T, B, H) or (N, H), h(T) (B, H), and what `backward` needs."""
    plan, H = Plan.of(x, batch_sizes), R.shape[1]
    flat, start = x.reshape(plan.count, -1), state_or_zeros(h0, x, plan.batch, H)
    chunks = _single.chunks(plan, 3 * H, backward=False)
    kept = plan.count if save else max(chunk.size for chunk in chunks)
    gates, m = x.new_empty(kept, 3 * H), x.new_empty(kept, H)
    h, weight, recurrent = x.new_empty(plan.count, H), pack(R.t()), x.new_empty(plan.batch, 3 * H)
    of_x, of_m = (None, x.new_zeros(H)) if b is None else (b[: 3 * H], b[3 * H :].contiguous())
    loop = _single.Loop("GRU forward", plan, x, H)
    block, row = loop.block, H * x.element_size()
    block.weight, block.h, block.recurrent, block.bias = (
        weight.data_ptr(),
        h.data_ptr(),
        recurrent.data_ptr(),
        of_m.data_ptr(),
    )
    for chunk in chunks:
        rows = chunk.rows if save else slice(chunk.size)
        if of_x is None:
            torch.mm(flat[chunk.rows], W.t(), out=gates[rows])
        else:
            torch.addmm(of_x, flat[chunk.rows], W.t(), out=gates[rows])
        block.h_before = start.data_ptr() if chunk.first == 0 else block.h + chunk.before * row
        block.bars, block.m = _single.at_row_zero(gates[rows], chunk), _single.at_row_zero(m[rows], chunk)
        loop.run(chunk)
    saved = Saved(plan, x, W, R, b, h0, gates, m, h.detach()) if save else None
    return h.view(*x.shape[:-1], H), plan.final_states(h), saved


def backward(saved: Saved, dh: Tensor | None, dh_T: Tensor | None, *, needs_dx: bool = True) -> Gradients:
    """All steps backward, from ∂J/∂h (shaped like h) and ∂J/∂ of the final state (B, H); None for zeros."""
    plan, x, W, R, b, h0, gates, m, h = saved
    H, flat, outside = R.shape[1], x.reshape(plan.count, -1).contiguous(), over_time(dh, h, plan.count, R.shape[1])
    recurrent, weight = carried(dh_T, h, plan.batch, H), pack(R)
    start = state_or_zeros(h0, h, plan.batch, H)
    chunks = _single.chunks(plan, 3 * H, backward=True)
    errors, seen = h.new_empty(2, max(chunk.size for chunk in chunks), 3 * H)
    dx = torch.empty_like(flat) if needs_dx else None
    dW, dR, db = h.new_empty(W.shape), h.new_empty(R.shape), h.new_zeros(4 * H)
    loop = _single.Loop("GRU backward", plan, h, H)
    block, row = loop.block, H * h.element_size()
    block.weight, block.h, block.recurrent = weight.data_ptr(), h.data_ptr(), recurrent.data_ptr()
    block.bars, block.m = gates.data_ptr(), m.data_ptr()
    for chunk in reversed(chunks):
        bars, through, loss = errors[: chunk.size], seen[: chunk.size], outside[chunk.rows].contiguous()
        so_far = int(chunk is not chunks[-1])
        block.loss, block.errors = _single.at_row_zero(loss, chunk), _single.at_row_zero(bars, chunk)
        block.seen = _single.at_row_zero(through, chunk)
        block.h_before = start.data_ptr() if chunk.first == 0 else block.h + chunk.before * row
        loop.run(chunk)
        if dx is not None:
            torch.mm(bars, W, out=dx[chunk.rows])
        add_gradient(dW, so_far, bars, flat[chunk.rows])
        db[: 3 * H] += bars.sum(0)
        db[3 * H :] += through[:, 2 * H :].sum(0)
        add_recurrent_gradient(dR, so_far, through, plan, chunk, h, h0)
    found = None if dx is None else dx.view(x.shape)
    return Gradients(found, dW, dR, None if b is None else db, None if h0 is None else recurrent)
