"""The time loop of the LSTM, forward and backward, as one compiled function each; every variant but FGR.

A batch is ragged rows in time-major order: step t has the rows offsets[t] to before offsets[t+1] of every array, and row r
of a step belongs to the same sequence in every step (PackedSequence's order, longest first). The recurrence never mixes
rows, so each thread takes blocks of them through all steps on its own, and no thread waits for another.

Every array is seen as a matrix whose rows have H numbers: the stacked gates of row r are the rows r * gates + k.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from peephole.neural.kernels import _lstm_rows as rows
from peephole.neural.kernels import _parallel
from peephole.neural.kernels._denormals import denormals_flushed, denormals_restored
from peephole.neural.kernels._jit import entry, inlined, source_stamp, subroutine
from peephole.neural.kernels._memory import Arguments, integers, matrix, record
from peephole.neural.kernels._parallel import thread_count, thread_number
from peephole.neural.kernels._product import multiply

# Sizes, flags, and addresses of arrays; 0 where there is none. at_*: position of a gate in the stack (z is 0); p_*: position
# in p; -1 if absent. `first` to `last`: the steps to do. *_before: rows of the step before `first`. `weight` and `weight_x`,
# packed: forward Rᵀ (H, G*H) and Wᵀ (I, G*H), backward R (G*H, H) and W (G*H, I). `stamp` is written: the checksum of the
# sources that the kernel was compiled from.
_BOTH = (
    *("stamp", "first", "last", "units", "gates", "offsets", "blocks", "bounds", "scratch", "weight"),
    *("features", "weight_x"),
    *("at_in", "at_for", "at_out", "p_in", "p_for", "p_out", "p", "coupled", "squash_input", "squash_output"),
    *("activations", "c", "c_before"),
)
FORWARD = Arguments(*_BOTH, "x", "b", "y", "y_before")
BACKWARD = Arguments(*_BOTH, "dy", "recurrent", "dc", "errors", "db", "dp", "dx", "needs_dy_before")

# Rows of a thread's scratch memory. ONES stand for a gate that a variant lacks.
ONES, COMPLEMENT, SQUASHED, ERROR, DB, DP = 0, 1, 2, 3, 4, 8
SCRATCH_ROWS = 12

ROWS = 1 << 40  # the number of rows of an array is never asked for: nothing is bounds-checked


@inlined
def forward_row(a: Any, gates: Any, p: Any, scratch: Any, c: Any, c_before: Any, y: Any) -> None:
    """One row, one step: its bars in `gates` (G, H) become activations; c and y (H,) are written."""
    z = gates[0]
    i = f = o = scratch[ONES]
    if a.squash_input:
        rows.tanh_in_place(z)
    if a.at_in >= 0:
        i = gates[a.at_in]
        rows.gate(i, p, a.p_in, c_before)
    if a.coupled:
        f = scratch[COMPLEMENT]
        rows.complement_into(f, i)
    if a.at_for >= 0:
        f = gates[a.at_for]
        rows.gate(f, p, a.p_for, c_before)
    rows.cell(c, z, i, f, c_before)
    if a.at_out >= 0:
        o = gates[a.at_out]
        rows.gate(o, p, a.p_out, c)
    if a.squash_output:
        rows.tanh_product(y, c, o)
    else:
        rows.product(y, c, o)


@inlined
def input_product(a: Any, real: Any, size: int, first: int, count: int) -> None:
    """Bars of `count` rows from `first`: W x + b."""
    width = a.gates * a.units
    bars = a.activations + first * width * size
    if a.b:
        rows.repeat(matrix(bars, ROWS, width, real), matrix(a.b, 1, width, real)[0], count)
    multiply(real, count, width, a.features, a.x + first * a.features * size, a.weight_x, a.b != 0, bars, 0)


@subroutine
def forward(a: Any, real: Any) -> None:
    """All steps for the blocks of rows that fall to this thread."""
    h, g = a.units, a.gates
    offsets, bounds = integers(a.offsets, a.last + 1), integers(a.bounds, a.blocks + 1)
    p, y, c = matrix(a.p, ROWS, h, real), matrix(a.y, ROWS, h, real), matrix(a.c, ROWS, h, real)
    activations = matrix(a.activations, ROWS, h, real)
    size = activations.itemsize
    thread = thread_number()
    scratch = matrix(a.scratch + thread * SCRATCH_ROWS * h * size, SCRATCH_ROWS, h, real)
    scratch[ONES] = 1
    if a.blocks == 1:  # all rows of the chunk lie together: one product for all
        input_product(a, real, size, offsets[a.first], offsets[a.last] - offsets[a.first])
    for block in range(thread, a.blocks, thread_count()):
        low = bounds[block]
        c_before, y_before = matrix(a.c_before, ROWS, h, real), a.y_before
        for t in range(a.first, a.last):
            start, count = offsets[t], min(offsets[t + 1] - offsets[t], bounds[block + 1]) - low
            if count <= 0:
                break
            if a.blocks > 1:
                input_product(a, real, size, start + low, count)
            if y_before:
                to = a.activations + (start + low) * g * h * size
                multiply(real, count, g * h, h, y_before + low * h * size, a.weight, 1, to, t)
            for r in range(low, low + count):
                row = start + r
                forward_row(a, activations[row * g : row * g + g], p, scratch, c[row], c_before[r], y[row])
            c_before, y_before = c[start : start + count + low], a.y + start * h * size


@inlined
def backward_row(  # noqa: PLR0912 - one branch for each thing that a variant may lack
    a: Any, gates: Any, p: Any, scratch: Any, c: Any, c_before: Any, dc: Any, errors: Any
) -> None:
    """One row, one step.

    δy(t) is in scratch[ERROR], δc's routes from t+1 are in dc (H,). Writes δ of the bars into `errors` (G, H); dc becomes
    what goes on to c(t-1).
    """
    z, dy, squashed = gates[0], scratch[ERROR], scratch[SQUASHED]
    i = f = o = scratch[ONES]
    if a.at_in >= 0:
        i = gates[a.at_in]
    if a.at_for >= 0:
        f = gates[a.at_for]
    if a.coupled:
        f = scratch[COMPLEMENT]
        rows.complement_into(f, i)
    if a.at_out >= 0:
        o = gates[a.at_out]
    if a.squash_output:
        rows.tanh_into(squashed, c)
        rows.cell_error_through_tanh(dc, dy, o, squashed)
    else:
        squashed = c
        rows.accumulate_product(dc, dy, o)
    if a.at_out >= 0:
        rows.output_gate_error(errors[a.at_out], dy, squashed, o)
        if a.p_out >= 0:
            rows.accumulate_product(dc, p[a.p_out], errors[a.at_out])
    if a.squash_input:
        rows.input_error(errors[0], dc, i, z)
    else:
        rows.product(errors[0], dc, i)
    if a.coupled:
        rows.coupled_gate_error(errors[a.at_in], dc, z, c_before, i)
    elif a.at_in >= 0:
        rows.gate_error(errors[a.at_in], dc, z, i)
    if a.at_for >= 0:
        rows.gate_error(errors[a.at_for], dc, c_before, f)
    rows.scale(dc, f)
    if a.p_in >= 0:
        rows.accumulate_product(dc, p[a.p_in], errors[a.at_in])
    if a.p_for >= 0:
        rows.accumulate_product(dc, p[a.p_for], errors[a.at_for])


@inlined
def share_of_row(a: Any, scratch: Any, c: Any, c_before: Any, errors: Any) -> None:
    """Add one row's share of ∂J/∂b and ∂J/∂p to the step's, in scratch."""
    for k in range(a.gates):
        rows.accumulate(scratch[DB + k], errors[k])
    if a.p_in >= 0:
        rows.accumulate_product(scratch[DP + a.p_in], c_before, errors[a.at_in])
    if a.p_for >= 0:
        rows.accumulate_product(scratch[DP + a.p_for], c_before, errors[a.at_for])
    if a.p_out >= 0:
        rows.accumulate_product(scratch[DP + a.p_out], c, errors[a.at_out])


@inlined
def error_of_x(a: Any, real: Any, size: int, first: int, count: int) -> None:
    """δx = Wᵀ δ of the bars, for `count` rows from `first`."""
    width, to = a.gates * a.units, a.dx + first * a.features * size
    multiply(real, count, a.features, width, a.errors + first * width * size, a.weight_x, 0, to, 0)


@subroutine
def backward(a: Any, real: Any) -> None:
    """All steps, last to first, for the blocks of rows that fall to this thread."""
    h, g = a.units, a.gates
    offsets, bounds = integers(a.offsets, a.last + 1), integers(a.bounds, a.blocks + 1)
    p, c, dy = matrix(a.p, ROWS, h, real), matrix(a.c, ROWS, h, real), matrix(a.dy, ROWS, h, real)
    activations, errors = matrix(a.activations, ROWS, h, real), matrix(a.errors, ROWS, h, real)
    recurrent, dc = matrix(a.recurrent, ROWS, h, real), matrix(a.dc, ROWS, h, real)
    size = activations.itemsize
    thread = thread_number()
    scratch = matrix(a.scratch + thread * SCRATCH_ROWS * h * size, SCRATCH_ROWS, h, real)
    scratch[ONES] = 1
    db, dp = matrix(a.db + thread * 4 * h * size, 4, h, real), matrix(a.dp + thread * 4 * h * size, 4, h, real)
    for block in range(thread, a.blocks, thread_count()):
        low = bounds[block]
        for t in range(a.last - 1, a.first - 1, -1):
            start, count = offsets[t], min(offsets[t + 1] - offsets[t], bounds[block + 1]) - low
            if count <= 0:
                continue
            before = matrix(a.c_before, ROWS, h, real) if t == a.first else c[offsets[t - 1] : start]
            scratch[DB:] = 0
            for r in range(low, low + count):
                row = start + r
                delta = errors[row * g : row * g + g]
                rows.total(scratch[ERROR], dy[row], recurrent[r])
                backward_row(a, activations[row * g : row * g + g], p, scratch, c[row], before[r], dc[r], delta)
                share_of_row(a, scratch, c[row], before[r], delta)
            for k in range(g):
                rows.accumulate(db[k], scratch[DB + k])
            for k in range(4):
                rows.accumulate(dp[k], scratch[DP + k])
            if t > 0 or a.needs_dy_before:
                delta_at = a.errors + (start + low) * g * h * size
                multiply(real, count, h, g * h, delta_at, a.weight, 0, a.recurrent + low * h * size, t)
            if a.blocks > 1 and a.dx:
                error_of_x(a, real, size, start + low, count)
    if a.blocks == 1 and a.dx:
        error_of_x(a, real, size, offsets[a.first], offsets[a.last] - offsets[a.first])


@cache
def address(direction: str, single: bool) -> int:
    """The compiled kernel for direction "forward" or "backward", in single or double precision."""
    _parallel.bind()
    stamp, kinds = source_stamp(), {"forward": FORWARD.kind, "backward": BACKWARD.kind}
    kind, real = kinds[direction], np.float32 if single else np.float64

    def lstm_forward(pointer: Any) -> None:
        a = record(pointer, kind)
        a.stamp = stamp
        before = denormals_flushed()
        forward(a, real)
        denormals_restored(before)

    def lstm_backward(pointer: Any) -> None:
        a = record(pointer, kind)
        a.stamp = stamp
        before = denormals_flushed()
        backward(a, real)
        denormals_restored(before)

    kernel = lstm_forward if direction == "forward" else lstm_backward
    return entry(kernel, f"LSTM {direction} {'float32' if single else 'float64'}")
