"""Recurrent layers in ONNX: the operators RNN, GRU and LSTM, whose blocks stand in other orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from peephole.neural.errors import ConversionError
from peephole.neural.layers import GRU, LSTM, RNN
from peephole.neural.layers.recurrent import Direction, Recurrent
from peephole.neural.onnx_export import cell_weights, lstm_attributes
from peephole.neural.onnx_network.drawing import Drawing, Wire

_NONLINEARITY = {"tanh": "Tanh", "relu": "Relu", "logistic": "Sigmoid"}


def recurrent(drawing: Drawing, layer: Recurrent, wire: Wire) -> str:
    """The layer's output at every step, (B, T, units)."""
    operator, weights, attributes = _as_onnx(layer)
    rows = drawing.turned(wire.name, 1, 0, 2)
    together = drawing.weight([0, 0, -1])
    for number in range(layer.num_layers):
        parts = [weights(layer, number, direction) for direction in layer.directions]
        given = {name: drawing.weight(torch.stack([part[name] for part in parts])) for name in parts[0]}
        inputs = [rows, given["W"], given["R"], given["B"], wire.lengths or ""]
        inputs += ["", "", given["P"]] if "P" in given else []
        steps = drawing.turned(drawing.op(operator, *inputs, **attributes), 0, 2, 1, 3)
        rows = drawing.op("Reshape", steps, together)
    return drawing.turned(rows, 1, 0, 2)


def _as_onnx(layer: Recurrent) -> tuple[str, Callable[[Any, int, Direction], dict[str, Tensor]], dict[str, Any]]:
    ways = {"direction": "bidirectional"} if layer.bidirectional else {}
    if isinstance(layer, LSTM):
        if layer.variant == "FGR":
            raise ConversionError(
                "ONNX's LSTM operator has no gate recurrence, so the variant FGR cannot be exported.",
                remedy="Export another variant, or take the safetensors and JSON files.",
            )
        return "LSTM", cell_weights, dict(lstm_attributes(layer))
    if isinstance(layer, GRU):
        return "GRU", _gru, {"hidden_size": layer.hidden_size, "linear_before_reset": 1, **ways}
    if isinstance(layer, RNN):
        functions = [_NONLINEARITY[layer.nonlinearity]] * len(layer.directions)
        return "RNN", _rnn, {"hidden_size": layer.hidden_size, "activations": functions, **ways}
    raise ConversionError(f"{type(layer).__name__} has no counterpart among the ONNX operators.")


def _gru(layer: GRU, number: int, direction: Direction) -> dict[str, Tensor]:
    """W (3H, I), R (3H, H), B (6H), blocks update, reset, new."""
    views = {name: view.detach().float() for name, view in layer.views(number, direction).items()}
    zeros = torch.zeros_like(views["b_u"])
    return {
        "W": torch.cat([views["W_u"], views["W_r"], views["W_n"]]),
        "R": torch.cat([views["R_u"], views["R_r"], views["R_n"]]),
        "B": torch.cat([views["b_u"], views["b_r"], views["b_n"], zeros, zeros, views["b_n_prime"]]),
    }


def _rnn(layer: RNN, number: int, direction: Direction) -> dict[str, Tensor]:
    """W (H, I), R (H, H), B (2H)."""
    views = {name: view.detach().float() for name, view in layer.views(number, direction).items()}
    return {"W": views["U"], "R": views["W"], "B": torch.cat([views["b"], torch.zeros_like(views["b"])])}
