"""Fused kernels beside the readable cells: whole time loops, compiled.

`find(cell_kind, variant, device_type, dtype)` gives a module-like object, or None where only the reference cell can do it:

    forward(variant, x, W, R, p, b, y0, c0, batch_sizes, *, save) -> (y, yT, cT, saved)
    backward(saved, dy, dyT, dcT, *, needs_dx) -> (dx, dW, dR, dp, db, dy0, dc0)

x: (T, B, I) time-major, or packed rows (N, I) with `batch_sizes` (PackedSequence's order: time-major, longest first).
W (G*H, I), R (G*H, H), b (G*H), p (P, H) stacked as in `peephole.neural.cells`; y0, c0: (B, H); p, b, y0, c0 may be None.
y: (T, B, H) or (N, H).  yT, cT: every sequence's own final state, (B, H).  A gradient is None where its
tensor was None, and dx where it is not needed.
Call them with gradients off (inside an autograd.Function they are).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import torch

_TYPES = {
    "cpu": (torch.float32, torch.float64),
    "cuda": (torch.float32, torch.bfloat16, torch.float16),
}


def find(cell_kind: str, variant: str, device_type: str, dtype: torch.dtype) -> Any | None:
    """The fused kernel for a cell, or None.

    cell_kind: "lstm", "rnn" or "gru".  variant: of the LSTM; the RNN's nonlinearity; ignored for the GRU.
    device_type: as in `tensor.device.type`.
    """
    if dtype not in _TYPES.get(device_type, ()):
        return None
    try:
        kernel = import_module(f"peephole.neural.kernels.{cell_kind}_{device_type}")
    except ModuleNotFoundError:  # numba or Triton is not installed, or there is no kernel for this cell
        return None
    return kernel if cell_kind == "gru" or variant in kernel.VARIANTS else None
