"""The whole network as one ONNX graph: scales of numbers included, answers in the targets' own units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from peephole.neural.onnx_export import IR_VERSION, OPSET, Graph, library
from peephole.neural.onnx_network.drawing import Drawing, Wire
from peephole.neural.onnx_network.layers import LAYERS
from peephole.neural.shapes import Shape
from peephole.neural.trained import TrainedNetwork

_SCALED = ("number_input", "sequence_input", "list_input")


def export_network(network: TrainedNetwork, path: str | Path | None = None) -> Any:
    """A trained network as an ONNX model, written to `path` where one is given.

    The graph takes an input for each input layer, named as the layer: numbers (B, F) or (B, T, F) in the columns' own
    units, codes (B) or (B, T) of the vocabulary, images (B, C, H, W) from 0 to 1. Where sequences differ in length it takes
    `NAME_lengths` (B), int32, too. It gives `output`: numbers in the targets' own units, the probability of each class or
    label; of label sequences the scores of blank and labels.
    Returns the `onnx.ModelProto`. Raises ConversionError where a layer has no counterpart, MissingLibraryError.
    """
    network.require_output()
    drawing, wires, inputs = Drawing(Graph(library())), dict[str, Wire](), list[Any]()
    for layer in network.graph.inputs:
        wires[layer] = _input(network, layer, drawing, inputs)
    for layer, block in network.graph.layers.items():
        if layer not in wires:
            before = [wires[i] for i in block.inputs]
            name = LAYERS[block.kind](drawing, network.module.layers[layer], block.settings, before)
            shape = network.module.shapes[layer]
            wires[layer] = Wire(name, shape, before[0].lengths if shape.form == "sequence" else None)
    _answer(network, drawing, wires[network.graph.output].name)
    return _model(network, drawing.graph, inputs, path)


def _input(network: TrainedNetwork, layer: str, drawing: Drawing, inputs: list[Any]) -> Wire:
    helper, types = drawing.graph.onnx.helper, drawing.graph.onnx.TensorProto
    shape, kind = network.module.shapes[layer], network.graph.layers[layer].kind
    differ = shape.form == "sequence" and shape.steps is None
    inputs.append(
        helper.make_tensor_value_info(layer, types.INT64 if shape.codes else types.FLOAT, _dimensions(shape, layer))
    )
    if differ:
        inputs.append(helper.make_tensor_value_info(f"{layer}_lengths", types.INT32, ["B"]))
    name = layer
    if kind in _SCALED:
        fitted = network.prepared["inputs"][layer]
        shift, divisor = (torch.tensor(fitted[part], dtype=torch.float32) for part in ("shift", "divisor"))
        name = drawing.op("Div", drawing.op("Sub", name, drawing.weight(shift)), drawing.weight(divisor))
    return Wire(name, shape, f"{layer}_lengths" if differ else None)


def _dimensions(shape: Shape, layer: str) -> list[Any]:
    if shape.form == "image":
        return ["B", shape.features, shape.height, shape.width]
    steps = [] if shape.form == "vector" else [shape.steps or f"T_{layer}"]
    return ["B", *steps, *([] if shape.codes else [shape.features])]


def _answer(network: TrainedNetwork, drawing: Drawing, name: str) -> None:
    """The output in the units a person knows, named "output"."""
    kind, fitted = network.graph.layers[network.graph.output].kind, network.prepared["output"]
    if kind == "number_output":
        shift, divisor = (torch.tensor(fitted[part], dtype=torch.float32) for part in ("shift", "divisor"))
        larger = drawing.op("Mul", name, drawing.weight(divisor))
        drawing.graph.node("Add", [larger, drawing.weight(shift)], ["output"])
    elif kind == "class_output":
        drawing.graph.node("Softmax", [name], ["output"], axis=-1)
    else:
        drawing.graph.node("Sigmoid" if kind == "label_output" else "Identity", [name], ["output"])


def _model(network: TrainedNetwork, graph: Graph, inputs: list[Any], path: str | Path | None) -> Any:
    onnx = graph.onnx
    shape = network.module.shapes[network.graph.output]
    steps = [] if shape.form == "vector" else [shape.steps or "T"]
    output = onnx.helper.make_tensor_value_info("output", onnx.TensorProto.FLOAT, ["B", *steps, shape.features])
    made = onnx.helper.make_graph(graph.nodes, "peephole_network", inputs, [output], graph.weights)
    opsets = [onnx.helper.make_opsetid("", OPSET)]
    model = onnx.helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="peephole")
    onnx.checker.check_model(model, full_check=True)
    if path is not None:
        onnx.save(model, str(path))
    return model
