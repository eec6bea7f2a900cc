"""The peephole LSTM cell: one step forward, one step backward, and the passes over whole sequences.

Readable reference in torch operations, for every variant (FGR's loop over time is in lstm_fgr.py, on these same steps).
A fused kernel offers the same two functions, `forward` and `backward`, and is tested against these.
Source: Greff et al., "LSTM: A Search Space Odyssey" (2017). `_bar` is a value before activation; `d★` is δ★(t) = ∂J/∂★(t).

Storage: W (G*H, I), R (G*H, H), b (G*H), the blocks z, in, for, out stacked in this order; p (P, H), rows in, for, out.
What a variant lacks is absent: no block, no row; p or b may be None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from peephole.neural.cells.steps import Steps, renewed
from peephole.neural.cells.variants import VARIANTS, Variant


class Step(NamedTuple):
    """The activated values of one step, (n, H) each; a gate that the variant lacks is None (its value is 1)."""

    z: Tensor
    i: Tensor | None
    f: Tensor | None
    o: Tensor | None
    c: Tensor
    y: Tensor


class StepErrors(NamedTuple):
    """The errors of one step, (n, H) each; None for a gate that the variant lacks.

    i, f, o: δ of the activated gates (as FGR needs them).  c_before: what goes back to δc(t-1), every route together.
    """

    c: Tensor
    z_bar: Tensor
    i_bar: Tensor | None
    f_bar: Tensor | None
    o_bar: Tensor | None
    c_before: Tensor

    def bars(self) -> Tensor:
        """The errors of the bars side by side in storage order, (n, G*H)."""
        return torch.cat([d for d in (self.z_bar, self.i_bar, self.f_bar, self.o_bar) if d is not None], dim=-1)


class Saved(NamedTuple):
    """What the backward pass needs. gates: z, i, f, o as the variant has them, (N, G*H); c and y: (N, H)."""

    variant: str
    x: Tensor
    W: Tensor
    R: Tensor
    p: Tensor | None
    b: Tensor | None
    y0: Tensor
    c0: Tensor
    gates: Tensor
    c: Tensor
    y: Tensor
    batch_sizes: Sequence[int] | None


class Errors(NamedTuple):
    """δ over all rows: bars (N, G*H) in storage order, y and c (N, H), and those of the initial states (B, H)."""

    bars: Tensor
    y: Tensor
    c: Tensor
    y0: Tensor
    c0: Tensor


class Output(NamedTuple):
    """y: (T, B, H) or (N, H).  y_last, c_last: final states (B, H).  saved: for `backward`, None unless asked for."""

    y: Tensor
    y_last: Tensor
    c_last: Tensor
    saved: Saved | None


class Gradients(NamedTuple):
    """∂J/∂ of every tensor that `forward` takes, in its order and shapes; None where that was None."""

    x: Tensor
    W: Tensor
    R: Tensor
    p: Tensor | None
    b: Tensor | None
    y0: Tensor
    c0: Tensor


def times(a: Tensor, gate: Tensor | None) -> Tensor:
    """a ⊙ gate, where a gate that is absent is 1."""
    return a if gate is None else a * gate


def _with_peephole(bar: Tensor, weight: Tensor | None, c: Tensor) -> Tensor:
    return bar if weight is None else bar + weight * c


def step(variant: Variant, bars: dict[str, Tensor], p: dict[str, Tensor], c_before: Tensor) -> Step:
    """One step forward.

    bars: W★ x(t) + R★ y(t-1) + b★ of each block, (n, H).  p: peephole weights (H) by gate.  c_before: c(t-1), (n, H).
    """
    z = torch.tanh(bars["z"]) if variant.input_activation else bars["z"]
    i = torch.sigmoid(_with_peephole(bars["in"], p.get("in"), c_before)) if "in" in bars else None
    f = torch.sigmoid(_with_peephole(bars["for"], p.get("for"), c_before)) if "for" in bars else None
    if variant.coupled and i is not None:
        f = 1 - i
    c = times(z, i) + times(c_before, f)
    o = torch.sigmoid(_with_peephole(bars["out"], p.get("out"), c)) if "out" in bars else None  # sees the new cell
    y = times(torch.tanh(c) if variant.output_activation else c, o)
    return Step(z, i, f, o, c, y)


def step_back(
    variant: Variant,
    at: Step,
    p: dict[str, Tensor],
    c_before: Tensor,
    dy: Tensor,
    dc_next: Tensor,
    dgates_next: dict[str, Tensor] | None = None,
) -> StepErrors:
    """One step backward.

    at: the step's values.  dy: δy(t), complete.  dc_next: what reached c(t) from step t+1 and from the final state.
    dgates_next: FGR only, what reached the gates i(t), f(t), o(t) from step t+1.  All (n, H).
    """
    z, i, f, o, c, _ = at
    from_gates = dgates_next or {}
    h = torch.tanh(c) if variant.output_activation else c
    slope = 1 - h * h if variant.output_activation else None  # of h; without activation 1

    do = dy * h + from_gates.get("out", 0)
    do_bar = None if o is None else do * o * (1 - o)

    dc = times(times(dy, o), slope) + dc_next  # through y(t); the routes from step t+1
    if do_bar is not None and "out" in p:
        dc = dc + p["out"] * do_bar  # peephole to ō(t)

    df = dc * c_before + from_gates.get("for", 0)
    df_bar = None if f is None or variant.coupled else df * f * (1 - f)
    di = dc * (z - c_before) if variant.coupled else dc * z + from_gates.get("in", 0)  # coupled: i acts as -f too
    di_bar = None if i is None else di * i * (1 - i)
    dz = times(dc, i)
    dz_bar = dz * (1 - z * z) if variant.input_activation else dz

    dc_before = times(dc, f)  # the cell's highway
    if di_bar is not None and "in" in p:
        dc_before = dc_before + p["in"] * di_bar  # peephole to ī(t)
    if df_bar is not None and "for" in p:
        dc_before = dc_before + p["for"] * df_bar  # peephole to f̄(t): p_for, not p_in
    return StepErrors(dc, dz_bar, di_bar, df_bar, do_bar, dc_before)


def forward(
    variant: str,
    x: Tensor,
    W: Tensor,
    R: Tensor,
    p: Tensor | None,
    b: Tensor | None,
    y0: Tensor,
    c0: Tensor,
    batch_sizes: Sequence[int] | None = None,
    *,
    save: bool = False,
) -> Output:
    """All steps forward.

    x: (T, B, I), or packed rows (N, I) with `batch_sizes`.  W, R, p, b: see the top of this file.  y0, c0: (B, H).
    """
    kind = VARIANTS[variant]
    steps = Steps.of(x, batch_sizes)
    weights = kind.split_peepholes(p)
    rows_in = steps.flat(x)
    inputs = rows_in @ W.T if b is None else torch.addmm(b, rows_in, W.T)  # one product for all steps
    y, c = y0, c0
    history: list[Step] = []
    for rows, n in steps.forward():
        bars = torch.addmm(inputs[rows], y[:n], R.T)
        at = step(kind, kind.split(bars), weights, c[:n])
        y, c = renewed(y, at.y), renewed(c, at.c)
        history.append(at)
    y_all = torch.cat([at.y for at in history])
    saved = None
    if save:
        c_all = torch.cat([at.c for at in history])
        saved = Saved(variant, x, W, R, p, b, y0, c0, stacked_gates(kind, history), c_all, y_all, batch_sizes)
    return Output(steps.unflat(y_all), y, c, saved)


def stacked_gates(variant: Variant, history: list[Step]) -> Tensor:
    """The blocks' activated values over time in storage order, (N, G*H); CIFG's f = 1 - i is not stored."""
    f_too = not variant.coupled
    kept = [[v for v in (at.z, at.i, at.f if f_too else None, at.o) if v is not None] for at in history]
    return torch.cat([torch.cat(values, dim=-1) for values in kept])


def step_at(variant: Variant, gates: Tensor, c: Tensor, y: Tensor) -> Step:
    """The values of a step, or of all, out of the stored ones."""
    parts = variant.split(gates)
    i = parts.get("in")
    f = 1 - i if variant.coupled and i is not None else parts.get("for")
    return Step(parts["z"], i, f, parts.get("out"), c, y)


def errors(saved: Saved, dy: Tensor, dy_T: Tensor, dc_T: Tensor) -> Errors:
    """All steps backward: δ of every bar, of y and of c.

    dy: ∂J/∂y from outside, shaped like y.  dy_T, dc_T: ∂J/∂ of the final states, (B, H); they enter a sequence at its
    own last step, because the rows of ended sequences wait untouched in `dy_next` and `dc_next`.
    """
    kind = VARIANTS[saved.variant]
    steps = Steps.of(saved.x, saved.batch_sizes)
    weights = kind.split_peepholes(saved.p)
    outside = steps.flat(dy)
    c_before = steps.before(saved.c, saved.c0)
    dy_next, dc_next = dy_T, dc_T
    bars: list[Tensor] = []
    dys: list[Tensor] = []
    dcs: list[Tensor] = []
    for rows, n in steps.backward():
        at = step_at(kind, saved.gates[rows], saved.c[rows], saved.y[rows])
        dy_t = outside[rows] + dy_next[:n]
        back = step_back(kind, at, weights, c_before[rows], dy_t, dc_next[:n])
        bars.append(back.bars())
        dys.append(dy_t)
        dcs.append(back.c)
        dy_next = renewed(dy_next, bars[-1] @ saved.R)  # R_zᵀ δz̄(t+1) + R_inᵀ δī(t+1) + ... in one product
        dc_next = renewed(dc_next, back.c_before)
    return Errors(torch.cat(bars[::-1]), torch.cat(dys[::-1]), torch.cat(dcs[::-1]), dy_next, dc_next)


def backward(saved: Saved, dy: Tensor, dy_T: Tensor, dc_T: Tensor) -> Gradients:
    """∂J/∂ of every argument of `forward`, from ∂J/∂y (shaped like y) and ∂J/∂ of the final states (B, H)."""
    kind = VARIANTS[saved.variant]
    steps = Steps.of(saved.x, saved.batch_sizes)
    d = errors(saved, dy, dy_T, dc_T)
    return Gradients(
        x=(d.bars @ saved.W).reshape(saved.x.shape),
        W=d.bars.T @ steps.flat(saved.x),
        R=d.bars.T @ steps.before(saved.y, saved.y0),
        p=None if saved.p is None else peephole_gradient(kind, d.bars, steps.before(saved.c, saved.c0), saved.c),
        b=None if saved.b is None else d.bars.sum(0),
        y0=d.y0,
        c0=d.c0,
    )


def peephole_gradient(variant: Variant, bars: Tensor, c_before: Tensor, c: Tensor) -> Tensor:
    """∂J/∂p (P, H): Σ_t c(t-1) ⊙ δī(t), Σ_t c(t-1) ⊙ δf̄(t), Σ_t c(t) ⊙ δō(t)."""
    d = variant.split(bars)
    seen = {"in": c_before, "for": c_before, "out": c}
    return torch.stack([(seen[gate] * d[gate]).sum(0) for gate in variant.peepholes])
