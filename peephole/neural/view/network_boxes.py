"""The layers of a trained network as boxes, with what passes through them for one row, and what is inside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pyarrow as pa
from torch import Tensor

from peephole.neural.kinds import kind_of
from peephole.neural.network import LayerBlock
from peephole.neural.trained import TrainedNetwork
from peephole.neural.view.boxes import PICTURES, Box, picture

# settings that a box tells, and how
_FACTS = {
    "units": "{} units",
    "filters": "{} filters",
    "width": "width {}",
    "activation": "{}",
    "variant": "{}",
    "layers": "{} layers",
    "share": "{:.0%} left out",
    "size": "size {}",
    "how": "{}",
    "function": "{}",
}


class NetworkBoxes:
    """layer: the recurrent layer that is unfolded, None for none.  row: number of the row that is run."""

    def __init__(self, net: TrainedNetwork, table: pa.Table, row: int, layer: str | None) -> None:
        self._net = net
        self._table = table
        self._row = row
        self._layer = layer

    def boxes(self) -> list[Box]:
        """Every layer of the drawing."""
        return [self._box(name, block) for name, block in self._net.graph.layers.items()]

    def passing(self, box: str) -> tuple[Tensor | None, Tensor | None]:
        """What the layer gives for the row, and the loss's gradient with respect to it."""
        return self._activations.get(box), self._gradients.get(box)

    def pictures(self, box: str) -> list[dict[str, Any]]:
        """Weights or filters, what the layer gives (feature maps), and the gradients of it."""
        found = []
        if box not in self._net.graph.inputs:
            part = self._net.module.layers[box]
            weights = dict(part.named_parameters())
            for name, weight in weights.items():
                found += _weights(_weight_name(name, len(weights)), weight.detach())
        for title, of, tensor in zip(("gives", "∂J/∂ of it"), ("value", "error"), self.passing(box), strict=True):
            if tensor is not None and tensor.is_floating_point():
                found.append(picture(title, of, _as_images(tensor[0])))
        return found

    @cached_property
    def _activations(self) -> Mapping[str, Tensor]:
        return self._net.activations(self._table, [self._row])

    @cached_property
    def _gradients(self) -> Mapping[str, Tensor]:
        return self._net.gradients(self._table, [self._row]) if self._net.graph.ends else {}

    def _box(self, name: str, block: LayerBlock) -> Box:
        shapes = self._net.module.shapes
        before = [shapes[i] for i in block.inputs]
        return Box(
            id=name,
            title=block.title or kind_of(block.kind).title,
            kind=kind_of(block.kind).role,
            facts=_facts(block),
            shape=str(shapes[name]),
            parameters=kind_of(block.kind).count(block.settings, before, shapes[name]),
            inputs=block.inputs,
            layer=0 if name == self._layer else None,
            opens=kind_of(block.kind).role == "recurrent",
        )


def _facts(block: LayerBlock) -> tuple[str, ...]:
    """Its settings in words; what is as it always is goes without saying."""
    told = []
    for name, words in _FACTS.items():
        value = block.settings.get(name)
        if value not in (None, "none", "") and not (name == "layers" and value == 1):
            told.append(words.format(value))
    return tuple(told)


def _weight_name(name: str, count: int) -> str:
    return "weights" if count <= 2 and name == "weight" else name


def _weights(name: str, weight: Tensor) -> list[dict[str, Any]]:
    """A matrix as one picture, filters as one each; vectors are told by their histograms."""
    if weight.dim() == 2:
        return [picture(name, "weight", weight[None])]
    if weight.dim() == 3:
        return [picture("filters", "weight", weight)]
    if weight.dim() == 4:
        each = weight.flatten(0, 1) if weight.shape[0] * weight.shape[1] <= PICTURES else weight.mean(1)
        return [
            picture(
                "filters" if len(each) >= len(weight) * weight.shape[1] else "filters, mean over channels",
                "weight",
                each,
            )
        ]
    return []


def _as_images(one: Tensor) -> Tensor:
    """What one row gives, as images: maps as they are, steps from left to right, a vector as a line."""
    if one.dim() == 3:
        return one
    if one.dim() == 2:
        return one.T[None]
    return one.reshape(1, 1, -1)
