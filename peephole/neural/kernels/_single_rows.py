"""The elementwise part of one step of the simple network and of the GRU, for one row of the batch, compiled.

One operation a loop and at most one array written in each, so that LLVM vectorises it. All arrays are (H,) unless said otherwise.
"""

from __future__ import annotations

from typing import Any

from peephole.neural.kernels._jit import inlined
from peephole.neural.kernels._scalar import (
    complement,
    logistic,
    logistic_slope,
    positive,
    tanh,
    tanh_slope,
    where_positive,
)

TANH, RELU, LOGISTIC = 0, 1, 2


@inlined
def activate(h: Any, which: int) -> None:
    """h = g(a), in place."""
    if which == TANH:
        for j in range(h.size):
            h[j] = tanh(h[j])
    elif which == RELU:
        for j in range(h.size):
            h[j] = positive(h[j])
    else:
        for j in range(h.size):
            h[j] = logistic(h[j])


@inlined
def activation_error(da: Any, dh: Any, h: Any, which: int) -> None:
    """δa = g'(a) ⊙ δh, g' out of h."""
    if which == TANH:
        for j in range(h.size):
            da[j] = dh[j] * tanh_slope(h[j])
    elif which == RELU:
        for j in range(h.size):
            da[j] = where_positive(h[j], dh[j])
    else:
        for j in range(h.size):
            da[j] = dh[j] * logistic_slope(h[j])


@inlined
def gate(bar: Any, recurrent: Any) -> None:
    """★ = σ(★̄ + R★ h(t-1)), in place."""
    for j in range(bar.size):
        bar[j] = logistic(bar[j] + recurrent[j])


@inlined
def candidate(n: Any, r: Any, m: Any) -> None:
    """n = tanh(n̄ + r ⊙ m), in place."""
    for j in range(n.size):
        n[j] = tanh(n[j] + r[j] * m[j])


@inlined
def mix(h: Any, u: Any, n: Any, h_before: Any) -> None:
    """h(t) = (1-u) ⊙ n + u ⊙ h(t-1)."""
    for j in range(h.size):
        h[j] = complement(u[j]) * n[j] + u[j] * h_before[j]


@inlined
def update_error(du: Any, dh: Any, h_before: Any, n: Any, u: Any) -> None:
    """δū = δh ⊙ (h(t-1) - n) ⊙ u(1-u)."""
    for j in range(du.size):
        du[j] = dh[j] * (h_before[j] - n[j]) * logistic_slope(u[j])


@inlined
def candidate_error(dn: Any, dh: Any, u: Any, n: Any) -> None:
    """δn̄ = δh ⊙ (1-u) ⊙ (1-n²)."""
    for j in range(dn.size):
        dn[j] = dh[j] * complement(u[j]) * tanh_slope(n[j])


@inlined
def reset_error(dr: Any, dn: Any, m: Any, r: Any) -> None:
    """δr̄ = δn̄ ⊙ m ⊙ r(1-r)."""
    for j in range(dr.size):
        dr[j] = dn[j] * m[j] * logistic_slope(r[j])


@inlined
def copy(result: Any, a: Any) -> None:
    """result = a."""
    for j in range(result.size):
        result[j] = a[j]
