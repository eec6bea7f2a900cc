"""The first level as data: the layers as boxes, histograms of what passes through them, pictures of what is inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from peephole.neural.cells.spec import CellSpec
from peephole.neural.traces import Trace
from peephole.neural.view.arrays import packed
from peephole.neural.view.pooling import strongest

BINS = 24
SIDE = 64  # rows and columns of a picture at most
PICTURES = 64  # images of a stack at most
ARROWS = {"forward": "", "reverse": " ←"}


@dataclass(frozen=True)
class Box:
    """A layer as drawn.

    facts: its settings in words.  shape: of what it gives, one example.  parameters: how many.  inputs: ids of the boxes
    before.  layer: which recurrent layer of the trace it is; None where it is none of them.  opens: whether it can be unfolded.
    """

    id: str
    title: str
    kind: str
    facts: tuple[str, ...] = ()
    shape: str = ""
    parameters: int = 0
    inputs: tuple[str, ...] = ()
    layer: int | None = None
    opens: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


class Boxes(Protocol):
    """Whoever knows the layers: a trace of a single layer, or a network around it."""

    def boxes(self) -> Sequence[Box]:
        """Every layer, in the order of computation."""

    def passing(self, box: str) -> tuple[Tensor | None, Tensor | None]:
        """What the box gives for the example, and the loss's gradient with respect to it; None where unknown."""

    def pictures(self, box: str) -> list[dict[str, Any]]:
        """What is inside the box, as `picture` makes it."""


def histograms(boxes: Boxes) -> dict[str, Any]:
    """For each box a histogram of its activations and one of its gradients."""
    found = {}
    for box in boxes.boxes():
        activations, gradients = boxes.passing(box.id)
        found[box.id] = {"activations": histogram(activations), "gradients": histogram(gradients)}
    return {"boxes": found}


def histogram(values: Tensor | None) -> dict[str, Any] | None:
    """How many numbers fall into each of 24 equal bins."""
    if values is None:
        return None
    numbers = values.detach().double().flatten()
    numbers = numbers[torch.isfinite(numbers)]
    if not len(numbers):
        return None
    low, high = float(numbers.min()), float(numbers.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts = torch.histc(numbers, BINS, low, high)
    spread = float(numbers.std(correction=0))
    return {"edges": [low, high], "counts": counts.tolist(), "mean": float(numbers.mean()), "spread": spread}


def picture(title: str, of: str, images: Tensor, names: Sequence[str] = ()) -> dict[str, Any]:
    """A stack of images (count, rows, columns), cut to what is drawn.

    of: value, error, weight, or ink for pixels.  names: of the images; of a single line those of its numbers.
    """
    shown = images[:PICTURES]
    return {
        "title": title,
        "of": of,
        "values": packed(strongest(strongest(shown, SIDE, 1), SIDE, 2)),
        "names": list(names[:PICTURES]),
    }


class TraceBoxes:
    """The layers of a trace alone: input, recurrent layers, loss."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def boxes(self) -> list[Box]:
        """Input, every recurrent layer, the loss."""
        trace, spec = self.trace, self.trace.spec
        kind = " ".join(filter(None, (spec.kind.upper(), spec.variant if spec.kind == "lstm" else "")))
        width = trace.value("x").shape[-1]
        found = [Box("input", "Input", "input", shape=f"{trace.T} × {width}")]
        for layer in range(trace.layers):
            H = trace.value(spec.output, layer=layer).shape[-1]
            count = sum(
                p.numel() for d in trace.directions for p in trace.parameters(layer=layer, direction=d).values()
            )
            facts = (f"{H} units", *(("both directions",) if len(trace.directions) > 1 else ()))
            title = kind if trace.layers == 1 else f"{kind} {layer + 1}"
            shape = f"{trace.T} × {H * len(trace.directions)}"
            found.append(
                Box(f"layer-{layer}", title, "recurrent", facts, shape, count, (found[-1].id,), layer, opens=True)
            )
        return [*found, Box("loss", "Loss", "loss", (f"J = {trace.loss:.4g}",), "1", inputs=(found[-1].id,))]

    def passing(self, box: str) -> tuple[Tensor | None, Tensor | None]:
        """Values and errors of the input, or of a layer's outputs."""
        trace = self.trace
        if box == "input":
            return trace.value("x"), trace.input_error()
        if box == "loss":
            return trace.step_losses, None
        place = int(box.removeprefix("layer-"))
        output = trace.spec.output
        values = [trace.value(output, layer=place, direction=d) for d in trace.directions]
        errors = [trace.error(output, layer=place, direction=d) for d in trace.directions]
        return torch.cat(values, -1), torch.cat(errors, -1)

    def pictures(self, box: str) -> list[dict[str, Any]]:
        """Of a layer its matrices; of the input its numbers and their errors over time."""
        if box == "input":
            values, errors = self.trace.value("x")[:, 0], self.trace.input_error()[:, 0]
            return [picture("numbers", "value", values.T[None]), picture("errors", "error", errors.T[None])]
        return recurrent_pictures(self.trace, int(box.removeprefix("layer-"))) if box.startswith("layer-") else []


def recurrent_pictures(trace: Trace, layer: int) -> list[dict[str, Any]]:
    """What a recurrent layer has learnt, and the gradients of it."""
    found = []
    for direction in trace.directions:
        parameters = trace.parameters(layer=layer, direction=direction)
        gradients = {name: trace.gradient(name, layer=layer, direction=direction) for name in parameters}
        found += cell_pictures(trace.spec, parameters, gradients, ARROWS[direction])
    return found


def cell_pictures(
    spec: CellSpec, parameters: Mapping[str, Tensor], gradients: Mapping[str, Tensor], mark: str
) -> list[dict[str, Any]]:
    """Matrices, peepholes and biases by the paper's names, each with its gradient.  mark: which cell."""
    found = []
    for parameter in spec.parameters:
        name, tensor = parameter.id, parameters.get(parameter.id)
        if tensor is None:
            continue
        found.append(picture(name + mark, "weight", _as_image(tensor.detach())))
        if name in gradients:
            found.append(picture(f"∂J/∂{name}{mark}", "error", _as_image(gradients[name])))
    return found


def _as_image(parameter: Tensor) -> Tensor:
    """A matrix as it is, a vector as a line: one image, (1, rows, columns)."""
    return parameter.reshape(1, -1, parameter.shape[-1])
