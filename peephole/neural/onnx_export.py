"""The peephole LSTM as an ONNX graph: the standard LSTM operator has exactly these peepholes (input P).

There the blocks stand in the order in, out, for, z and the peepholes in, out, for; W and R carry a bias each. A gate that
a variant lacks is a gate with zero weights and a bias so large that its value is 1. Weights are written in float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from peephole.core.errors import MissingLibraryError
from peephole.neural.cells.variants import GATES, VARIANTS, Variant
from peephole.neural.errors import ConversionError
from peephole.neural.layers.lstm import LSTM
from peephole.neural.layers.recurrent import Direction

OPSET, IR_VERSION = 17, 8  # old enough for the runtimes in use
_BLOCKS = ("in", "out", "for", "z")
_PEEPHOLES = ("in", "out", "for")
_ALWAYS_OPEN = 100.0  # σ(100) is 1 in float32


@dataclass
class Graph:
    """Nodes and weights of the graph, as they are added."""

    onnx: Any
    nodes: list[Any] = field(default_factory=list)
    weights: list[Any] = field(default_factory=list)

    def node(self, operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: object) -> str:
        """Add a node; the name of its first output."""
        self.nodes.append(self.onnx.helper.make_node(operator, list(inputs), list(outputs), **attributes))
        return outputs[0]

    def weight(self, name: str, value: Tensor) -> str:
        """Add a constant; its name."""
        self.weights.append(self.onnx.numpy_helper.from_array(value.detach().cpu().contiguous().numpy(), name))
        return name


def export_onnx(layer: LSTM, path: str | Path | None = None, *, states: bool = False, lengths: bool = False) -> Any:
    """The layer as an ONNX model, written to `path` where one is given.

    layer: any number of layers, one or both directions, every variant but FGR; dropout is left out.
    states: the graph takes `h_0` and `c_0`, (layers*directions, B, H), as inputs; else they are zero.
    lengths: the graph takes `lengths` (B), int32, the steps of each sequence.
    The graph takes `input` and returns `output`, `h_n`, `c_n`, shaped as the layer has them; T and B are free.
    Returns the `onnx.ModelProto`. Raises ConversionError for FGR, MissingLibraryError without the onnx package.
    """
    if layer.variant == "FGR":
        raise ConversionError(
            "ONNX's LSTM operator has no gate recurrence, so the variant FGR cannot be exported.",
            remedy="Export another variant, or run this one with torch.",
        )
    graph = Graph(library())
    _layers(graph, layer, states=states, lengths=lengths)
    model = _model(graph, layer, states=states, lengths=lengths)
    graph.onnx.checker.check_model(model, full_check=True)
    if path is not None:
        graph.onnx.save(model, str(path))
    return model


def library() -> Any:
    """The onnx package. Raises MissingLibraryError."""
    try:
        import onnx
    except ImportError as cause:
        raise MissingLibraryError(
            "Exporting to ONNX needs the package onnx.", remedy='Install it: pip install "peephole[onnx]".'
        ) from cause
    return onnx


def _layers(graph: Graph, layer: LSTM, *, states: bool, lengths: bool) -> None:
    """The operators of all layers, from `input` to `output`, `h_n` and `c_n`."""
    rows = "input"
    if layer.batch_first:
        rows = graph.node("Transpose", [rows], ["input_by_time"], perm=[1, 0, 2])
    parts = [(_part("h_0", k), _part("c_0", k)) if states else ("", "") for k in range(layer.num_layers)]
    if states:
        sizes = graph.weight("state_sizes", torch.full((layer.num_layers,), len(layer.directions), dtype=torch.int64))
        for which, name in enumerate(("h_0", "c_0")):
            graph.node("Split", [name, sizes], [part[which] for part in parts], axis=0)
    side_by_side = graph.weight("side_by_side", torch.tensor([0, 0, -1]))
    for k, (h_0, c_0) in enumerate(parts):
        last = k == layer.num_layers - 1 and not layer.batch_first
        weights = _weights(graph, layer, k)
        inputs = [rows, *weights[:3], "lengths" if lengths else "", h_0, c_0, *weights[3:]]
        graph.node("LSTM", inputs, [_part("Y", k), _part("h", k), _part("c", k)], **lstm_attributes(layer))
        apart = graph.node("Transpose", [_part("Y", k)], [_part("Y_by_step", k)], perm=[0, 2, 1, 3])
        rows = graph.node("Reshape", [apart, side_by_side], ["output" if last else _part("rows", k)])
    if layer.batch_first:
        graph.node("Transpose", [rows], ["output"], perm=[1, 0, 2])
    for name, letter in (("h_n", "h"), ("c_n", "c")):
        graph.node("Concat", [_part(letter, k) for k in range(layer.num_layers)], [name], axis=0)


def _part(name: str, layer: int) -> str:
    return f"{name}_layer{layer}"


def _weights(graph: Graph, layer: LSTM, k: int) -> list[str]:
    """W, R, B and, with peepholes, P of one layer, a first axis for the directions; their names."""
    parts = [cell_weights(layer, k, direction) for direction in layer.directions]
    names = []
    for name in parts[0]:
        stacked = torch.stack([part[name] for part in parts])
        names.append(graph.weight(_part(name, k), stacked))
    return names


def cell_weights(layer: LSTM, k: int, direction: Direction) -> dict[str, Tensor]:
    """W (4H, I), R (4H, H), B (8H), P (3H) of one cell in ONNX's order, float32."""
    variant = VARIANTS[layer.variant]
    views = {name: view.detach().float() for name, view in layer.views(k, direction).items()}
    H = layer.hidden_size
    zeros = {"W": torch.zeros_like(views["W_z"]), "R": torch.zeros_like(views["R_z"]), "b": views["R_z"].new_zeros(H)}
    b = [views.get(f"b_{block}", _constant_bias(variant, block, zeros["b"])) for block in _BLOCKS]
    weights = {
        "W": torch.cat([views.get(f"W_{block}", zeros["W"]) for block in _BLOCKS]),
        "R": torch.cat([views.get(f"R_{block}", zeros["R"]) for block in _BLOCKS]),
        "B": torch.cat([*b, *(zeros["b"] for _ in _BLOCKS)]),
    }
    if variant.peepholes:
        weights["P"] = torch.cat([views.get(f"p_{gate}", zeros["b"]) for gate in _PEEPHOLES])
    return weights


def _constant_bias(variant: Variant, block: str, zeros: Tensor) -> Tensor:
    """The bias of a block that has none: zero, or what keeps an absent gate open."""
    absent = block in GATES and block not in variant.gates and not (block == "for" and variant.coupled)
    return zeros + _ALWAYS_OPEN if absent else zeros


def lstm_attributes(layer: LSTM) -> dict[str, object]:
    """The operator's attributes: hidden size, direction, and what the variant changes."""
    variant = VARIANTS[layer.variant]
    attributes: dict[str, object] = {"hidden_size": layer.hidden_size}
    if layer.bidirectional:
        attributes["direction"] = "bidirectional"
    if variant.coupled:
        attributes["input_forget"] = 1
    if not (variant.input_activation and variant.output_activation):
        one = ["Sigmoid", _activation(variant.input_activation), _activation(variant.output_activation)]
        attributes["activations"] = one * len(layer.directions)
        # alpha and beta are given only for the activations that take them
        attributes["activation_alpha"] = [1.0] * len(layer.directions)
        attributes["activation_beta"] = [0.0] * len(layer.directions)
    return attributes


def _activation(present: bool) -> str:
    return "Tanh" if present else "Affine"


def _model(graph: Graph, layer: LSTM, *, states: bool, lengths: bool) -> Any:
    helper, types = graph.onnx.helper, graph.onnx.TensorProto
    cells, H = layer.num_layers * len(layer.directions), layer.hidden_size
    leading = ["B", "T"] if layer.batch_first else ["T", "B"]
    state = [cells, "B", H]

    def tensor(name: str, shape: list[object], kind: Any = types.FLOAT) -> Any:
        return helper.make_tensor_value_info(name, kind, shape)

    inputs = [tensor("input", [*leading, layer.input_size])]
    inputs += [tensor("h_0", [*state]), tensor("c_0", [*state])] if states else []
    inputs += [tensor("lengths", ["B"], types.INT32)] if lengths else []
    outputs = [
        tensor("output", [*leading, H * len(layer.directions)]),
        tensor("h_n", [*state]),
        tensor("c_n", [*state]),
    ]
    made = helper.make_graph(graph.nodes, f"peephole_lstm_{layer.variant}", inputs, outputs, graph.weights)
    opsets = [helper.make_opsetid("", OPSET)]
    return helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="peephole")
