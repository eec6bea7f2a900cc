"""What can go wrong with a network, in words: what, where, what was got, the remedy.

PeepholeError
├── NetworkInputError      an input, a state or lengths that the layer cannot take; raised before any work
├── NetworkSettingError    a layer or a helper is given a setting that it may not have
├── ConversionError        the model has no counterpart on the other side (mainstream layers, ONNX)
├── DivergedError          the loss or the gradient is no longer a number
└── SecondDerivativeError  a derivative of a hand-derived backward pass was asked for
"""

from __future__ import annotations

from peephole.core.errors import PeepholeError, SettingError


class NetworkInputError(PeepholeError, ValueError):
    """A layer was given an input, a state or lengths that it cannot take."""

    id = "network-input"


class NetworkSettingError(SettingError):
    """A layer or a training helper was given a setting that it may not have."""

    id = "network-setting"


class ConversionError(PeepholeError, ValueError):
    """A model cannot be written in another form, or read from it, without becoming another model."""

    id = "conversion"


class DivergedError(PeepholeError, ArithmeticError):
    """The loss or the gradient is no longer a number."""

    id = "diverged"


class SecondDerivativeError(PeepholeError, RuntimeError):
    """A derivative of a gradient was asked for, where the backward pass is hand-derived and not recorded."""

    id = "second-derivative"
