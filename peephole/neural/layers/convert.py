"""Weights to and from the mainstream layers, where the model is the same: LSTM variant NP, RNN (tanh, relu), GRU.

There W and R are `weight_ih`, `weight_hh`, the LSTM's gates stand in the order in, for, z, out, and two bias vectors add
up. Written there, b goes into `bias_ih` and `bias_hh` is zero (but for the GRU's b'_n, which only `bias_hh` holds).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from peephole.neural.errors import ConversionError
from peephole.neural.layers.gru import GRU
from peephole.neural.layers.lstm import LSTM
from peephole.neural.layers.recurrent import Recurrent, suffix
from peephole.neural.layers.rnn import RNN

# blocks in the mainstream order, as positions in ours; each pair is its own inverse permutation's source
_ORDER = {"lstm": ("in", "for", "z", "out"), "gru": ("r", "u", "n")}
_OURS = {"lstm": ("z", "in", "for", "out"), "gru": ("r", "u", "n")}


def to_torch(layer: Recurrent) -> nn.RNNBase:
    """The same layer as `torch.nn.LSTM`, `torch.nn.RNN` or `torch.nn.GRU`: weights copied, on the same device and dtype.

    Raises ConversionError where there is none (peepholes, other variants, the logistic RNN).
    """
    _check_has_counterpart(layer)
    like = next(layer.parameters())
    settings: dict[str, Any] = {
        "num_layers": layer.num_layers,
        "bias": layer.bias,
        "batch_first": layer.batch_first,
        "dropout": layer.dropout,
        "bidirectional": layer.bidirectional,
        "device": like.device,
        "dtype": like.dtype,
    }
    made: nn.RNNBase
    if isinstance(layer, RNN):
        made = nn.RNN(layer.input_size, layer.hidden_size, nonlinearity=layer.nonlinearity, **settings)
    else:
        made = {"lstm": nn.LSTM, "gru": nn.GRU}[layer.spec.kind](layer.input_size, layer.hidden_size, **settings)
    made.load_state_dict(torch_state(layer))
    return made.train(layer.training)


def from_torch(layer: nn.RNNBase) -> Recurrent:
    """The same layer as LSTM (variant NP), RNN or GRU of this package: weights copied, on the same device and dtype.

    Raises ConversionError for an LSTM with projections.
    """
    if getattr(layer, "proj_size", 0):
        raise ConversionError(
            f"torch.nn.LSTM with proj_size={layer.proj_size} has no counterpart here.",
            remedy="Convert a layer without projections (proj_size=0).",
        )
    like = next(layer.parameters())
    settings: dict[str, Any] = {
        "num_layers": layer.num_layers,
        "bias": layer.bias,
        "batch_first": layer.batch_first,
        "dropout": layer.dropout,
        "bidirectional": layer.bidirectional,
        "device": like.device,
        "dtype": like.dtype,
    }
    made: Recurrent
    if isinstance(layer, nn.LSTM):
        made = LSTM(layer.input_size, layer.hidden_size, variant="NP", **settings)
    elif isinstance(layer, nn.GRU):
        made = GRU(layer.input_size, layer.hidden_size, **settings)
    elif isinstance(layer, nn.RNN):
        made = RNN(layer.input_size, layer.hidden_size, nonlinearity=layer.nonlinearity, **settings)
    else:
        raise ConversionError(
            f"{type(layer).__name__} has no counterpart here.",
            remedy="Convert torch.nn.LSTM, torch.nn.RNN or torch.nn.GRU.",
        )
    made.load_state_dict(state_from_torch(made, layer.state_dict()))
    return made.train(layer.training)


def torch_state(layer: Recurrent) -> dict[str, Tensor]:
    """The layer's state dict in the mainstream layer's names, order and shapes. Raises ConversionError."""
    _check_has_counterpart(layer)
    state = {}
    for place in layer.places():
        end = suffix(*place)
        for name, value in _to_mainstream(layer, layer.stored(*place)).items():
            state[name + end] = value.detach().clone()
    return state


def state_from_torch(layer: Recurrent, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A mainstream layer's state dict as this layer's, ready for `load_state_dict`.

    layer: gives kind, sizes and directions.  Raises ConversionError where the model is another or an entry is missing.
    """
    _check_has_counterpart(layer)
    own = layer.state_dict()
    found = {}
    for place in layer.places():
        end = suffix(*place)
        for name, value in _from_mainstream(layer, state, end).items():
            target = own[name + end]
            if value.shape != target.shape:
                raise ConversionError(
                    f"{name}{end} should have the shape {tuple(target.shape)}, the state dict gives {tuple(value.shape)}.",
                    remedy="Build the layer with the sizes of the one the weights come from.",
                )
            found[name + end] = value
    return found


def _to_mainstream(layer: Recurrent, stored: Mapping[str, Tensor | None]) -> dict[str, Tensor]:
    inward, recurrent, bias = _letters(layer)
    W, R, b = stored[inward], stored[recurrent], stored[bias]
    if W is None or R is None:
        raise ConversionError("The layer has lost its weights.", remedy="Build it anew.")
    state = {"weight_ih": _reordered(layer, W, out=True), "weight_hh": _reordered(layer, R, out=True)}
    if b is not None:
        H = layer.hidden_size
        inside, apart = (b[: 3 * H], b[3 * H :]) if isinstance(layer, GRU) else (b, b[:0])
        state["bias_ih"] = _reordered(layer, inside, out=True)
        state["bias_hh"] = torch.zeros_like(state["bias_ih"])
        state["bias_hh"][len(inside) - len(apart) :] = apart
    return state


def _from_mainstream(layer: Recurrent, state: Mapping[str, Tensor], end: str) -> dict[str, Tensor]:
    inward, recurrent, bias = _letters(layer)
    wanted = ["weight_ih", "weight_hh"] + (["bias_ih", "bias_hh"] if layer.bias else [])
    missing = [name + end for name in wanted if name + end not in state]
    if missing:
        raise ConversionError(
            f"The state dict has no entry {missing[0]}.",
            remedy="Give the state dict of a layer with the same layers, directions and biases.",
        )
    parts = {name: state[name + end].detach().clone() for name in wanted}
    found = {
        inward: _reordered(layer, parts["weight_ih"], out=False),
        recurrent: _reordered(layer, parts["weight_hh"], out=False),
    }
    if layer.bias:
        H, b_in, b_rec = layer.hidden_size, parts["bias_ih"], parts["bias_hh"]
        if isinstance(layer, GRU):  # b'_n stands inside the product with r and cannot be added up
            found[bias] = torch.cat([b_in[: 2 * H] + b_rec[: 2 * H], b_in[2 * H :], b_rec[2 * H :]])
        else:
            found[bias] = _reordered(layer, b_in + b_rec, out=False)
    return found


def _letters(layer: Recurrent) -> tuple[str, str, str]:
    """The names of what multiplies x, of what multiplies the state, and of the bias."""
    return ("U", "W", "b") if isinstance(layer, RNN) else ("W", "R", "b")


def _reordered(layer: Recurrent, stacked: Tensor, *, out: bool) -> Tensor:
    """The blocks of a stacked tensor from our order into theirs (`out`) or back."""
    kind = layer.spec.kind
    if kind == "rnn":
        return stacked
    source, target = (_OURS[kind], _ORDER[kind]) if out else (_ORDER[kind], _OURS[kind])
    blocks = dict(zip(source, stacked.chunk(len(source)), strict=True))
    return torch.cat([blocks[name] for name in target])


def _check_has_counterpart(layer: Recurrent) -> None:
    kind, variant = layer.spec.kind, layer.spec.variant
    if kind == "lstm" and variant != "NP":
        raise ConversionError(
            f"The LSTM variant {variant} has no mainstream counterpart: torch.nn.LSTM has no peepholes and one form only.",
            remedy='Only variant="NP" converts; for the others keep this layer, or export it to ONNX.',
        )
    if kind == "rnn" and variant not in ("tanh", "relu"):
        raise ConversionError(
            f"An RNN with nonlinearity {variant} has no mainstream counterpart.",
            remedy="torch.nn.RNN knows tanh and relu.",
        )
