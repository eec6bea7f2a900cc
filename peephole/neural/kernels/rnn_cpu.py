"""The simple network on the CPU: the compiled time loop and the big matrix products around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from peephole.neural.kernels import _single
from peephole.neural.kernels._gradients import add_gradient, add_recurrent_gradient
from peephole.neural.kernels._plan import Plan, carried, over_time, state_or_zeros
from peephole.neural.kernels._product import pack
from peephole.neural.kernels._single_rows import LOGISTIC, RELU, TANH

_KINDS = {"tanh": TANH, "relu": RELU, "logistic": LOGISTIC}
VARIANTS = frozenset(_KINDS)


class Saved(NamedTuple):
    """What the backward pass needs. h: (N, H)."""

    nonlinearity: str
    plan: Plan
    x: Tensor
    U: Tensor
    W: Tensor
    b: Tensor | None
    h0: Tensor | None
    h: Tensor


class Gradients(NamedTuple):
    """∂J/∂ of every tensor that `forward` takes, in its shapes."""

    x: Tensor | None
    U: Tensor
    W: Tensor
    b: Tensor | None
    h0: Tensor | None


def forward(
    nonlinearity: str,
    x: Tensor,
    U: Tensor,
    W: Tensor,
    b: Tensor | None,
    h0: Tensor | None,
    batch_sizes: Sequence[int] | None = None,
    *,
    save: bool = False,
) -> tuple[Tensor, Tensor, Saved | None]:
    """All steps forward: h (T, B, H) or (N, H), h(T) (B, H), and what `backward` needs."""
    plan, H = Plan.of(x, batch_sizes), W.shape[0]
    flat, start = x.reshape(plan.count, -1), state_or_zeros(h0, x, plan.batch, H)
    h, weight = x.new_empty(plan.count, H), pack(W.t())
    loop = _single.Loop("RNN forward", plan, x, H)
    block, row = loop.block, H * x.element_size()
    block.kind, block.weight, block.h = _KINDS[nonlinearity], weight.data_ptr(), h.data_ptr()
    for chunk in _single.chunks(plan, H, backward=False):
        bars = h[chunk.rows]
        if b is None:
            torch.mm(flat[chunk.rows], U.t(), out=bars)
        else:
            torch.addmm(b, flat[chunk.rows], U.t(), out=bars)
        block.h_before = start.data_ptr() if chunk.first == 0 else block.h + chunk.before * row
        loop.run(chunk)
    saved = Saved(nonlinearity, plan, x, U, W, b, h0, h.detach()) if save else None
    return h.view(*x.shape[:-1], H), plan.final_states(h), saved


def backward(saved: Saved, dh: Tensor | None, dh_T: Tensor | None, *, needs_dx: bool = True) -> Gradients:
    """All steps backward, from ∂J/∂h (shaped like h) and ∂J/∂ of the final state (B, H); None for zeros."""
    nonlinearity, plan, x, U, W, b, h0, h = saved
    H, flat, outside = W.shape[0], x.reshape(plan.count, -1).contiguous(), over_time(dh, h, plan.count, W.shape[0])
    recurrent, weight = carried(dh_T, h, plan.batch, H), pack(W)
    chunks = _single.chunks(plan, H, backward=True)
    errors = h.new_empty(max(chunk.size for chunk in chunks), H)
    dx = torch.empty_like(flat) if needs_dx else None
    dU, dW, db = h.new_empty(U.shape), h.new_empty(W.shape), h.new_zeros(H)
    loop = _single.Loop("RNN backward", plan, h, H)
    block = loop.block
    block.kind, block.weight, block.h = _KINDS[nonlinearity], weight.data_ptr(), h.data_ptr()
    block.recurrent = recurrent.data_ptr()
    for chunk in reversed(chunks):
        bars, loss, so_far = errors[: chunk.size], outside[chunk.rows].contiguous(), int(chunk is not chunks[-1])
        block.loss, block.errors = _single.at_row_zero(loss, chunk), _single.at_row_zero(bars, chunk)
        loop.run(chunk)
        if dx is not None:
            torch.mm(bars, U, out=dx[chunk.rows])
        add_gradient(dU, so_far, bars, flat[chunk.rows])
        db += bars.sum(0)
        add_recurrent_gradient(dW, so_far, bars, plan, chunk, h, h0)
    found = None if dx is None else dx.view(x.shape)
    return Gradients(found, dU, dW, None if b is None else db, None if h0 is None else recurrent)
