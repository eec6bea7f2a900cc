"""Each kind of layer in ONNX operators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from torch import nn

from peephole.neural.errors import ConversionError
from peephole.neural.kinds.convolution import zeros_around
from peephole.neural.onnx_network.drawing import Drawing, Wire, one_length
from peephole.neural.onnx_network.recurrent import recurrent

Settings = Mapping[str, Any]
Draw = Callable[[Drawing, Any, Settings, Sequence[Wire]], str]


def linear(drawing: Drawing, layer: nn.Module, wire: Wire) -> str:
    """x Wᵀ + b over the last axis."""
    if not isinstance(layer, nn.Linear):
        return wire.name
    product = drawing.op("MatMul", wire.name, drawing.weight(layer.weight.t()))
    return product if layer.bias is None else drawing.op("Add", product, drawing.weight(layer.bias))


def _dense(drawing: Drawing, layer: nn.Linear, settings: Settings, wires: Sequence[Wire]) -> str:
    return drawing.activated(linear(drawing, layer, wires[0]), settings["activation"])


def _output(drawing: Drawing, layer: nn.Module, settings: Settings, wires: Sequence[Wire]) -> str:
    return drawing.activated(linear(drawing, layer, wires[0]), settings.get("activation", "none"))


def _embedding(drawing: Drawing, layer: nn.Embedding, _settings: Settings, wires: Sequence[Wire]) -> str:
    return drawing.op("Gather", drawing.weight(layer.weight), wires[0].name, axis=0)


def _batch_norm(drawing: Drawing, layer: nn.BatchNorm1d, _settings: Settings, wires: Sequence[Wire]) -> str:
    steps = wires[0].shape.form == "sequence"
    x = drawing.turned(wires[0].name, 0, 2, 1) if steps else wires[0].name
    parts = [layer.weight, layer.bias, layer.running_mean, layer.running_var]
    given = [drawing.weight(part) for part in parts if part is not None]
    y = drawing.op("BatchNormalization", x, *given, epsilon=layer.eps)
    return drawing.turned(y, 0, 2, 1) if steps else y


def _layer_norm(drawing: Drawing, layer: nn.LayerNorm, _settings: Settings, wires: Sequence[Wire]) -> str:
    image = wires[0].shape.form == "image"
    x = drawing.turned(wires[0].name, 0, 2, 3, 1) if image else wires[0].name
    given = [drawing.weight(layer.weight), drawing.weight(layer.bias)]
    y = drawing.op("LayerNormalization", x, *given, axis=-1, epsilon=layer.eps)
    return drawing.turned(y, 0, 3, 1, 2) if image else y


def _dropout(_drawing: Drawing, _layer: nn.Module, _settings: Settings, wires: Sequence[Wire]) -> str:
    return wires[0].name


def _activation(drawing: Drawing, _layer: nn.Module, settings: Settings, wires: Sequence[Wire]) -> str:
    return drawing.activated(wires[0].name, settings["function"], 1 if wires[0].shape.form == "image" else -1)


def _convolution(drawing: Drawing, layer: nn.Conv1d | nn.Conv2d, settings: Settings, wires: Sequence[Wire]) -> str:
    wire = wires[0]
    one_length(wire, "Convolution")
    sizes = _sizes(wire)
    x = drawing.turned(wire.name, 0, 2, 1) if len(sizes) == 1 else wire.name
    bias = [] if layer.bias is None else [drawing.weight(layer.bias)]
    moving = {"kernel_shape": [settings["width"]] * len(sizes), "strides": [settings["stride"]] * len(sizes)}
    y = drawing.op("Conv", x, drawing.weight(layer.weight), *bias, **moving, pads=_pads(settings, sizes))
    bent = drawing.activated(y, settings["activation"], 1)
    return drawing.turned(bent, 0, 2, 1) if len(sizes) == 1 else bent


def _sizes(wire: Wire) -> list[int]:
    shape = wire.shape
    if shape.form == "image":
        return [shape.height, shape.width]
    if shape.steps is None:
        raise ConversionError("The number of steps is not known.", remedy="Use Sequence input.")
    return [shape.steps]


def _pads(settings: Settings, sizes: Sequence[int]) -> list[int]:
    """Zeros before and after, for each axis."""
    if settings["padding"] != "same":
        return [0] * (2 * len(sizes))
    sides = [zeros_around(size, settings["width"], settings["stride"]) for size in sizes]
    return [before for before, _ in sides] + [after for _, after in sides]


def _pooling(drawing: Drawing, _layer: nn.Module, settings: Settings, wires: Sequence[Wire]) -> str:
    wire = wires[0]
    one_length(wire, "Pooling")
    steps = wire.shape.form == "sequence"
    if settings["whole"]:
        operator = "ReduceMax" if settings["how"] == "max" else "ReduceMean"
        return drawing.op(operator, wire.name, axes=[1] if steps else [2, 3], keepdims=0)
    axes = 1 if steps else 2
    x = drawing.turned(wire.name, 0, 2, 1) if steps else wire.name
    moving = {
        "kernel_shape": [settings["width"]] * axes,
        "strides": [settings["stride"] or settings["width"]] * axes,
    }
    y = drawing.op("MaxPool" if settings["how"] == "max" else "AveragePool", x, **moving)
    return drawing.turned(y, 0, 2, 1) if steps else y


def _recurrent(drawing: Drawing, layer: Any, _settings: Settings, wires: Sequence[Wire]) -> str:
    return recurrent(drawing, layer, wires[0])


def _last_step(drawing: Drawing, _layer: nn.Module, settings: Settings, wires: Sequence[Wire]) -> str:
    last, backward = _at_the_end(drawing, wires[0]), settings["backward"]
    if not backward:
        return last
    first = drawing.op("Squeeze", _sliced(drawing, wires[0].name, 1, 0, 1), drawing.weight([1]))
    forward = _sliced(drawing, last, 1, 0, -backward)
    return drawing.op("Concat", forward, _sliced(drawing, first, 1, -backward, 2**31 - 1), axis=1)


def _sliced(drawing: Drawing, name: str, axis: int, begin: int, end: int) -> str:
    return drawing.op("Slice", name, *(drawing.weight([number]) for number in (begin, end, axis)))


def _at_the_end(drawing: Drawing, wire: Wire) -> str:
    if wire.lengths is None:
        return drawing.op("Squeeze", _sliced(drawing, wire.name, 1, -1, 2**31 - 1), drawing.weight([1]))
    last = drawing.op("Sub", drawing.op("Cast", wire.lengths, to=7), drawing.weight([1]))
    at = drawing.op("Unsqueeze", last, drawing.weight([1]))
    return drawing.op("GatherND", wire.name, at, batch_dims=1)


def _repeat(drawing: Drawing, _layer: nn.Module, settings: Settings, wires: Sequence[Wire]) -> str:
    one = drawing.op("Unsqueeze", wires[0].name, drawing.weight([1]))
    return drawing.op("Tile", one, drawing.weight([1, settings["steps"], 1]))


def _flatten(drawing: Drawing, _layer: nn.Module, _settings: Settings, wires: Sequence[Wire]) -> str:
    return drawing.op("Flatten", wires[0].name, axis=1)


def _merge(drawing: Drawing, layer: nn.Module, settings: Settings, wires: Sequence[Wire]) -> str:
    names = [wire.name for wire in wires]
    if settings["how"] == "concatenate":
        return drawing.op("Concat", *names, axis=1 if wires[0].shape.form == "image" else -1)
    if settings["how"] != "attention":
        operator = "Add" if settings["how"] == "add" else "Mul"
        return reduce(lambda one, other: drawing.op(operator, one, other), names)
    asks, memory = wires
    one_length(memory, "Attention")
    single = asks.shape.form == "vector"
    query = linear(drawing, layer, asks)
    query = drawing.op("Unsqueeze", query, drawing.weight([1])) if single else query
    weights = drawing.op("Softmax", drawing.op("MatMul", query, drawing.turned(memory.name, 0, 2, 1)), axis=-1)
    context = drawing.op("MatMul", weights, memory.name)
    return drawing.op("Squeeze", context, drawing.weight([1])) if single else context


LAYERS: dict[str, Draw] = {
    "dense": _dense,
    "embedding": _embedding,
    "batch_normalisation": _batch_norm,
    "layer_normalisation": _layer_norm,
    "dropout": _dropout,
    "activation": _activation,
    "convolution_1d": _convolution,
    "convolution_2d": _convolution,
    "pooling": _pooling,
    "simple_rnn": _recurrent,
    "lstm": _recurrent,
    "gru": _recurrent,
    "last_step": _last_step,
    "repeat_steps": _repeat,
    "flatten": _flatten,
    "merge_layers": _merge,
    "number_output": _output,
    "class_output": _output,
    "label_output": _output,
    "label_sequence_output": _output,
}
