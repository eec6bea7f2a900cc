"""The elementwise part of one LSTM step, for one row of the batch, compiled.

One operation a loop and at most one array written in each: then LLVM vectorises it. Absent gates are rows of ones, so that the
formulas stay the same for every variant; flags choose the rest. All arrays are (H,) unless said otherwise.
"""

from __future__ import annotations

from typing import Any

from peephole.neural.kernels._jit import inlined
from peephole.neural.kernels._scalar import complement, logistic, logistic_slope, tanh, tanh_slope


@inlined
def tanh_into(result: Any, x: Any) -> None:
    """result = tanh(x)."""
    for j in range(result.size):
        result[j] = tanh(x[j])


@inlined
def tanh_in_place(x: Any) -> None:
    """x = tanh(x)."""
    for j in range(x.size):
        x[j] = tanh(x[j])


@inlined
def tanh_product(result: Any, c: Any, o: Any) -> None:
    """y = o ⊙ tanh(c)."""
    for j in range(result.size):
        result[j] = o[j] * tanh(c[j])


@inlined
def gate(bar: Any, p: Any, which: int, c: Any) -> None:
    """★ = σ(★̄ + p★ ⊙ c), in place; p (P, H), `which` of its rows, none when negative."""
    if which < 0:
        for j in range(bar.size):
            bar[j] = logistic(bar[j])
    else:
        weights = p[which]
        for j in range(bar.size):
            bar[j] = logistic(bar[j] + weights[j] * c[j])


@inlined
def repeat(result: Any, row: Any, count: int) -> None:
    """The first `count` rows of result = row."""
    for r in range(count):
        line = result[r]
        for j in range(row.size):
            line[j] = row[j]


@inlined
def complement_into(result: Any, i: Any) -> None:
    """f = 1 - i."""
    for j in range(result.size):
        result[j] = complement(i[j])


@inlined
def cell(c: Any, z: Any, i: Any, f: Any, c_before: Any) -> None:
    """c(t) = z ⊙ i + c(t-1) ⊙ f."""
    for j in range(c.size):
        c[j] = z[j] * i[j] + c_before[j] * f[j]


@inlined
def product(result: Any, a: Any, b: Any) -> None:
    """result = a ⊙ b."""
    for j in range(result.size):
        result[j] = a[j] * b[j]


@inlined
def total(result: Any, a: Any, b: Any) -> None:
    """result = a + b."""
    for j in range(result.size):
        result[j] = a[j] + b[j]


@inlined
def accumulate(result: Any, a: Any) -> None:
    """result += a."""
    for j in range(result.size):
        result[j] += a[j]


@inlined
def accumulate_product(result: Any, a: Any, b: Any) -> None:
    """result += a ⊙ b."""
    for j in range(result.size):
        result[j] += a[j] * b[j]


@inlined
def output_gate_error(do: Any, dy: Any, squashed: Any, o: Any) -> None:
    """δō = δy ⊙ tanh(c) ⊙ o(1-o)."""
    for j in range(do.size):
        do[j] = dy[j] * squashed[j] * logistic_slope(o[j])


@inlined
def cell_error_through_tanh(dc: Any, dy: Any, o: Any, squashed: Any) -> None:
    """δc += δy ⊙ o ⊙ (1 - tanh²c)."""
    for j in range(dc.size):
        dc[j] += dy[j] * o[j] * tanh_slope(squashed[j])


@inlined
def gate_error(bar: Any, dc: Any, other: Any, s: Any) -> None:
    """δī = δc ⊙ z ⊙ i(1-i), and δf̄ with c(t-1) for z and f for i."""
    for j in range(bar.size):
        bar[j] = dc[j] * other[j] * logistic_slope(s[j])


@inlined
def coupled_gate_error(bar: Any, dc: Any, z: Any, c_before: Any, i: Any) -> None:
    """CIFG: δī = δc ⊙ (z - c(t-1)) ⊙ i(1-i)."""
    for j in range(bar.size):
        bar[j] = dc[j] * (z[j] - c_before[j]) * logistic_slope(i[j])


@inlined
def input_error(bar: Any, dc: Any, i: Any, z: Any) -> None:
    """δz̄ = δc ⊙ i ⊙ (1 - z²)."""
    for j in range(bar.size):
        bar[j] = dc[j] * i[j] * tanh_slope(z[j])


@inlined
def scale(result: Any, a: Any) -> None:
    """result ⊙= a."""
    for j in range(result.size):
        result[j] *= a[j]
