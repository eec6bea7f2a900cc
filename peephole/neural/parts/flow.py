"""What flows between two layers, and what a layer's part is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from peephole.neural.shapes import Shape

Settings = Mapping[str, Any]


class Flow(NamedTuple):
    """A batch on its way.

    x: (B, F), (B, T, F) or (B, C, H, W); codes (B) or (B, T), whole numbers.
    lengths: steps of each sequence (B), on the CPU; None where every one has T. What lies beyond counts for nothing.
    """

    x: Tensor
    lengths: Tensor | None = None

    @property
    def mask(self) -> Tensor | None:
        """Which steps there are, (B, T); None for all."""
        if self.lengths is None:
            return None
        return (torch.arange(self.x.shape[1]) < self.lengths.unsqueeze(1)).to(self.x.device)

    def with_x(self, x: Tensor) -> Flow:
        """The same steps with other values."""
        return Flow(x, self.lengths)

    def cleared(self) -> Flow:
        """Zero beyond each sequence's end."""
        mask = self.mask
        return self if mask is None else self.with_x(self.x * mask.unsqueeze(-1))

    def to(self, device: torch.device) -> Flow:
        """On another device; lengths stay on the CPU."""
        return self.with_x(self.x.to(device))


@dataclass(frozen=True)
class Part:
    """One kind of layer in torch.

    build: the module, from the settings and the shapes before and after.  run: one pass of a batch through it.
    """

    build: Callable[[Settings, Sequence[Shape], Shape], nn.Module]
    run: Callable[[Any, Settings, Sequence[Flow]], Flow]


def nothing(_settings: Settings, _before: Sequence[Shape], _after: Shape) -> nn.Module:
    """The module of a layer without parameters."""
    return nn.Identity()


def features(shape: Shape) -> int:
    """How many, known by now."""
    if shape.features is None:
        raise ValueError(f"the features of {shape} are not known yet")
    return shape.features
