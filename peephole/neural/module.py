"""A drawn network as one torch module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from peephole.core.errors import StoreError
from peephole.neural.network import NetworkGraph
from peephole.neural.parts import PARTS, Flow

Flows = dict[str, Flow]


class Layers(nn.Module):
    """The layers' modules by id; any id will do, unlike in `torch.nn.ModuleDict`."""

    def __init__(self, parts: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self._modules.update(parts)

    def __getitem__(self, layer: str) -> nn.Module:
        part = self._modules[layer]
        if part is None:
            raise KeyError(layer)
        return part

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


class NetworkModule(nn.Module):
    """The network of a graph.

    graph: what is drawn.  features: of the layers of which only the training rows told them.
    `layers[id]` are its parts; the recurrent ones are RNN, LSTM and GRU of this package, batch first.
    """

    def __init__(self, graph: NetworkGraph, features: Mapping[str, int]) -> None:
        super().__init__()
        self.graph = graph
        self.shapes = graph.shapes_with(features)
        self.layers = Layers({layer: self._build(layer) for layer in graph.layers if layer not in graph.inputs})

    def _build(self, layer: str) -> nn.Module:
        block = self.graph.layers[layer]
        before = [self.shapes[i] for i in block.inputs]
        return PARTS[block.kind].build(block.settings, before, self.shapes[layer])

    def forward(self, inputs: Mapping[str, Flow | Tensor]) -> Tensor:
        """The output for a batch of inputs by id of the input layer."""
        return self.flow(inputs)[self.graph.output].x

    def flow(self, inputs: Mapping[str, Flow | Tensor], given: Mapping[str, Flow] | None = None) -> Flows:
        """What every layer gives for a batch.

        given: layers whose output is taken as it is instead of being computed.
        """
        found: Flows = {layer: f if isinstance(f, Flow) else Flow(f) for layer, f in inputs.items()}
        found |= given or {}
        for layer in self.graph.layers:
            if layer not in found:
                found[layer] = self.one(layer, found)
        return found

    def one(self, layer: str, found: Mapping[str, Flow]) -> Flow:
        """What one layer gives, of what those before it gave."""
        block = self.graph.layers[layer]
        return PARTS[block.kind].run(self.layers[layer], block.settings, [found[i] for i in block.inputs])


def built(graph: NetworkGraph, features: Mapping[str, int], seed: int) -> NetworkModule:
    """The module with initial values drawn by a seed. It seeds torch: call it where nobody else draws (see `training`)."""
    torch.manual_seed(seed)
    return NetworkModule(graph, features)


class _Undrawn(TorchFunctionMode):
    """Initial values are left out: on "meta" there are none, and to draw them torch would import its compiler, for a second."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if getattr(func, "__module__", "") == "torch.nn.init":
            return args[0] if args else kwargs["tensor"]
        return func(*args, **(kwargs or {}))


def loaded(graph: NetworkGraph, features: Mapping[str, int], weights: Mapping[str, Tensor]) -> NetworkModule:
    """The module with these weights; nothing is drawn at random. Raises StoreError where they are of another network."""
    with torch.device("meta"), _Undrawn():
        module = NetworkModule(graph, features)
    try:
        module.load_state_dict(dict(weights), assign=True)
    except RuntimeError as error:
        raise StoreError(f"The weights are not those of the network: {error}", remedy="Train it again.") from error
    return module.eval()
