"""The elementwise part of one LSTM step on the GPU, for all rows of the step, in Triton; every variant but FGR.

One program handles BLOCK of the n * H units of a step. Whatever the tensors' type, the arithmetic is in float32, and the
cell's state and its error are kept in float32: a sum over hundreds of steps has no place in bfloat16.
"""

# Triton's pointers have no type of their own, and its decorator none at all.
# mypy: disable-error-code="no-untyped-def, untyped-decorator"

from __future__ import annotations

from typing import Any

import triton
import triton.language as tl

BLOCK = 256


@triton.jit
def _tanh(x: Any) -> Any:
    e = tl.exp(-2 * tl.abs(x))
    size = (1 - e) / (1 + e)
    return tl.where(x < 0, -size, size)


@triton.jit
def forward_step(
    bars, p, c_before, c, y, units, H,
    G: tl.constexpr, IN: tl.constexpr, FOR: tl.constexpr, OUT: tl.constexpr,
    P_IN: tl.constexpr, P_FOR: tl.constexpr, P_OUT: tl.constexpr,
    COUPLED: tl.constexpr, SQUASH_INPUT: tl.constexpr, SQUASH_OUTPUT: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """bars (n, G*H) become activations; c and y (n, H) are written.  c_before: (n, H).  p: (P, H).  units: n * H.

    IN, FOR, OUT: positions of the gates in the stack; P_*: rows of p; -1 where absent.
    """
    unit = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    here = unit < units
    column = unit % H
    at = unit // H * (G * H) + column
    before = tl.load(c_before + unit, mask=here).to(tl.float32)
    z = tl.load(bars + at, mask=here).to(tl.float32)
    if SQUASH_INPUT:
        z = _tanh(z)
        tl.store(bars + at, z, mask=here)
    i = 1.0
    f = 1.0
    if IN >= 0:
        i_bar = tl.load(bars + at + IN * H, mask=here).to(tl.float32)
        if P_IN >= 0:
            i_bar += tl.load(p + P_IN * H + column, mask=here).to(tl.float32) * before
        i = tl.sigmoid(i_bar)
        tl.store(bars + at + IN * H, i, mask=here)
        if COUPLED:
            f = 1 - i
    if FOR >= 0:
        f_bar = tl.load(bars + at + FOR * H, mask=here).to(tl.float32)
        if P_FOR >= 0:
            f_bar += tl.load(p + P_FOR * H + column, mask=here).to(tl.float32) * before
        f = tl.sigmoid(f_bar)
        tl.store(bars + at + FOR * H, f, mask=here)
    cell = z * i + before * f
    tl.store(c + unit, cell, mask=here)
    result = cell
    if SQUASH_OUTPUT:
        result = _tanh(cell)
    if OUT >= 0:
        o_bar = tl.load(bars + at + OUT * H, mask=here).to(tl.float32)
        if P_OUT >= 0:
            o_bar += tl.load(p + P_OUT * H + column, mask=here).to(tl.float32) * cell
        o = tl.sigmoid(o_bar)
        tl.store(bars + at + OUT * H, o, mask=here)
        result = o * result
    tl.store(y + unit, result, mask=here)


@triton.jit
def backward_step(
    activations, p, c_before, c, loss, recurrent, dc, errors, units, H,
    G: tl.constexpr, IN: tl.constexpr, FOR: tl.constexpr, OUT: tl.constexpr,
    P_IN: tl.constexpr, P_FOR: tl.constexpr, P_OUT: tl.constexpr,
    COUPLED: tl.constexpr, SQUASH_INPUT: tl.constexpr, SQUASH_OUTPUT: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """Write `errors` (n, G*H), δ of the bars; dc (n, H), what came to c(t) from t+1, becomes what goes on to c(t-1).

    activations: (n, G*H).  loss: ∂J/∂y(t) from outside; recurrent: Rᵀ δ(t+1), both (n, H).
    """
    unit = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    here = unit < units
    column = unit % H
    at = unit // H * (G * H) + column
    before = tl.load(c_before + unit, mask=here).to(tl.float32)
    cell = tl.load(c + unit, mask=here).to(tl.float32)
    dy = tl.load(loss + unit, mask=here).to(tl.float32) + tl.load(recurrent + unit, mask=here).to(tl.float32)
    error = tl.load(dc + unit, mask=here)
    z = tl.load(activations + at, mask=here).to(tl.float32)
    i = 1.0
    f = 1.0
    o = 1.0
    squashed = cell
    slope = 1.0
    if SQUASH_OUTPUT:
        squashed = _tanh(cell)
        slope = 1 - squashed * squashed
    if OUT >= 0:
        o = tl.load(activations + at + OUT * H, mask=here).to(tl.float32)
        do = dy * squashed * o * (1 - o)
        tl.store(errors + at + OUT * H, do, mask=here)
        if P_OUT >= 0:
            error += tl.load(p + P_OUT * H + column, mask=here).to(tl.float32) * do
    error += dy * o * slope
    passed = error * 0
    if IN >= 0:
        i = tl.load(activations + at + IN * H, mask=here).to(tl.float32)
        other = z
        if COUPLED:
            f = 1 - i
            other = z - before
        di = error * other * i * (1 - i)
        tl.store(errors + at + IN * H, di, mask=here)
        if P_IN >= 0:
            passed += tl.load(p + P_IN * H + column, mask=here).to(tl.float32) * di
    if FOR >= 0:
        f = tl.load(activations + at + FOR * H, mask=here).to(tl.float32)
        df = error * before * f * (1 - f)
        tl.store(errors + at + FOR * H, df, mask=here)
        if P_FOR >= 0:
            passed += tl.load(p + P_FOR * H + column, mask=here).to(tl.float32) * df
    dz = error * i
    if SQUASH_INPUT:
        dz = dz * (1 - z * z)
    tl.store(errors + at, dz, mask=here)
    tl.store(dc + unit, passed + error * f, mask=here)
