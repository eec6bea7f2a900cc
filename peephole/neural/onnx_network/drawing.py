"""An ONNX graph while it is drawn: operators and weights, with names that are free."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from peephole.neural.errors import ConversionError
from peephole.neural.onnx_export import Graph
from peephole.neural.shapes import Shape


class Wire(NamedTuple):
    """A value in the graph: its name, its shape, and the name of the lengths of its sequences, if they differ."""

    name: str
    shape: Shape
    lengths: str | None = None


@dataclass
class Drawing:
    """Adds operators, one layer after the other."""

    graph: Graph
    count: int = 0

    def op(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator with one output; its name."""
        self.count += 1
        return self.graph.node(operator, list(inputs), [f"{operator.lower()}_{self.count}"], **attributes)

    def weight(self, value: Tensor | list[Any]) -> str:
        """Add a constant; its name."""
        self.count += 1
        tensor = value if isinstance(value, Tensor) else torch.tensor(value)
        return self.graph.weight(f"weight_{self.count}", tensor)

    def turned(self, name: str, *order: int) -> str:
        """The axes in another order."""
        return self.op("Transpose", name, perm=list(order))

    def activated(self, name: str, function: str, axis: int = -1) -> str:
        """A value through an activation function."""
        match function:
            case "none":
                return name
            case "softmax":
                return self.op("Softmax", name, axis=axis)
            case "leaky relu":
                return self.op("LeakyRelu", name, alpha=0.01)
            case "gelu":
                half = self.op("Mul", name, self.weight(torch.tensor(0.5)))
                bent = self.op("Erf", self.op("Mul", name, self.weight(torch.tensor(1 / math.sqrt(2.0)))))
                return self.op("Mul", half, self.op("Add", bent, self.weight(torch.tensor(1.0))))
        return self.op({"elu": "Elu", "softplus": "Softplus"}.get(function, function.capitalize()), name)


def one_length(wire: Wire, what: str) -> None:
    """Raise ConversionError where sequences of different lengths come to a layer that ONNX has no masks for."""
    if wire.lengths is not None:
        raise ConversionError(
            f"{what} over sequences of different lengths has no counterpart among the ONNX operators.",
            remedy="Use sequences of one length (Sequence input), or take the safetensors and JSON files.",
        )
