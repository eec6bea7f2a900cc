"""The floor: the matrix products of an LSTM alone, with no elementwise work and no Python between the steps.

The recurrent products run in one compiled loop, the weights already packed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np
import torch
from torch import Tensor

from peephole.neural.kernels._gradients import add_gradient
from peephole.neural.kernels._product import multiply, pack


@cache
def _loop() -> Callable[..., None]:
    @numba.njit(nogil=True)
    def products(steps: int, rows: int, n: int, k: int, a: int, b: int, beta: int, c: int, c_step: int) -> None:
        for t in range(steps):
            multiply(np.float32, rows, n, k, a + t * rows * k * 4, b, beta, c + t * c_step, t)

    return products


class Floor:
    """The products of one pass over (T, B, I) with H units, forward and backward."""

    def __init__(self, B: int, T: int, features: int, H: int) -> None:
        self.sizes = B, T, H
        self.x, self.y = torch.randn(T * B, features), torch.randn(T * B, H)
        self.W, R = torch.randn(4 * H, features), torch.randn(4 * H, H)
        self.R, self.Rt = pack(R), pack(R.t())
        self.errors, self.recurrent = torch.randn(T * B, 4 * H), torch.empty(B, H)

    def forward(self) -> None:
        """W x for all steps at once, R y for every step but the first, which starts from zero."""
        B, T, H = self.sizes
        bars = self.x @ self.W.t()
        bar_row = 4 * H * 4
        _products(T - 1, B, 4 * H, H, self.y, self.Rt, 1, bars[B:], B * bar_row)

    def train(self) -> None:
        """Forward; then Rᵀ δ for every step but the first, and the gradients of x, W and R."""
        B, T, H = self.sizes
        self.forward()
        _products(T - 1, B, H, 4 * H, self.errors, self.R, 0, self.recurrent, 0)
        _ = self.errors @ self.W
        add_gradient(torch.empty_like(self.W), 0, self.errors, self.x)
        add_gradient(self.W.new_empty(4 * H, H), 0, self.errors[B:], self.y[:-B])


def _products(steps: int, rows: int, n: int, k: int, a: Tensor, b: Tensor, beta: int, c: Tensor, c_step: int) -> None:
    if steps:
        loop: Any = _loop()
        loop(steps, rows, n, k, a.data_ptr(), b.data_ptr(), beta, c.data_ptr(), c_step)
