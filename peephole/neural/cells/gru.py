"""The gated recurrent unit: forward, backward through time, in torch operations.

    r(t) = σ(W_r x + R_r h(t-1) + b_r)          u(t) = σ(W_u x + R_u h(t-1) + b_u)
    m(t) = R_n h(t-1) + b'_n                    n(t) = tanh(W_n x + b_n + r(t) ⊙ m(t))
    h(t) = (1 - u(t)) ⊙ n(t) + u(t) ⊙ h(t-1)

Storage: W (3H, I) and R (3H, H), the blocks r, u, n stacked; b (4H), the blocks b_r, b_u, b_n, b'_n, or None.
m is the candidate's recurrent part, named so that every wire is one product.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from peephole.neural.cells.steps import Steps, renewed


class Saved(NamedTuple):
    """What the backward pass needs. gates: r, u, n, m, (N, 4H); h: (N, H)."""

    x: Tensor
    W: Tensor
    R: Tensor
    b: Tensor | None
    h0: Tensor
    gates: Tensor
    h: Tensor
    batch_sizes: Sequence[int] | None


class Errors(NamedTuple):
    """δ over all rows: bars r̄, ū, n̄ (N, 3H), m and h (N, H); of the initial state, h0: (B, H)."""

    bars: Tensor
    m: Tensor
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
    W: Tensor
    R: Tensor
    b: Tensor | None
    h0: Tensor


def forward(
    x: Tensor,
    W: Tensor,
    R: Tensor,
    b: Tensor | None,
    h0: Tensor,
    batch_sizes: Sequence[int] | None = None,
    *,
    save: bool = False,
) -> Output:
    """All steps forward.  x: (T, B, I), or packed rows (N, I) with `batch_sizes`.  h0: (B, H)."""
    H = h0.shape[-1]
    steps = Steps.of(x, batch_sizes)
    rows_in = steps.flat(x)
    inputs = rows_in @ W.T if b is None else torch.addmm(b[: 3 * H], rows_in, W.T)  # one product for all steps
    h = h0
    hs: list[Tensor] = []
    gates: list[Tensor] = []
    for rows, n_rows in steps.forward():
        h_before = h[:n_rows]
        r_in, u_in, n_in = inputs[rows].chunk(3, dim=-1)
        r_rec, u_rec, m = (h_before @ R.T).chunk(3, dim=-1)
        if b is not None:
            m = m + b[3 * H :]
        r = torch.sigmoid(r_in + r_rec)
        u = torch.sigmoid(u_in + u_rec)
        n = torch.tanh(n_in + r * m)
        hs.append((1 - u) * n + u * h_before)
        h = renewed(h, hs[-1])
        if save:
            gates.append(torch.cat([r, u, n, m], dim=-1))
    h_all = torch.cat(hs)
    saved = Saved(x, W, R, b, h0, torch.cat(gates), h_all, batch_sizes) if save else None
    return Output(steps.unflat(h_all), h, saved)


def errors(saved: Saved, dh: Tensor, dh_T: Tensor) -> Errors:
    """All steps backward: δ of the bars, m and h.  dh: shaped like h.  dh_T: ∂J/∂ of the final state, (B, H)."""
    steps = Steps.of(saved.x, saved.batch_sizes)
    outside = steps.flat(dh)
    h_before = steps.before(saved.h, saved.h0)
    dh_next = dh_T
    history: list[tuple[Tensor, Tensor, Tensor]] = []
    for rows, n_rows in steps.backward():
        r, u, n, m = saved.gates[rows].chunk(4, dim=-1)
        dh_t = outside[rows] + dh_next[:n_rows]
        du_bar = dh_t * (h_before[rows] - n) * u * (1 - u)
        dn_bar = dh_t * (1 - u) * (1 - n * n)
        dr_bar = dn_bar * m * r * (1 - r)
        dm = dn_bar * r
        history.append((torch.cat([dr_bar, du_bar, dn_bar], dim=-1), dm, dh_t))
        through_R = torch.cat([dr_bar, du_bar, dm], dim=-1) @ saved.R  # R_rᵀ δr̄ + R_uᵀ δū + R_nᵀ δm
        dh_next = renewed(dh_next, through_R + dh_t * u)  # and the highway
    bars, ms, hs = (torch.cat(parts[::-1]) for parts in zip(*history, strict=True))
    return Errors(bars, ms, hs, dh_next)


def backward(saved: Saved, dh: Tensor, dh_T: Tensor) -> Gradients:
    """∂J/∂ of every argument of `forward`, from ∂J/∂h (shaped like h) and ∂J/∂ of the final state (B, H)."""
    H = saved.h0.shape[-1]
    steps = Steps.of(saved.x, saved.batch_sizes)
    d = errors(saved, dh, dh_T)
    recurrent = torch.cat([d.bars[:, : 2 * H], d.m], dim=-1)  # what R sees: δr̄, δū, δm
    return Gradients(
        x=(d.bars @ saved.W).reshape(saved.x.shape),
        W=d.bars.T @ steps.flat(saved.x),
        R=recurrent.T @ steps.before(saved.h, saved.h0),
        b=None if saved.b is None else torch.cat([d.bars.sum(0), d.m.sum(0)]),
        h0=d.h0,
    )
