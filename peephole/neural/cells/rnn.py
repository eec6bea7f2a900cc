"""The simple recurrent network (Elman): forward, backward through time, in torch operations.

    a(t) = b + W h(t-1) + U x(t)        h(t) = g(a(t))
    δh(t) = outside + Wᵀ δa(t+1)        δa(t) = g'(a(t)) ⊙ δh(t)
    ∂J/∂W = Σ δa(t) h(t-1)ᵀ   ∂J/∂U = Σ δa(t) x(t)ᵀ   ∂J/∂b = Σ δa(t)

Storage: U (H, I), W (H, H), b (H) or None. g is tanh, relu or logistic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from peephole.neural.cells.steps import Steps, renewed

NONLINEARITIES: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "logistic": torch.sigmoid,
}


class Saved(NamedTuple):
    """What the backward pass needs. h: (N, H), the activations of all rows."""

    nonlinearity: str
    x: Tensor
    U: Tensor
    W: Tensor
    b: Tensor | None
    h0: Tensor
    h: Tensor
    batch_sizes: Sequence[int] | None


class Errors(NamedTuple):
    """δ over all rows, a and h: (N, H); of the initial state, h0: (B, H)."""

    a: Tensor
    h: Tensor
    h0: Tensor


class Output(NamedTuple):
    """h: (T, B, H) or (N, H).  h_last: final state (B, H).  saved: for `backward`, None unless asked for."""

    h: Tensor
    h_last: Tensor
    saved: Saved | None


class Gradients(NamedTuple):
    """∂J/∂ of every tensor that `forward` takes, in its order and shapes."""

    x: Tensor
    U: Tensor
    W: Tensor
    b: Tensor | None
    h0: Tensor


def slope(nonlinearity: str, h: Tensor) -> Tensor:
    """g'(a) out of h = g(a): 1 - h², [h > 0] or h(1-h)."""
    if nonlinearity == "tanh":
        return 1 - h * h
    if nonlinearity == "relu":
        return (h > 0).to(h.dtype)
    return h * (1 - h)


def forward(
    nonlinearity: str,
    x: Tensor,
    U: Tensor,
    W: Tensor,
    b: Tensor | None,
    h0: Tensor,
    batch_sizes: Sequence[int] | None = None,
    *,
    save: bool = False,
) -> Output:
    """All steps forward.  x: (T, B, I), or packed rows (N, I) with `batch_sizes`.  h0: (B, H)."""
    g = NONLINEARITIES[nonlinearity]
    steps = Steps.of(x, batch_sizes)
    rows_in = steps.flat(x)
    inputs = rows_in @ U.T if b is None else torch.addmm(b, rows_in, U.T)  # one product for all steps
    h = h0
    history: list[Tensor] = []
    for rows, n in steps.forward():
        history.append(g(torch.addmm(inputs[rows], h[:n], W.T)))
        h = renewed(h, history[-1])
    h_all = torch.cat(history)
    saved = Saved(nonlinearity, x, U, W, b, h0, h_all, batch_sizes) if save else None
    return Output(steps.unflat(h_all), h, saved)


def errors(saved: Saved, dh: Tensor, dh_T: Tensor) -> Errors:
    """All steps backward: δa and δh.  dh: ∂J/∂h from outside, shaped like h.  dh_T: of the final state, (B, H)."""
    steps = Steps.of(saved.x, saved.batch_sizes)
    outside = steps.flat(dh)
    dh_next = dh_T
    das: list[Tensor] = []
    dhs: list[Tensor] = []
    for rows, n in steps.backward():
        dhs.append(outside[rows] + dh_next[:n])
        das.append(slope(saved.nonlinearity, saved.h[rows]) * dhs[-1])
        dh_next = renewed(dh_next, das[-1] @ saved.W)  # Wᵀ δa(t+1)
    return Errors(torch.cat(das[::-1]), torch.cat(dhs[::-1]), dh_next)


def backward(saved: Saved, dh: Tensor, dh_T: Tensor) -> Gradients:
    """∂J/∂ of every argument of `forward`, from ∂J/∂h (shaped like h) and ∂J/∂ of the final state (B, H)."""
    steps = Steps.of(saved.x, saved.batch_sizes)
    d = errors(saved, dh, dh_T)
    return Gradients(
        x=(d.a @ saved.U).reshape(saved.x.shape),
        U=d.a.T @ steps.flat(saved.x),
        W=d.a.T @ steps.before(saved.h, saved.h0),
        b=None if saved.b is None else d.a.sum(0),
        h0=d.h0,
    )
