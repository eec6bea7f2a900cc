"""Matrix products inside compiled kernels.

`multiply`, C = A @ B: a recurrent product has few rows, and the same weights at every step. B is packed once for all steps, in
panels as wide as a block of the processor's vector registers, so that a block of C stays in registers while A and one panel
stream past. `add_outer`, C += Aᵀ @ B: the gradient of a weight, summed over many rows. No BLAS is called, whose general entry
repacks B at every step.
"""

# ruff: noqa: ARG001  (the signatures are numba's)

from __future__ import annotations

from typing import Any

import torch
from numba import types
from torch import Tensor

from peephole.neural.kernels._blocks import block, tile
from peephole.neural.kernels._jit import inlined, overload
from peephole.neural.kernels._memory import matrix

DEPTH = 128  # rows of A and B that `add_outer` takes at a time: its panel of B stays in the first-level cache
ROOM = DEPTH * tile().vectors * tile().size  # bytes


def pack(weight: Tensor) -> Tensor:
    """B (k, n), of any strides, as `multiply` reads it: panels (n / width, k, width), the last one filled up with zeros."""
    k, n = weight.shape
    width = tile().width(weight.element_size())
    whole = torch.nn.functional.pad(weight, (0, -n % width)) if n % width else weight
    down, right = whole.stride()
    return whole.as_strided((whole.shape[1] // width, k, width), (width * right, down, right)).contiguous()


def multiply(real: Any, m: int, n: int, k: int, a: int, packed: int, beta: int, c: int, turn: int) -> None:
    """C (m, n) <- A (m, k) @ B (k, n) + beta C; A and C row-major and dense, B packed, all given as addresses.

    real: np.float32 or np.float64.  beta: 0 or 1.  turn: the number of the step; every other one goes through the panels
    backwards, and begins with those that are in the cache still.
    """
    raise NotImplementedError("only compiled code calls this")


@overload(multiply)
def _multiply(real: Any, m: Any, n: Any, k: Any, a: Any, packed: Any, beta: Any, c: Any, turn: Any) -> Any:
    size = 4 if real.dtype == types.float32 else 8
    width, most = tile().width(size), tile().rows
    many, half, one = (block(size, rows, across=False) for rows in (most, most // 2, 1))
    fewer = most // 2

    def code(real: Any, m: Any, n: Any, k: Any, a: Any, packed: Any, beta: Any, c: Any, turn: Any) -> None:
        panels = (n + width - 1) // width
        for which in range(panels):
            column = (panels - 1 - which if turn & 1 else which) * width
            panel, to, row = packed + column * k * size, c + column * size, 0
            columns = min(width, n - column)
            while row + most <= m:
                many(a + row * k * size, k, panel, k, beta, to + row * n * size, n, columns)
                row += most
            if row + fewer <= m:
                half(a + row * k * size, k, panel, k, beta, to + row * n * size, n, columns)
                row += fewer
            while row < m:
                one(a + row * k * size, k, panel, k, beta, to + row * n * size, n, columns)
                row += 1

    return code


def add_outer(real: Any, m: int, n: int, k: int, a: int, step: int, b: int, beta: int, c: int, room: int) -> None:
    """C (m, n) <- Aᵀ @ B + beta C, for the first m columns of A (k, step) and B (k, n), all given as addresses.

    real: np.float32 or np.float64.  beta: 0 or 1.  room: for DEPTH rows of a panel.
    """
    raise NotImplementedError("only compiled code calls this")


@overload(add_outer)
def _add_outer(real: Any, m: Any, n: Any, k: Any, a: Any, step: Any, b: Any, beta: Any, c: Any, room: Any) -> Any:
    size = 4 if real.dtype == types.float32 else 8
    width, most = tile().width(size), tile().rows
    many, half, one = (block(size, rows, across=True) for rows in (most, most // 2, 1))
    fewer = most // 2

    def code(real: Any, m: Any, n: Any, k: Any, a: Any, step: Any, b: Any, beta: Any, c: Any, room: Any) -> None:
        for start in range(0, k, DEPTH):
            depth, keep, line = min(DEPTH, k - start), beta if start == 0 else 1, a + start * step * size
            part = matrix(b, k, n, real)[start : start + depth]
            for column in range(0, n, width):
                columns, to, row = min(width, n - column), c + column * size, 0
                _fill_panel(part[:, column : column + columns], matrix(room, DEPTH, width, real))
                while row + most <= m:
                    many(line + row * size, step, room, depth, keep, to + row * n * size, n, columns)
                    row += most
                if row + fewer <= m:
                    half(line + row * size, step, room, depth, keep, to + row * n * size, n, columns)
                    row += fewer
                while row < m:
                    one(line + row * size, step, room, depth, keep, to + row * n * size, n, columns)
                    row += 1

    return code


@inlined
def _fill_panel(part: Any, panel: Any) -> None:
    """Copy a part of B into a panel, its missing columns zero."""
    depth, columns = part.shape
    for line in range(depth):
        for j in range(columns):
            panel[line, j] = part[line, j]
        for j in range(columns, panel.shape[1]):
            panel[line, j] = 0
