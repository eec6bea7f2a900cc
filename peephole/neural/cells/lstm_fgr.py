"""The LSTM with full gate recurrence (FGR): the steps of lstm.py, with the gates' last activations fed back.

    ī(t) += R_ii i(t-1) + R_fi f(t-1) + R_oi o(t-1), and so for f̄ and ō;  R_ab leads from a to b.

The nine matrices are one parameter Q (3H, 3H): block rows are the gates they lead to (in, for, out), block columns the
gates they come from (i, f, o), so that the three sums are one product Q g(t-1) with g = (i, f, o). The state is y, c, g.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from peephole.neural.cells import lstm
from peephole.neural.cells.steps import Steps, renewed
from peephole.neural.cells.variants import GATES, VARIANTS

FGR = VARIANTS["FGR"]


class Saved(NamedTuple):
    """What the backward pass needs. gates: z, i, f, o, (N, 4H); c and y: (N, H)."""

    x: Tensor
    W: Tensor
    R: Tensor
    Q: Tensor
    p: Tensor
    b: Tensor | None
    y0: Tensor
    c0: Tensor
    g0: Tensor
    gates: Tensor
    c: Tensor
    y: Tensor
    batch_sizes: Sequence[int] | None


class Errors(NamedTuple):
    """δ over all rows: bars (N, 4H) in storage order, y and c (N, H), g (N, 3H); of the initial states (B, ·)."""

    bars: Tensor
    y: Tensor
    c: Tensor
    g: Tensor
    y0: Tensor
    c0: Tensor
    g0: Tensor


class Output(NamedTuple):
    """y: (T, B, H) or (N, H).  y_last, c_last: final states (B, H).  g_last: final i, f, o, (B, 3H).  saved: for `backward`."""

    y: Tensor
    y_last: Tensor
    c_last: Tensor
    g_last: Tensor
    saved: Saved | None


class Gradients(NamedTuple):
    """∂J/∂ of every tensor that `forward` takes, in its order and shapes."""

    x: Tensor
    W: Tensor
    R: Tensor
    Q: Tensor
    p: Tensor
    b: Tensor | None
    y0: Tensor
    c0: Tensor
    g0: Tensor


def _gates(at: lstm.Step) -> Tensor:
    """g(t) = (i, f, o), (n, 3H)."""
    return torch.cat([gate for gate in (at.i, at.f, at.o) if gate is not None], dim=-1)


def forward(
    x: Tensor,
    W: Tensor,
    R: Tensor,
    Q: Tensor,
    p: Tensor,
    b: Tensor | None,
    y0: Tensor,
    c0: Tensor,
    g0: Tensor,
    batch_sizes: Sequence[int] | None = None,
    *,
    save: bool = False,
) -> Output:
    """All steps forward.

    x: (T, B, I), or packed rows (N, I) with `batch_sizes`.  W (4H, I), R (4H, H), Q (3H, 3H), p (3, H), b (4H) or None.
    y0, c0: (B, H).  g0: (B, 3H), the gates' activations before the first step (zeros at a sequence's beginning).
    """
    H = y0.shape[-1]
    steps = Steps.of(x, batch_sizes)
    weights = FGR.split_peepholes(p)
    rows_in = steps.flat(x)
    inputs = rows_in @ W.T if b is None else torch.addmm(b, rows_in, W.T)
    y, c, g = y0, c0, g0
    history: list[lstm.Step] = []
    for rows, n in steps.forward():
        bars = torch.addmm(inputs[rows], y[:n], R.T)
        bars = torch.cat([bars[:, :H], torch.addmm(bars[:, H:], g[:n], Q.T)], dim=-1)  # z̄ does not see the gates
        at = lstm.step(FGR, FGR.split(bars), weights, c[:n])
        y, c, g = renewed(y, at.y), renewed(c, at.c), renewed(g, _gates(at))
        history.append(at)
    y_all = torch.cat([at.y for at in history])
    saved = None
    if save:
        c_all = torch.cat([at.c for at in history])
        gates = lstm.stacked_gates(FGR, history)
        saved = Saved(x, W, R, Q, p, b, y0, c0, g0, gates, c_all, y_all, batch_sizes)
    return Output(steps.unflat(y_all), y, c, g, saved)


def errors(saved: Saved, dy: Tensor, dy_T: Tensor, dc_T: Tensor, dg_T: Tensor) -> Errors:
    """All steps backward: δ of every bar, of y, c and the gates; arguments as in `lstm.errors`, dg_T: (B, 3H)."""
    H = saved.y0.shape[-1]
    steps = Steps.of(saved.x, saved.batch_sizes)
    weights = FGR.split_peepholes(saved.p)
    outside = steps.flat(dy)
    c_before = steps.before(saved.c, saved.c0)
    dy_next, dc_next, dg_next = dy_T, dc_T, dg_T
    history: list[tuple[Tensor, Tensor, Tensor, Tensor]] = []
    for rows, n in steps.backward():
        at = lstm.step_at(FGR, saved.gates[rows], saved.c[rows], saved.y[rows])
        dy_t = outside[rows] + dy_next[:n]
        gates_next = dict(zip(GATES, dg_next[:n].chunk(3, dim=-1), strict=True))
        back = lstm.step_back(FGR, at, weights, c_before[rows], dy_t, dc_next[:n], gates_next)
        bars = back.bars()
        h = torch.tanh(at.c)
        dg = torch.cat([back.c * at.z, back.c * c_before[rows], dy_t * h], dim=-1) + dg_next[:n]
        history.append((bars, dy_t, back.c, dg))
        dy_next = renewed(dy_next, bars @ saved.R)
        dc_next = renewed(dc_next, back.c_before)
        dg_next = renewed(dg_next, bars[:, H:] @ saved.Q)  # R_iiᵀ δī(t+1) + R_ifᵀ δf̄(t+1) + R_ioᵀ δō(t+1), ...
    bars, ys, cs, gs = (torch.cat(parts[::-1]) for parts in zip(*history, strict=True))
    return Errors(bars, ys, cs, gs, dy_next, dc_next, dg_next)


def backward(saved: Saved, dy: Tensor, dy_T: Tensor, dc_T: Tensor, dg_T: Tensor) -> Gradients:
    """∂J/∂ of every argument of `forward`, from ∂J/∂y (shaped like y) and ∂J/∂ of the final states."""
    H = saved.y0.shape[-1]
    steps = Steps.of(saved.x, saved.batch_sizes)
    d = errors(saved, dy, dy_T, dc_T, dg_T)
    g_before = steps.before(saved.gates[:, H:], saved.g0)
    return Gradients(
        x=(d.bars @ saved.W).reshape(saved.x.shape),
        W=d.bars.T @ steps.flat(saved.x),
        R=d.bars.T @ steps.before(saved.y, saved.y0),
        Q=d.bars[:, H:].T @ g_before,
        p=lstm.peephole_gradient(FGR, d.bars, steps.before(saved.c, saved.c0), saved.c),
        b=None if saved.b is None else d.bars.sum(0),
        y0=d.y0,
        c0=d.c0,
        g0=d.g0,
    )
