"""What the LSTM kernels, on whatever device, save for the backward pass and give back from it."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from peephole.neural.kernels._plan import Plan


class Saved(NamedTuple):
    """What the backward pass needs: (G + 1) H numbers a token besides x and y, which exist anyway."""

    variant: str
    plan: Plan
    x: Tensor  # as given
    W: Tensor
    R: Tensor
    p: Tensor | None
    b: Tensor | None
    y0: Tensor | None
    c0: Tensor | None
    y: Tensor  # (N, H)
    c: Tensor  # (N, H)
    activations: Tensor  # (N, G*H)


class Gradients(NamedTuple):
    """∂J/∂ of every tensor that `forward` takes, in its shapes; None where that was None."""

    x: Tensor | None
    W: Tensor
    R: Tensor
    p: Tensor | None
    b: Tensor | None
    y0: Tensor | None
    c0: Tensor | None
