"""The layers of a trained network as boxes, with what passes through them for one row, and what is inside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pyarrow as pa
from torch import Tensor

from peephole.neural.following import TASK, outputs_of
from peephole.neural.kinds import kind_of
from peephole.neural.layers.recurrent import Recurrent, suffix
from peephole.neural.network import LayerBlock
from peephole.neural.trained import TrainedNetwork
from peephole.neural.view.boxes import ARROWS, PICTURES, Box, cell_pictures, picture

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

# what comes in or is told is not in the table's own units
_SCALES = {
    "standard": "scaled: mean 0, deviation 1",
    "range": "scaled: from 0 to 1",
    "each": "scaled: mean 0, deviation 1",
    "together": "scaled: mean 0, deviation 1",
}

# of outputs that tell scores, what makes probabilities of them
_SCORES = {
    "class_output": "scores, before softmax",
    "label_output": "scores, before sigmoid",
    "label_sequence_output": "scores, before softmax",
}


class NetworkBoxes:
    """layer: the recurrent layer that is unfolded, None for none.  row: number of the row that is run.  loss: what J is."""

    def __init__(self, net: TrainedNetwork, table: pa.Table, row: int, layer: str | None, loss: str = TASK) -> None:
        self._net = net
        self._table = table
        self._row = row
        self._layer = layer
        self._loss = loss

    def boxes(self) -> list[Box]:
        """Every layer of the drawing."""
        return [self._box(name, block) for name, block in self._net.graph.layers.items()]

    def passing(self, box: str) -> tuple[Tensor | None, Tensor | None]:
        """What the layer gives for the row, and the loss's gradient with respect to it."""
        return self._activations.get(box), self._gradients.get(box)

    def pictures(self, box: str) -> list[dict[str, Any]]:
        """What the layer gives (feature maps), its gradients; weights or filters, theirs."""
        found = []
        maps = self._net.module.shapes[box].form == "image"
        title, look = ("feature maps" if maps else "activations"), "value"
        if maps and box in self._net.graph.inputs:
            title, look = "image", "ink"
        for name, of, tensor in zip((title, f"∂J/∂ {title}"), (look, "error"), self.passing(box), strict=True):
            if tensor is not None and tensor.is_floating_point():
                told = outputs_of(self._net) if box == self._net.graph.output and tensor.dim() == 2 else ()
                found.append(picture(name, of, _as_images(tensor[0]), told))
        return found if box in self._net.graph.inputs else found + self._inside(box)

    def _inside(self, box: str) -> list[dict[str, Any]]:
        part = self._net.module.layers[box]
        gradients = self._weight_gradients.get(box, {})
        if isinstance(part, Recurrent):
            return _cell_by_cell(part, gradients)
        weights = dict(part.named_parameters())
        found = []
        for name, weight in weights.items():
            title = "weights" if len(weights) <= 2 and name == "weight" else name
            found += _weights(title, "weight", weight.detach())
            if name in gradients:
                found += _weights(title, "error", gradients[name])
        return found

    @cached_property
    def _activations(self) -> Mapping[str, Tensor]:
        return self._net.activations(self._table, [self._row])

    @cached_property
    def _gradients(self) -> Mapping[str, Tensor]:
        return self._net.gradients(self._table, [self._row], self._loss) if self._net.graph.ends else {}

    @cached_property
    def _weight_gradients(self) -> Mapping[str, Mapping[str, Tensor]]:
        if not self._net.graph.ends:
            return {}
        return self._net.weight_gradients(self._table, [self._row], self._loss)

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
    scale = _SCALES.get(block.settings.get("scale", ""))
    told = [word for word in (scale, _SCORES.get(block.kind)) if word]
    for name, words in _FACTS.items():
        value = block.settings.get(name)
        if value not in (None, "none", "") and not (name == "layers" and value == 1):
            told.append(words.format(value))
    return tuple(told)


def _cell_by_cell(part: Recurrent, gradients: Mapping[str, Tensor]) -> list[dict[str, Any]]:
    """The matrices, peepholes and biases of each cell by the paper's names, with their gradients."""
    found = []
    for layer, direction in part.places():
        end = suffix(layer, direction)
        reached = part.spec.views({slot: gradients.get(slot + end) for slot in part.slots}, part.hidden_size)
        number = f" {layer + 1}" if part.num_layers > 1 else ""
        found += cell_pictures(part.spec, part.views(layer, direction), reached, number + ARROWS[direction])
    return found


def _weights(name: str, of: str, weight: Tensor) -> list[dict[str, Any]]:
    """A matrix as one picture, filters as one each; biases and other vectors as a line."""
    title = "filters" if weight.dim() > 2 else name
    images = weight if weight.dim() > 2 else weight.reshape(1, -1, weight.shape[-1])
    if weight.dim() == 4:
        each = weight.shape[0] * weight.shape[1] <= PICTURES
        images = weight.flatten(0, 1) if each else weight.mean(1)
        title += "" if each else ", mean over channels"
    return [picture(f"∂J/∂ {title}" if of == "error" else title, of, images)]


def _as_images(one: Tensor) -> Tensor:
    """What one row gives, as images: maps as they are, steps from left to right, a vector as a line."""
    if one.dim() == 3:
        return one
    if one.dim() == 2:
        return one.T[None]
    return one.reshape(1, 1, -1)
