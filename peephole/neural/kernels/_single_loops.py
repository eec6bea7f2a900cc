"""The time loops of the simple network and of the GRU, compiled. Rows, blocks and threads: see `_lstm_loops`."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from peephole.neural.kernels import _parallel
from peephole.neural.kernels import _single_rows as rows
from peephole.neural.kernels._denormals import denormals_flushed, denormals_restored
from peephole.neural.kernels._jit import entry, source_stamp, subroutine
from peephole.neural.kernels._lstm_rows import product, total
from peephole.neural.kernels._memory import Arguments, integers, matrix, record
from peephole.neural.kernels._parallel import thread_count, thread_number
from peephole.neural.kernels._product import multiply

# `weight`, packed: forward Rᵀ (H, G*H), backward R (G*H, H). GRU: `bars` r, u, n (N, 3H) become activations; `recurrent`,
# forward: (B, 3H), R h(t-1); `m` (N, H); `bias` b'_n (H,). Backward: `recurrent` (B, H), what comes to h(t) from t+1;
# `errors` δ of the bars, which W sees; `seen` (GRU) δr̄, δū, δm, which R sees.
ARGUMENTS = Arguments(
    *("stamp", "first", "last", "units", "offsets", "blocks", "bounds", "scratch", "weight", "kind"),
    *("bars", "h", "h_before", "recurrent", "m", "bias", "loss", "errors", "seen"),
)
ROWS = 1 << 40  # the number of rows of an array is never asked for: nothing is bounds-checked


@subroutine
def rnn_forward(a: Any, real: Any) -> None:
    """h holds U x + b and becomes h."""
    n, offsets, bounds = a.units, integers(a.offsets, a.last + 1), integers(a.bounds, a.blocks + 1)
    h = matrix(a.h, ROWS, n, real)
    size = h.itemsize
    for block in range(thread_number(), a.blocks, thread_count()):
        low, before = bounds[block], a.h_before
        for t in range(a.first, a.last):
            start, count = offsets[t], min(offsets[t + 1] - offsets[t], bounds[block + 1]) - low
            if count <= 0:
                break
            multiply(real, count, n, n, before + low * n * size, a.weight, 1, a.h + (start + low) * n * size, t)
            for row in range(start + low, start + low + count):
                rows.activate(h[row], a.kind)
            before = a.h + start * n * size


@subroutine
def rnn_backward(a: Any, real: Any) -> None:
    """Errors of the bars, and of h(t-1) through W."""
    n, offsets, bounds = a.units, integers(a.offsets, a.last + 1), integers(a.bounds, a.blocks + 1)
    h, loss = matrix(a.h, ROWS, n, real), matrix(a.loss, ROWS, n, real)
    recurrent, errors = matrix(a.recurrent, ROWS, n, real), matrix(a.errors, ROWS, n, real)
    size = h.itemsize
    dh = matrix(a.scratch + thread_number() * n * size, 1, n, real)[0]
    for block in range(thread_number(), a.blocks, thread_count()):
        low = bounds[block]
        for t in range(a.last - 1, a.first - 1, -1):
            start, count = offsets[t], min(offsets[t + 1] - offsets[t], bounds[block + 1]) - low
            if count <= 0:
                continue
            for r in range(low, low + count):
                total(dh, loss[start + r], recurrent[r])
                rows.activation_error(errors[start + r], dh, h[start + r], a.kind)
            delta = a.errors + (start + low) * n * size
            multiply(real, count, n, n, delta, a.weight, 0, a.recurrent + low * n * size, t)


@subroutine
def gru_forward(a: Any, real: Any) -> None:
    """bars become r, u, n; m and h are written."""
    n, offsets, bounds = a.units, integers(a.offsets, a.last + 1), integers(a.bounds, a.blocks + 1)
    h, m, bars = matrix(a.h, ROWS, n, real), matrix(a.m, ROWS, n, real), matrix(a.bars, ROWS, n, real)
    recurrent, bias = matrix(a.recurrent, ROWS, n, real), matrix(a.bias, 1, n, real)[0]
    size = h.itemsize
    for block in range(thread_number(), a.blocks, thread_count()):
        low, before = bounds[block], a.h_before
        for t in range(a.first, a.last):
            start, count = offsets[t], min(offsets[t + 1] - offsets[t], bounds[block + 1]) - low
            if count <= 0:
                break
            to = a.recurrent + 3 * low * n * size
            multiply(real, count, 3 * n, n, before + low * n * size, a.weight, 0, to, t)
            h_before = matrix(before, ROWS, n, real)
            for r in range(low, low + count):
                row = start + r
                rows.gate(bars[3 * row], recurrent[3 * r])
                rows.gate(bars[3 * row + 1], recurrent[3 * r + 1])
                total(m[row], recurrent[3 * r + 2], bias)
                rows.candidate(bars[3 * row + 2], bars[3 * row], m[row])
                rows.mix(h[row], bars[3 * row + 1], bars[3 * row + 2], h_before[r])
            before = a.h + start * n * size


@subroutine
def gru_backward(a: Any, real: Any) -> None:
    """Errors of the bars and of m, and of h(t-1) through R and the highway."""
    n, offsets, bounds = a.units, integers(a.offsets, a.last + 1), integers(a.bounds, a.blocks + 1)
    h, m, bars = matrix(a.h, ROWS, n, real), matrix(a.m, ROWS, n, real), matrix(a.bars, ROWS, n, real)
    loss, recurrent = matrix(a.loss, ROWS, n, real), matrix(a.recurrent, ROWS, n, real)
    errors, seen = matrix(a.errors, ROWS, n, real), matrix(a.seen, ROWS, n, real)
    size = h.itemsize
    dh = matrix(a.scratch + thread_number() * n * size, 1, n, real)[0]
    for block in range(thread_number(), a.blocks, thread_count()):
        low = bounds[block]
        for t in range(a.last - 1, a.first - 1, -1):
            start, count = offsets[t], min(offsets[t + 1] - offsets[t], bounds[block + 1]) - low
            if count <= 0:
                continue
            before = matrix(a.h_before, ROWS, n, real) if t == a.first else h[offsets[t - 1] : start]
            for r in range(low, low + count):
                row = start + r
                reset, update, new = bars[3 * row], bars[3 * row + 1], bars[3 * row + 2]
                total(dh, loss[row], recurrent[r])
                rows.update_error(errors[3 * row + 1], dh, before[r], new, update)
                rows.candidate_error(errors[3 * row + 2], dh, update, new)
                rows.reset_error(errors[3 * row], errors[3 * row + 2], m[row], reset)
                product(seen[3 * row + 2], errors[3 * row + 2], reset)
                rows.copy(seen[3 * row], errors[3 * row])
                rows.copy(seen[3 * row + 1], errors[3 * row + 1])
                product(recurrent[r], dh, update)
            delta = a.seen + 3 * (start + low) * n * size
            multiply(real, count, n, 3 * n, delta, a.weight, 1, a.recurrent + low * n * size, t)


@cache
def address(name: str, single: bool) -> int:
    """The compiled kernel "RNN forward", "RNN backward", "GRU forward" or "GRU backward", in single or double precision."""
    _parallel.bind()
    stamp, kind, real = source_stamp(), ARGUMENTS.kind, np.float32 if single else np.float64

    def rnn_forward_kernel(pointer: Any) -> None:
        a = record(pointer, kind)
        a.stamp = stamp
        before = denormals_flushed()
        rnn_forward(a, real)
        denormals_restored(before)

    def rnn_backward_kernel(pointer: Any) -> None:
        a = record(pointer, kind)
        a.stamp = stamp
        before = denormals_flushed()
        rnn_backward(a, real)
        denormals_restored(before)

    def gru_forward_kernel(pointer: Any) -> None:
        a = record(pointer, kind)
        a.stamp = stamp
        before = denormals_flushed()
        gru_forward(a, real)
        denormals_restored(before)

    def gru_backward_kernel(pointer: Any) -> None:
        a = record(pointer, kind)
        a.stamp = stamp
        before = denormals_flushed()
        gru_backward(a, real)
        denormals_restored(before)

    kernels = {
        "RNN forward": rnn_forward_kernel,
        "RNN backward": rnn_backward_kernel,
        "GRU forward": gru_forward_kernel,
        "GRU backward": gru_backward_kernel,
    }
    return entry(kernels[name], f"{name} {'float32' if single else 'float64'}")
