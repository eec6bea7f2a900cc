"""Who takes part: each contestant offers one training step and one inference pass over the same batch."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from benchmarks.recurrent_floor import Floor
from peephole.neural import LSTM

PEEPHOLE, MAINSTREAM, FLOOR = "Peephole LSTM", "torch.nn.LSTM", "floor"
NAIVE, KERAS = "Python loop + autograd", "Keras 3 LSTM (torch)"
FILLED = 2 / 3
SLOW_PACKED = 512  # units from which on a packed step of torch.nn.LSTM takes seconds


class Size(NamedTuple):
    """B sequences of T steps with I features, H units."""

    B: int
    T: int
    I: int  # noqa: E741 - the paper's letter
    H: int

    def __str__(self) -> str:
        return f"({self.B}, {self.T}, {self.I}, {self.H})"


SIZES = (
    Size(1, 100, 32, 64),
    Size(32, 100, 64, 128),
    Size(32, 100, 128, 256),
    Size(64, 200, 128, 512),
    Size(128, 50, 256, 1024),
)


class Contestant(NamedTuple):
    """train: forward and backward, with the gradients of the input and of all parameters.  infer: forward alone."""

    name: str
    train: Callable[[], object]
    infer: Callable[[], object]
    slow: bool = False


class PythonLoop(nn.Module):
    """A peephole LSTM as one would write it down: a cell called in a loop, gradients by torch."""

    def __init__(self, features: int, H: int) -> None:
        super().__init__()
        self.of_x, self.of_y = nn.Linear(features, 4 * H), nn.Linear(H, 4 * H, bias=False)
        self.p = nn.Parameter(torch.rand(3, H) * 0.1)

    def forward(self, x: Tensor) -> tuple[Tensor, None]:
        """x: (T, B, I). Returns y (T, B, H)."""
        y = c = x.new_zeros(x.shape[1], self.p.shape[1])
        outputs = []
        for x_t in x.unbind(0):
            z, i, f, o = (self.of_x(x_t) + self.of_y(y)).chunk(4, dim=-1)
            c_new = torch.tanh(z) * torch.sigmoid(i + self.p[0] * c) + c * torch.sigmoid(f + self.p[1] * c)
            y = torch.sigmoid(o + self.p[2] * c_new) * torch.tanh(c_new)
            c = c_new
            outputs.append(y)
        return torch.stack(outputs), None


def padded(size: Size, *, peers: bool = True) -> list[Contestant]:
    """The contestants on sequences of one length."""
    B, T, features, H = size
    x, gradient = torch.randn(T, B, features), torch.randn(T, B, H)
    found = [
        _module(PEEPHOLE, LSTM(features, H), x, gradient),
        _module(MAINSTREAM, nn.LSTM(features, H), x, gradient),
        _floor(size),
    ]
    if peers:
        found.append(_module(NAIVE, PythonLoop(features, H), x, gradient, slow=True))
        keras = _keras_lstm(H)
        if keras is not None:
            found.append(_module(KERAS, keras, x.transpose(0, 1).contiguous(), gradient.transpose(0, 1), slow=True))
    return found


def packed(size: Size) -> list[Contestant]:
    """The contestants on a packed batch whose lengths run evenly from T down to T/3: two thirds filled."""
    B, T, features, H = size
    lengths = torch.linspace(T, T * (2 * FILLED - 1), B).round().long()
    x = torch.randn(T, B, features)

    def contestant(name: str, module: nn.Module, *, slow: bool = False) -> Contestant:
        def step() -> None:
            sequence = pack_padded_sequence(x.requires_grad_(), lengths)
            _backward(module, x, module(sequence)[0].data, gradient)

        def infer() -> None:
            with torch.no_grad():
                module(pack_padded_sequence(x, lengths))

        return Contestant(name, step, infer, slow)

    gradient = torch.randn(int(lengths.sum()), H)
    return [
        contestant(PEEPHOLE, LSTM(features, H)),
        contestant(MAINSTREAM, nn.LSTM(features, H), slow=H >= SLOW_PACKED),
    ]


def why_no_keras() -> str | None:
    """Why Keras does not take part, or None where it does."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    try:
        import keras
    except ImportError:
        return "Keras is not installed (`pip install keras`)"
    return None if keras.backend.backend() == "torch" else "Keras runs on another backend than torch"


def _keras_lstm(H: int) -> Any | None:
    if why_no_keras() is not None:
        return None
    import keras

    layer = keras.layers.LSTM(H, return_sequences=True)
    return lambda x: (layer(x), None)


def _module(name: str, module: Any, x: Tensor, gradient: Tensor, *, slow: bool = False) -> Contestant:
    x = x.clone()

    def train() -> None:
        _backward(module, x, module(x.requires_grad_())[0], gradient)

    def infer() -> None:
        with torch.no_grad():
            module(x)

    return Contestant(name, train, infer, slow)


def _backward(module: Any, x: Tensor, y: Tensor, gradient: Tensor) -> None:
    y.backward(gradient)
    x.grad = None
    for parameter in module.parameters() if isinstance(module, nn.Module) else ():
        parameter.grad = None


def _floor(size: Size) -> Contestant:
    floor = Floor(*size)
    return Contestant(FLOOR, floor.train, floor.forward)
